"""The shape of a note."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    StringField,
    TextAreaField,
)
from wtforms.validators import Length


class NoteForm(FlaskForm):
    """What a table asks to be kept."""

    label = StringField(_l("Table"), [Length(max=40)])
    text = TextAreaField(_l("What the table asks to be kept"), [Length(max=8000)])
