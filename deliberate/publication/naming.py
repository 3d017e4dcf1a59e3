"""What pages of charters call things: clauses, kinds, addressees, votes, formats. Filters of their templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, ngettext

from charters import FORMATS, Change
from charters.comparing.readable import paragraphs, sides
from charters.labels import COMMITTED, NAMES, label, spoken
from charters.model import Clause
from charters.tracing.history import Origin
from charters.tracing.history import Passage as Words
from charters.tracing.life import Moment
from deliberate.core.errors import N_
from deliberate.core.i18n import LANGUAGE_NAMES, best_language, language, localized_text, sentence
from deliberate.deliberation.ballots.models import Ballot
from deliberate.publication import reading
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import whole_address
from deliberate.publication.front import language_name
from deliberate.publication.instruments import Instrument

STATUS_NAMES = {
    "inserted": N_("new"),
    "struck": N_("struck out"),
    "split": N_("split"),
    "joined": N_("joined"),
    "changed": N_("changed"),
    "moved": N_("moved"),
    "unchanged": N_("unchanged"),
    "stale": N_("translation to be confirmed"),
    "confirmed": N_("translation confirmed"),
}
FIELD_NAMES = {
    "kind": N_("its kind"),
    "commits": N_("whom it commits"),
    "references": N_("what it leans on"),
    "note": N_("its note"),
}
FORMAT_NAMES = {
    "pdf": N_("to print (PDF)"),
    "html": N_("a page that stands alone (HTML)"),
    "docx": N_("to annotate in a word processor (DOCX)"),
    "md": N_("plain text with marks (Markdown)"),
    "json": N_("what the control codes are computed on (JSON)"),
    "akn": N_("for libraries of law (Akoma Ntoso)"),
    "jsonld": N_("for the web of data (JSON-LD)"),
}
UNNAMED = ("paragraph", "point")
CITED = {"fr": {"ETS": "STE", "SDG": "ODD"}}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def formats_in_words() -> dict[str, str]:
    """Every format of the document engine with what it is for; those for people come first."""
    known = [name for name in FORMAT_NAMES if name in FORMATS]
    return {
        name: gettext(FORMAT_NAMES[name]) if name in FORMAT_NAMES else name.upper()
        for name in dict.fromkeys((*known, *FORMATS))
    }


@blueprint.app_template_filter("shown_language")
def shown_language(texts: Mapping[str, str]) -> str:
    """The language in which a text is shown to this reader."""
    return best_language(texts) or language()


@blueprint.app_template_filter("language_name")
def language_said(code: str) -> str:
    """A language in its own words."""
    return LANGUAGE_NAMES.get(code) or language_name(code)


@blueprint.app_template_filter("addressee")
def addressee(name: str) -> str:
    """Whom a clause commits, in words."""
    return str(COMMITTED[spoken(language())][name])


@blueprint.app_template_filter("sources_counted")
def sources_counted(roots: reading.Roots) -> str:
    """« 31 contributions, 2 expériences »."""
    said = []
    if count := len(roots.contributions):
        said.append(ngettext("%(num)s contribution", "%(num)s contributions", count))
    if count := len(roots.lessons):
        said.append(ngettext("%(num)s experience", "%(num)s experiences", count))
    return ", ".join(said)


@blueprint.app_template_filter("field_name")
def field_name(name: str) -> str:
    """What else changed in a clause, in words."""
    return str(gettext(FIELD_NAMES.get(name, name)))


@blueprint.app_template_filter("clause_name")
def clause_name(passage: reading.Passage) -> str:
    """« Article 3 — Le temps des territoires »; nothing for a paragraph or a point without a heading."""
    heading = localized_text(passage.clause.heading)
    if passage.clause.kind in UNNAMED:
        return heading
    name = label(passage.clause.kind, passage.number, language())
    return f"{name} — {heading}" if heading else name


@blueprint.app_template_filter("passage_name")
def passage_name(passage: reading.Passage) -> str:
    """The name of a clause where it stands apart from its neighbours: « Article 1, point 2 » when it has no heading."""
    heading = localized_text(passage.clause.heading)
    return f"{kind_and_number(passage)} — {heading}" if heading else kind_and_number(passage)


@blueprint.app_template_filter("kind_and_number")
def kind_and_number(passage: reading.Passage) -> str:
    """« Article 3 », « Article 3, point 1 »: a clause by its place, without its heading."""
    name = label(passage.clause.kind, passage.number, language())
    if passage.clause.kind in UNNAMED and passage.above is not None:
        return f"{kind_and_number(passage.above)}, {name[:1].lower()}{name[1:]}"
    return name


@blueprint.app_template_filter("origin_letters")
def origin_letters(runs: Sequence[Words]) -> dict[Origin, str]:
    """A letter for each origin of the words of a passage, in the order they are met."""
    met = dict.fromkeys(run.origin for run in runs if run.text.strip())
    return {origin: LETTERS[rank % 26] * (1 + rank // 26) for rank, origin in enumerate(met)}


@blueprint.app_template_filter("kind_name")
def kind_name(clause: Clause) -> str:
    """What kind of clause this is, in words."""
    return str(NAMES[spoken(language())][clause.kind])


@blueprint.app_template_filter("status_name")
def status_name(change: Change | Moment) -> str:
    """What became of a clause between two versions, in words: « modifié, déplacé »."""
    doubt = change.doubt if isinstance(change, Change) and change.status == "unchanged" else ""
    status = doubt or change.status
    said = [gettext(STATUS_NAMES[status])]
    if change.moved and status != "moved":
        said.append(gettext(STATUS_NAMES["moved"]))
    return ", ".join(said)


@blueprint.app_template_filter("heading_differs")
def heading_differs(change: Change) -> bool:
    """Whether the heading of a clause is not what it was in this language."""
    return any(kind != "equal" for kind, _text in change.heading)


@blueprint.app_template_filter("field_value")
def field_value(clause: Clause, name: str) -> str:
    """What a clause says in a field that is not prose, in words."""
    if name == "kind":
        return kind_name(clause)
    if name == "commits":
        return ", ".join(map(addressee, clause.commits)) or gettext("nobody by name")
    return " · ".join(getattr(clause, name)) or gettext("nothing")


@blueprint.app_template_filter("vote_in_words")
def vote_in_words(ballot: Ballot) -> str:
    """« 18 pour sur 22 ; il en fallait 17 »."""
    said: list[Any] = (ballot.outcome or {}).get("reading") or []
    return str(sentence(*said[0])) if said else ""


def changes_counted(counts: Mapping[str, int]) -> list[str]:
    """« modifiés : 3 », one for each way in which clauses differ, in the order of STATUS_NAMES."""
    return [
        gettext("%(what)s: %(count)s", what=gettext(STATUS_NAMES[status]), count=counts[status])
        for status in STATUS_NAMES
        if counts.get(status)
    ]


@blueprint.app_template_filter("cited")
def cited(instrument: Instrument) -> str:
    """An instrument by its code, as it is cited in the reader's language: « ODD 8.5 », « STE 163 »."""
    english, sep, number = instrument.code.partition(" ")
    return f"{CITED.get(language(), {}).get(english, english)}{sep}{number}"


blueprint.add_app_template_filter(reading.roots, "roots")
blueprint.add_app_template_filter(sides)
blueprint.add_app_template_filter(changes_counted)
blueprint.add_app_template_filter(paragraphs)
blueprint.add_app_template_filter(whole_address, "whole_address")
