"""How a process says its rules to a reader: filters of its templates."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from flask import Flask
from flask_babel import gettext

from deliberate.core.errors import N_
from deliberate.core.i18n import localdate, sentence
from deliberate.process.forms import leaves
from deliberate.process.rules import OBJECTIVE_WORDS, ROLE_NAMES, SITUATION_NAMES
from deliberate.process.work import work

RULE_NAMES = {
    "amendment": N_("An amendment"),
    "conflict": N_("A choice between texts that exclude each other"),
    "version": N_("A new version of a charter"),
}
FOR_A_SHARE = {
    ("yes-no", "cast"): N_("adopted if at least %(votes)s votes in %(of)s are in favour"),
    ("yes-no", "present"): N_("adopted if at least %(votes)s people in %(of)s present vote in favour"),
    ("yes-no", "seated"): N_(
        "adopted if at least %(votes)s members in %(of)s vote in favour, present or not"
    ),
    ("approval", "cast"): N_(
        "chosen if it is the most approved, on at least %(votes)s of every %(of)s papers"
    ),
    ("approval", "present"): N_(
        "chosen if it is the most approved, by at least %(votes)s people in %(of)s present"
    ),
    ("approval", "seated"): N_("chosen if it is the most approved, by at least %(votes)s members in %(of)s"),
}
QUORUM = N_("at least %(votes)s members in %(of)s must be present")
SECRECY = {"open": N_("by a public vote"), "secret": N_("by a secret vote on paper")}


def init_app(app: Flask) -> None:
    """Register the filters, and where people find their work."""
    app.jinja_env.globals.update(work=work)
    app.jinja_env.filters.update(
        role_name=role_name,
        situation_name=situation_name,
        rule_name=rule_name,
        rule_in_words=rule_in_words,
        objective_in_words=objective_in_words,
        isodate=lambda day: localdate(date.fromisoformat(day)),
        leaf_errors=lambda form: [field for field in leaves(form) if field.errors],
    )


def role_name(role: str) -> str:
    """A role as the reader calls it."""
    return str(gettext(ROLE_NAMES.get(role, role)))


def situation_name(situation: str) -> str:
    """Where a process stands, in words."""
    return str(gettext(SITUATION_NAMES[situation]))


def rule_name(name: str) -> str:
    """What a rule decides."""
    return str(gettext(RULE_NAMES.get(name, name)))


def objective_in_words(objective: str) -> str:
    """What a draw does with unequal chances; a name that is not known stands as it is."""
    return sentence(OBJECTIVE_WORDS[objective]) if objective in OBJECTIVE_WORDS else objective


def rule_in_words(rule: Mapping[str, Any]) -> str:
    """« adopté si au moins 3 personnes présentes sur 4 votent pour, … »: share, quorum, secrecy."""
    threshold, quorum = Fraction(str(rule["threshold"])), Fraction(str(rule.get("quorum") or 0))
    share, secrecy = FOR_A_SHARE[rule["method"], rule["denominator"]], SECRECY[rule["secrecy"]]
    said = [gettext(share, votes=threshold.numerator, of=threshold.denominator)]
    if quorum:
        said.append(gettext(QUORUM, votes=quorum.numerator, of=quorum.denominator))
    said.append(gettext(secrecy))
    return ", ".join(said)
