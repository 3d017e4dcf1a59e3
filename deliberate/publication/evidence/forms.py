"""What a person types to attach an experience to a passage, or to decide on one that waits."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from deliberate.publication.evidence.rules import LONGEST


class EvidenceForm(FlaskForm):
    """An experience, and why it bears on the passage."""

    lesson = RadioField(
        _l("Which experience"), [InputRequired(_l("Choose an experience."))], validate_choice=False
    )
    why = TextAreaField(
        _l("Why it bears on this passage"),
        [InputRequired(_l("Say in a sentence why it bears on this passage.")), Length(max=LONGEST)],
    )
    website = StringField(_l("Leave this empty"), [Length(max=200)])


class DecisionForm(FlaskForm):
    """What a moderator decides on new evidence."""

    decision = HiddenField()
    reason = StringField(_l("Reason, which everyone will read"), [Length(max=300)])
