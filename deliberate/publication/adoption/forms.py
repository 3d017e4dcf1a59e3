"""What is typed for a territory: who it is, what it decides and why, what is wrong with an entry."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from deliberate.core.fields import choices
from deliberate.publication.adoption.rules import KINDS, LONGEST_NAME, LONGEST_REASON

WRONG_ADDRESS = _l("This does not look like an e-mail address: name@example.org")


class TerritoryForm(FlaskForm):
    """A territory, and how its delegate is reached."""

    territory = StringField(
        _l("Name of the territory or organisation"),
        [DataRequired(_l("Name the territory.")), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "organization"},
    )
    kind = SelectField(_l("What it is"))
    contact = EmailField(
        _l("E-mail address of whoever writes for it"),
        [InputRequired(_l("Write your address.")), Length(max=254), Email(WRONG_ADDRESS)],
        render_kw={"autocomplete": "email"},
    )
    wants_mail = BooleanField(_l("Write to this address when a new version is published"), default=True)
    website = StringField(_l("Leave this empty"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kind.choices = choices((kind, lazy_gettext(said)) for kind, said in KINDS.items())

    def validate_website(self, field: StringField) -> None:
        """Refuse what filled the hidden field."""
        if field.data:
            raise ValidationError(gettext("Leave this field empty: it is there to keep machines out."))


class EnteredForm(TerritoryForm):
    """The same, entered by an organiser, who may know no address."""

    contact = EmailField(
        _l("E-mail address of whoever writes for it"), [Optional(), Length(max=254), Email(WRONG_ADDRESS)]
    )


class DecisionForm(FlaskForm):
    """What a territory decides. `after`: the last decision that the page showed."""

    decision = RadioField(_l("What the territory decides"), [InputRequired(_l("Choose one."))])
    scope = RadioField(_l("What it adopts"), [Optional()], default="whole")
    clauses = SelectMultipleField(
        _l("Which passages"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    reason = TextAreaField(
        _l("Why"),
        [DataRequired(_l("Say why: everyone will read it.")), Length(max=LONGEST_REASON)],
    )
    after = HiddenField()


class ContestForm(FlaskForm):
    """What is wrong with an entry."""

    text = TextAreaField(
        _l("What is wrong, and why"),
        [DataRequired(_l("Say what is wrong, and why.")), Length(max=LONGEST_REASON)],
    )
    contact = EmailField(
        _l("E-mail address for the answer"), [Optional(), Length(max=254), Email(WRONG_ADDRESS)]
    )
    website = StringField(_l("Leave this empty"))

    def validate_website(self, field: StringField) -> None:
        """Refuse what filled the hidden field."""
        if field.data:
            raise ValidationError(gettext("Leave this field empty: it is there to keep machines out."))
