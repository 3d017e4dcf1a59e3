"""The blueprint that every page of drafting hangs on, and what its pages share."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flask import Blueprint
from flask_babel import get_locale, gettext

from charters.comparing.changes import Change, changes
from charters.comparing.readable import Segment, segments
from charters.labels import COMMITTED, NAMES, heading_line, numbers, spoken
from charters.model import Charter as Document
from charters.model import Clause, Inclusion
from deliberate.core.database import db
from deliberate.core.i18n import best_language
from deliberate.drafting import queries
from deliberate.drafting.editing import neighbours
from deliberate.drafting.models import Charter
from deliberate.drafting.rules import STATE_NAMES, STATE_TAGS, document
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process

blueprint = Blueprint("drafting", __name__)


@dataclass(frozen=True)
class Shown:
    """The changes of a text in one language, clauses that stay as they are left out.

    `labels` names every clause; `title` and `preamble` are those of the charter, where they change; `around` holds the clauses read before and after each changed one, where it is wanted.
    """

    language: str
    changes: list[Change]
    labels: dict[str, str]
    title: tuple[Segment, ...] = ()
    preamble: Inclusion | None = None
    around: dict[str, tuple[Clause | None, Clause | None]] = field(default_factory=dict)


@blueprint.app_template_filter("amendment_state")
def amendment_state(state: str) -> str:
    """Where an amendment stands, in words."""
    return str(gettext(STATE_NAMES[state]))


@blueprint.app_template_filter("state_tag")
def state_tag(state: str) -> str:
    """The tag that goes with it."""
    return STATE_TAGS.get(state, "")


@blueprint.app_template_global("kind_name")
def kind_name(kind: str) -> str:
    """ "Recommendation": a kind of clause in the reader's language."""
    return NAMES[spoken(str(get_locale().language))][kind]


@blueprint.app_template_global("addressee_names")
def addressee_names(names: Iterable[str]) -> str:
    """ "public authorities, citizens": those whom a clause commits, in the reader's language."""
    said = COMMITTED[spoken(str(get_locale().language))]
    return ", ".join(said[name] for name in names)


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
    labels = {one.id: label for text in (old, new) for one, label, _depth in outline(text)}
    for lang in readers_first([*old.languages, *new.languages]):
        found = [_short(one) for one in changes(old, new, lang) if not one.untouched]
        if shown:
            found = [one for one in found if one.doubt or _says_more(*one.heading, *one.text, *one.note)]
        title = tuple(segments(old.title.get(lang, ""), new.title.get(lang, "")))
        title = title if _says_more(*title) else ()
        preamble = new.preamble if new.preamble != old.preamble and not shown else None
        if found or title or preamble:
            shown.append(Shown(lang, found, labels, title, preamble))
    return sorted(shown, key=lambda part: not any(one.heading or one.text for one in part.changes))


def _short(one: Change) -> Change:
    """Words that stay are left out where another language changed and this one is only to be checked, or confirmed."""
    if one.moved or one.others or one.fields or _says_more(*one.heading, *one.text, *one.note):
        return one
    return replace(one, heading=(), text=(), note=()) if one.doubt else one


def _says_more(*pieces: Segment) -> bool:
    return any(kind != "equal" for kind, _words in pieces)


def in_place(old: Document, new: Document) -> list[Shown]:
    """What changes, each clause between those that stand before and after it."""
    places = {one.id for one, _parent, _depth in new.walk()}
    return [
        replace(
            part,
            around={
                one.clause: neighbours(new if one.clause in places else old, one.clause)
                for one in part.changes
            },
        )
        for part in shown_changes(old, new)
    ]


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
