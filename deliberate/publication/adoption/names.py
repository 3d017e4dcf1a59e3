"""What pages of the register call things. Filters of their templates."""

from collections.abc import Collection

from flask_babel import gettext

from deliberate.core.i18n import localized_text
from deliberate.drafting.models import Charter
from deliberate.publication import naming, reading
from deliberate.publication.adoption.rules import DECISIONS
from deliberate.publication.blueprint import blueprint


@blueprint.app_template_filter("passages_adopted")
def passages_adopted(charter: Charter, number: int, clauses: Collection[str]) -> list[reading.Passage]:
    """These clauses of a version, in reading order."""
    version = next(one for one in charter.versions if one.number == number)
    return [one for one in reading.passages(reading.as_stored(version)) if one.clause.id in clauses]


def decision_named(name: str) -> str:
    """A decision in one word."""
    return str(gettext(DECISIONS[name]))


def passage_said(passage: reading.Passage) -> str:
    """A passage to tick: its name and how it begins."""
    words = " ".join(localized_text(passage.clause.text).split())
    shown = words if len(words) <= 90 else words[:90].rsplit(" ", 1)[0] + "…"
    return f"{naming.passage_name(passage)} — {shown}" if shown else naming.passage_name(passage)
