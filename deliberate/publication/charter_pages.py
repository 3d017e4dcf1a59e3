"""Pages of charters: the list, the version in force, a version for good, its history, comparisons, a clause's life."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from charters.labels import COMMITTED, NAMES, label, spoken
from charters.model import Clause
from deliberate.core import typed
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.i18n import best_language, language, localized_text, sentence
from deliberate.deliberation.models import Ballot
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import Charter, CharterVersion
from deliberate.inputs.queries import answers_for
from deliberate.process.current import allowed
from deliberate.process.models import Process
from deliberate.publication import documents, reading
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import lasting, process_at
from deliberate.publication.lineage import compared
from deliberate.publication.queries import last_publication
from deliberate.publication.remembering import remembered

Page = str | AnyResponse
STATUS_NAMES = {
    "inserted": N_("new"),
    "struck": N_("struck out"),
    "split": N_("split"),
    "joined": N_("joined"),
    "changed": N_("changed"),
    "moved": N_("moved"),
    "unchanged": N_("unchanged"),
}
VIEWS = ("unified", "side")
FIELD_NAMES = {
    "kind": N_("its kind"),
    "commits": N_("whom it commits"),
    "references": N_("what it leans on"),
    "note": N_("its note"),
}
FORMATS = {"pdf": "PDF", "html": "HTML", "md": "Markdown", "json": "JSON"}
UNNAMED = ("paragraph", "point")


@blueprint.get("/processes/<slug>/charters")
@remembered
def charters(slug: str) -> str:
    """The charters of a process, and where each stands."""
    process = process_at(slug)
    rows = reading.charter_rows(db.session(), process)
    return render_template(
        "publication/charters.html",
        process=process,
        rows=rows,
        may_create=allowed(process, "create", "charter"),
    )


@blueprint.get("/processes/<slug>/charters/<key>")
@remembered
def charter(slug: str, key: str) -> Page:
    """The version in force; with `?at=2026-06-01`, the one in force on that day."""
    process, charter = _charter(slug, key)
    day = _day(request.args.get("at", ""))
    version = reading.in_force(db.session(), charter, day)
    if version is None:
        return render_template("publication/unpublished.html", process=process, charter=charter, day=day)
    return _version_page(process, charter, version, day=day)


@blueprint.get("/processes/<slug>/charters/<key>/versions/<int:number>")
@remembered
def version(slug: str, key: str, number: int) -> Page:
    """A version at its own address, for good."""
    process, charter = _charter(slug, key)
    return _version_page(
        process, charter, reading.published_version(db.session(), charter, number), permanent=True
    )


def _version_page(process: Process, charter: Charter, version: CharterVersion, **more: Any) -> str:
    session = db.session()
    known = reading.stored(session, charter, version.number)
    return render_template(
        "publication/charter.html",
        process=process,
        charter=charter,
        version=version,
        document=known[-1].document,
        passages=reading.passages(known[-1]),
        lives=reading.lives(known),
        sources=reading.sources(session, process, charter),
        statements=reading.statements_by_clause(session, charter, version.number),
        ballot=reading.adopting_ballot(session, version),
        latest=reading.in_force(session, charter),
        preamble=_preamble(process, known[-1].document.preamble),
        published=last_publication(session, process),
        formats=FORMATS,
        **more,
    )


def _preamble(process: Process, inclusion: Any) -> tuple[CharterVersion, list[reading.Passage]] | None:
    """The common preamble at the version that a charter pinned, while it can be read."""
    if inclusion is None:
        return None
    try:
        common = drafting.charter(db.session(), process, inclusion.charter)
        pinned = reading.published_version(db.session(), common, inclusion.version)
    except NotFound:
        return None
    return pinned, reading.passages(reading.as_stored(pinned))


@blueprint.get("/processes/<slug>/charters/<key>/history")
@remembered
def history(slug: str, key: str) -> str:
    """Every published version: when, by which vote, what it changed."""
    process, charter = _charter(slug, key)
    session = db.session()
    known = reading.stored(session, charter)
    rows = []
    for position, version in enumerate(drafting.published_versions(session, charter)):
        changed = reading.counted(known[position - 1], known[position]) if position else {}
        rows.append((version, changed, reading.adopting_ballot(session, version)))
    rows.reverse()
    shown = [_in_timeline(process, *row, current=not position) for position, row in enumerate(rows)]
    return render_template(
        "publication/history.html", process=process, charter=charter, rows=rows, shown=shown
    )


def _in_timeline(
    process: Process, version: CharterVersion, changed: dict[str, int], ballot: Ballot | None, current: bool
) -> dict[str, Any]:
    """A version as the timeline shows it: what it changed, in words."""
    parts = [
        gettext("%(what)s: %(count)s", what=gettext(STATUS_NAMES[status]), count=count)
        for status, count in sorted(changed.items())
    ]
    first = gettext("first text") if version.number == 1 else ""
    return {
        "label": gettext("Version %(number)s", number=version.number),
        "date": version.adopted_at,
        "summary": " · ".join(filter(None, [first, *parts, vote_in_words(ballot) if ballot else ""])),
        "address": url_for(
            "publication.version", slug=process.slug, key=version.charter.key, number=version.number
        ),
        "current": current,
    }


@blueprint.get("/processes/<slug>/charters/<key>/compare")
@remembered
def compare(slug: str, key: str) -> Page:
    """Two versions of a charter, as one text or side by side."""
    process, charter = _charter(slug, key)
    session = db.session()
    numbers = [version.number for version in drafting.published_versions(session, charter)]
    if not numbers:
        return redirect(url_for("publication.charter", slug=slug, key=key))
    old = request.args.get("from", numbers[-2] if len(numbers) > 1 else numbers[0], type=typed.whole)
    new = request.args.get("to", numbers[-1], type=typed.whole)
    view = request.args.get("view") if request.args.get("view") in VIEWS else VIEWS[0]
    before, after = (
        reading.as_stored(reading.published_version(session, charter, number)) for number in (old, new)
    )
    shown = best_language(dict.fromkeys(after.document.languages, "x")) or language()
    found = compared(before, after, shown)
    return render_template(
        "publication/compare.html",
        process=process,
        charter=charter,
        numbers=numbers,
        old=old,
        new=new,
        view=view,
        changes=found,
        differing=[change for change in found if change.status != "unchanged" or change.moved],
        all_clauses="all" in request.args,
        shown=shown,
        status_names=STATUS_NAMES,
    )


@blueprint.get("/processes/<slug>/charters/<key>/clauses/<id>")
@remembered
def clause(slug: str, key: str, id: str) -> str:
    """The whole life of a clause: every wording, what changed it, whose words are behind it."""
    process, charter = _charter(slug, key)
    session = db.session()
    public = {version.number for version in drafting.published_versions(session, charter)}
    life = [
        moment for moment in drafting.clause_life(session, charter, id) if moment.version.number in public
    ]
    if not life:
        raise NotFound(N_("No published version of this charter has a clause at this address."))
    shown = _shown_language(life[-1].text or life[-1].heading)
    return render_template(
        "publication/clause.html",
        process=process,
        charter=charter,
        id=id,
        life=life[::-1],
        sources=reading.sources(session, process, charter),
        answers=[answer for answer in answers_for(session, process, key, id) if answer.contribution.text],
        status_names=STATUS_NAMES,
        shown=shown,
        words=reading.word_by_word(reading.stored(session, charter, max(public)), id, shown),
    )


@blueprint.app_template_filter("shown_language")
def _shown_language(texts: Mapping[str, str]) -> str:
    """The language in which a text is shown to this reader."""
    return best_language(texts) or language()


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


blueprint.add_app_template_filter(reading.roots, "roots")


@blueprint.app_template_filter("field_name")
def field_name(name: str) -> str:
    """What else changed in a clause, in words."""
    return str(gettext(FIELD_NAMES[name]))


@blueprint.get("/processes/<slug>/charters/<key>/versions/<int:number>.<any(json, html, pdf, md):format>")
@blueprint.get("/processes/<slug>/charters/<key>/versions/<int:number>.<lang>.<any(html, pdf, md):format>")
def version_file(slug: str, key: str, number: int, format: str, lang: str = "") -> Response:
    """A version as a file: JSON, or HTML, PDF and Markdown in one of its languages (`2.fr.pdf`)."""
    process, charter = _charter(slug, key)
    version = reading.published_version(db.session(), charter, number)
    written = documents.languages(version)
    if lang and lang not in written:
        raise NotFound(N_("This version is not written in that language."))
    chosen = lang or best_language(dict.fromkeys(written, "x")) or written[0]
    place = url_for("publication.version", slug=process.slug, key=charter.key, number=number)
    address = f"{current_app.config['SETTINGS'].base_url}{place}"
    made = documents.file_of(db.session(), version, format, chosen, address)
    response = Response(made, content_type=documents.media_type(format))
    if format in documents.ONE_FOR_ALL:
        return lasting(response, version.version_digest)
    beside = documents.tag(documents.minority(db.session(), version, chosen))
    response.set_etag(
        hashlib.sha256(f"{version.version_digest}{beside}{format}{chosen}".encode()).hexdigest()
    )
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    response.make_conditional(request)
    return response


def _charter(slug: str, key: str) -> tuple[Process, Charter]:
    process = process_at(slug)
    return process, drafting.charter(db.session(), process, key)


def _day(asked: str) -> date | None:
    if not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise Refusal(
            N_("“%(day)s” is not a date. Write year-month-day, such as 2026-06-14."), day=asked[:40]
        ) from None


@blueprint.app_template_filter("clause_name")
def clause_name(passage: reading.Passage) -> str:
    """« Article 3 — Le temps des territoires »; nothing for a paragraph or a point without a heading."""
    heading = localized_text(passage.clause.heading)
    if passage.clause.kind in UNNAMED:
        return heading
    name = label(passage.clause.kind, passage.number, language())
    return f"{name} — {heading}" if heading else name


@blueprint.app_template_filter("kind_name")
def kind_name(clause: Clause) -> str:
    """What kind of clause this is, in words."""
    return str(NAMES[spoken(language())][clause.kind])


@blueprint.app_template_filter("vote_in_words")
def vote_in_words(ballot: Ballot) -> str:
    """« 18 pour sur 22 ; il en fallait 17 »."""
    said: list[Any] = (ballot.outcome or {}).get("reading") or []
    return str(sentence(*said[0])) if said else ""
