"""The shape of what became of contributions."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from deliberate.core.fields import both, choices, texts
from deliberate.inputs import rules
from deliberate.inputs.answers.acts import REASON_LIMIT, Said
from deliberate.inputs.answers.clauses import Charter

SEPARATOR = "#"


class OutcomeForm(FlaskForm):
    """What became of contributions."""

    outcome = SelectField(
        _l("What became of them"),
        choices=choices([("", "–"), *((code, _l(name)) for code, name in rules.OUTCOME_NAMES.items())]),
    )
    clause = SelectField(_l("In which clause"), validate_choice=False)
    reason_fr = TextAreaField(_l("Why, in French"), [Length(max=REASON_LIMIT)])
    reason_en = TextAreaField(_l("Why, in English"), [Length(max=REASON_LIMIT)])

    def offer(self, charters: list[Charter]) -> "OutcomeForm":
        """Let the clauses of these charters be chosen, and the one chosen before even if it is there no more."""
        offered = [
            SelectChoice(_place(charter.key, clause), label, optgroup=charter.title)
            for charter in charters
            for clause, label in charter.clauses
        ]
        before = self.clause.data or ""
        gone = [] if before in ("", *(one.value for one in offered)) else [SelectChoice(before, before)]
        self.clause.choices = [SelectChoice("", "–"), *gone, *offered]
        return self

    def said(self) -> Said:
        """What was typed, as it is, whole or not."""
        charter, _, clause = (self.clause.data or "").partition(SEPARATOR)
        return Said(self.outcome.data or "", texts(self, "reason"), charter, clause)


def filled(said: Said | None) -> OutcomeForm:
    """The form with an answer that was given or prepared."""
    if said is None:
        return OutcomeForm(formdata=None)
    return OutcomeForm(
        formdata=None,
        outcome=said.outcome,
        clause=_place(said.charter, said.clause) if said.clause else "",
        **both("reason", said.reason),
    )


def _place(charter: str, clause: str) -> str:
    return f"{charter}{SEPARATOR}{clause}"
