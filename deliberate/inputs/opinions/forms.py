"""Shape of an export brought in."""

from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError


class Files:
    """Files must be sent, unless the page of the preview sends them back."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        if not form.held.data and not any(one and one.filename for one in field.data or []):
            raise ValidationError(gettext("Choose the files of the export first."))


class ConversationForm(FlaskForm):
    """The files of an export, and then, on the page that shows what is in them, the same files as `held`."""

    files = MultipleFileField(_l("The export: its ZIP, or the files in it"), [Files()])
    language = SelectField(_l("Language of its statements"))
    held = HiddenField()
