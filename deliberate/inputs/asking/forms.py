"""The shape of an open question."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length


class QuestionForm(FlaskForm):
    """An open question."""

    key = StringField(
        _l("Short name, for the address"), [InputRequired(_l("Give it a short name.")), Length(max=39)]
    )
    round = SelectField(_l("Round"), [InputRequired()])
    text_fr = TextAreaField(_l("The question, in French"), [Length(max=500)])
    text_en = TextAreaField(_l("The question, in English"), [Length(max=500)])
    variants = TextAreaField(_l("Other wordings, for other groups"))
    theme = SelectField(_l("Theme"))
