"""The shape of a line of synthesis."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length


class LineForm(FlaskForm):
    """A line of synthesis."""

    dimension = SelectField(_l("Place on the grid"), [InputRequired()])
    theme = SelectField(_l("Theme"))
    text_fr = TextAreaField(_l("The line, in French"), [Length(max=1000)])
    text_en = TextAreaField(_l("The line, in English"), [Length(max=1000)])
    dissent_fr = TextAreaField(_l("Who disagrees with this wording, and why, in French"), [Length(max=1000)])
    dissent_en = TextAreaField(_l("Who disagrees with this wording, and why, in English"), [Length(max=1000)])
