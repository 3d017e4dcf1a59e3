"""The blueprint that every page of drafting hangs on, and what its pages share."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint
from flask_babel import get_locale, gettext

from charters.changes import Change, changes
from charters.labels import heading_line, numbers
from charters.model import Charter as Document
from charters.model import Clause
from deliberate.core.database import db
from deliberate.core.i18n import best_language
from deliberate.drafting import queries
from deliberate.drafting.models import Charter
from deliberate.drafting.rules import STATE_NAMES, STATE_TAGS, document
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process

blueprint = Blueprint("drafting", __name__)


@dataclass(frozen=True)
class Shown:
    """The changes of a text in one language, clauses that stay as they are left out."""

    language: str
    changes: list[Change]


@blueprint.app_template_filter("amendment_state")
def amendment_state(state: str) -> str:
    """Where an amendment stands, in words."""
    return str(gettext(STATE_NAMES[state]))


@blueprint.app_template_filter("state_tag")
def state_tag(state: str) -> str:
    """The tag that goes with it."""
    return STATE_TAGS.get(state, "")


@blueprint.app_template_global("clause_label")
def clause_label(clause: Clause, number: str | None) -> str:
    """ "Article 3 — Time of one's own", in the reader's language where the heading has it."""
    lang = str(get_locale().language)
    if lang not in clause.heading and (other := best_language(clause.heading)):
        lang = other
    return heading_line(clause, number, lang)


def charter_here(slug: str, key: str) -> tuple[Process, Charter]:
    """A process and one of its charters being written, for those whom drafts are open to."""
    process = process_here(slug)
    require_here(process, "see", "amendment")
    return process, queries.charter(db.session(), process, key)


def shown_changes(old: Document, new: Document) -> list[Shown]:
    """What changes, per language; a change that is not of words is shown with the first language only."""
    shown: list[Shown] = []
    for lang in readers_first([*old.languages, *new.languages]):
        found = [one for one in changes(old, new, lang) if one.status != "unchanged" or one.moved]
        if shown:
            found = [one for one in found if any(kind != "equal" for kind, _ in (*one.heading, *one.text))]
        if found:
            shown.append(Shown(lang, found))
    return shown


def readers_first(languages: Iterable[str]) -> list[str]:
    """Languages, each once, the reader's own first."""
    mine = str(get_locale().language)
    return sorted(dict.fromkeys(languages), key=lambda lang: lang != mine)


def outline(text: Document) -> list[tuple[Clause, str, int]]:
    """Every clause with its label and depth, in reading order."""
    found = numbers(text)
    return [
        (clause, clause_label(clause, found.get(clause.id)), depth) for clause, _parent, depth in text.walk()
    ]


def latest_text(charter: Charter) -> Document:
    """The text that amendments are written on."""
    return document(charter.latest.content)
