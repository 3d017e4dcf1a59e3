"""Shapes of what moderators, authors and guarantors type."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from deliberate.core.fields import choices
from deliberate.inputs.moderating import rules


class DecisionForm(FlaskForm):
    """Why something is refused: a reason of the list, and words."""

    rule = SelectField(
        _l("Reason to refuse"),
        choices=choices([("", "–"), *((code, _l(name)) for code, name in rules.RULE_NAMES.items())]),
    )
    reason = TextAreaField(_l("In your own words"), [Length(max=rules.REASON_LIMIT)])


class AppealForm(FlaskForm):
    """What the author of something refused says to a guarantor."""

    reason = TextAreaField(
        _l("Why your words should be public"), [InputRequired(), Length(max=rules.REASON_LIMIT)]
    )


class AppealAnswerForm(FlaskForm):
    """What a guarantor answers; the button says which way."""

    answer = TextAreaField(_l("Your reason"), [Length(max=rules.REASON_LIMIT)])
