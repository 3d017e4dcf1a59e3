"""Shapes that several rooms share: what people say about themselves, and a file."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from deliberate.core.errors import N_, Refusal
from deliberate.core.fields import choices
from deliberate.inputs import rules

SHORT, LONG = 200, rules.TEXT_LIMIT


NOT_SAID = ("", _l("I would rather not say"))


class CategoriesForm(FlaskForm):
    """What a person may say about themselves: each of it optional, and only with consent."""

    age = SelectField(
        _l("Your age"),
        choices=choices([NOT_SAID, *((code, _l(name)) for code, name in rules.AGE_NAMES.items())]),
    )
    gender = SelectField(
        _l("You are"),
        choices=choices([NOT_SAID, *((code, _l(name)) for code, name in rules.GENDER_NAMES.items())]),
    )
    occupation = StringField(_l("What you do"), [Length(max=rules.CATEGORY_LIMIT)])
    territory = StringField(_l("Where you live"), [Length(max=rules.CATEGORY_LIMIT)])

    def categories(self) -> dict[str, str]:
        """What was said, by category."""
        return {name: self[name].data or "" for name in rules.CATEGORIES}


class ConsentForm(CategoriesForm):
    """What a person says about themselves and agrees to have counted."""

    consent = BooleanField(
        _l("I agree that what I say about myself is counted, in tables that point to nobody")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Nothing is recorded about a person without the box ticked."""
        sound = super().validate(extra_validators)
        if any(self.categories().values()) and not self.consent.data:
            self.consent.errors = [_l("Tick this box, or leave the lines about yourself empty.")]
            return False
        return bool(sound)


def refuse_program(form: FlaskForm) -> None:
    """Refuse a form whose field `website`, which people do not see, was filled in. Raises Refusal."""
    if form["website"].data:
        form["website"].data = ""
        raise Refusal(
            N_(
                "A field that people do not see was filled in, as programs do, so nothing was recorded. If you are a person, send it again."
            )
        )


class FileForm(FlaskForm):
    """Many lessons, or a grid: pasted, or as a file."""

    content = TextAreaField(_l("Paste it here"))
    file = FileField(_l("Or choose a file"))
