"""How a process says its rules to a reader: filters of its templates."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from flask import Flask
from flask_babel import gettext

from deliberate.core.errors import N_
from deliberate.core.i18n import localdate
from deliberate.process.forms import leaves
from deliberate.process.rules import ROLE_NAMES, SITUATION_NAMES

RULE_NAMES = {
    "amendment": N_("An amendment"),
    "version": N_("A version of a charter"),
    "conflict": N_("A choice between amendments that contradict each other"),
}
COUNTED = {
    "present": N_("members present"),
    "cast": N_("votes cast"),
    "seated": N_("members"),
}


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        role_name=role_name,
        situation_name=situation_name,
        rule_name=rule_name,
        rule_in_words=rule_in_words,
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


def rule_in_words(rule: Mapping[str, Any]) -> str:
    """« adopté si au moins 3 membres présents sur 4 votent pour ; … »."""
    share, quorum = Fraction(rule["threshold"]), Fraction(rule["quorum"])
    if rule["method"] == "approval":
        said = gettext("each member approves one or several texts; the most approved one is kept")
    else:
        said = gettext(
            "adopted if at least %(share)s out of %(whole)s %(counted)s vote in favour",
            share=share.numerator,
            whole=share.denominator,
            counted=gettext(COUNTED[rule["denominator"]]),
        )
    present = gettext(
        "at least %(share)s members out of %(whole)s are present",
        share=quorum.numerator,
        whole=quorum.denominator,
    )
    secret = gettext("secret vote") if rule["secrecy"] == "secret" else gettext("open vote")
    return str(gettext("; ").join((said, present, secret)))
