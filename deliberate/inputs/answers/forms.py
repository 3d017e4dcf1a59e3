"""The shape of what became of contributions."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from deliberate.core.fields import choices
from deliberate.inputs import rules


class OutcomeForm(FlaskForm):
    """What became of contributions."""

    outcome = SelectField(
        _l("What became of them"), choices=choices([("", "–"), *rules.OUTCOME_NAMES.items()])
    )
    charter = StringField(_l("Charter"), [Optional(), Length(max=60)])
    clause = StringField(_l("Clause"), [Optional(), Length(max=60)])
    reason_fr = TextAreaField(_l("Why, in French"), [Length(max=2000)])
    reason_en = TextAreaField(_l("Why, in English"), [Length(max=2000)])
