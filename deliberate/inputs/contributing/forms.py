"""What a person types to answer, and on the receipt."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from deliberate.inputs.forms import CategoriesForm


class AnswerForm(CategoriesForm):
    """An answer to an open question. `website` is hidden from people: only programs fill it in."""

    text = TextAreaField(_l("Your answer"), [InputRequired(_l("Write your answer first."))])
    language = SelectField(_l("Language of your answer"), [InputRequired()])
    theme = SelectField(_l("Theme"))
    consent = BooleanField(
        _l("I agree that what I say about myself is counted, in tables that point to nobody")
    )
    website = StringField(_l("Leave this field empty"))
    begun = HiddenField()
    variant = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """What a person says about themselves is recorded only with the box ticked."""
        sound = super().validate(extra_validators)
        if any(self.categories().values()) and not self.consent.data:
            self.consent.errors = [_l("Tick this box, or leave the lines about yourself empty.")]
            return False
        return bool(sound)


class CorrectionForm(FlaskForm):
    """A contribution, reworded by whoever holds its receipt."""

    text = TextAreaField(_l("Your answer"), [InputRequired(_l("Write your answer first."))])


class ContestForm(FlaskForm):
    """Why words stand on the wrong line."""

    reason = TextAreaField(_l("Why your words do not belong there"), [InputRequired(_l("Say why."))])
