"""Shape of an export brought in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, SelectField


class ConversationForm(FlaskForm):
    """The files of an export, and then, on the page that shows what is in them, the same files as `held`."""

    files = MultipleFileField(_l("The export: its ZIP, or the files in it"))
    language = SelectField(_l("Language of its statements"))
    held = HiddenField()
