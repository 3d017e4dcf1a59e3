"""Pages that follow a charter through its versions: its history, and any two versions compared."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from charters import segments
from deliberate.core import typed
from deliberate.core.database import db
from deliberate.core.i18n import best_language, language
from deliberate.drafting import queries as drafting
from deliberate.process.models import Process
from deliberate.publication import naming, reading
from deliberate.publication.blueprint import blueprint
from deliberate.publication.comparisons import comparison
from deliberate.publication.current import charter_at
from deliberate.publication.lineage import Stored
from deliberate.publication.remembering import remembered

VIEWS = ("unified", "side")
ALL = "all"


@blueprint.get("/processes/<slug>/charters/<key>/history")
@remembered
def history(slug: str, key: str) -> str:
    """Every published version: when, by which vote, what it changed."""
    process, charter = charter_at(slug, key)
    session = db.session()
    rows = reading.history(session, charter)[::-1]
    shown = [_in_timeline(process, row, current=not position) for position, row in enumerate(rows)]
    return render_template(
        "publication/history.html", process=process, charter=charter, rows=rows, shown=shown
    )


def _in_timeline(process: Process, row: reading.Past, current: bool) -> dict[str, Any]:
    """A version as the timeline shows it: what it changed, in words."""
    number = row.version.number
    first = gettext("first text") if row.before is None else ""
    vote = naming.vote_in_words(row.ballot) if row.ballot else ""
    return {
        "label": gettext("Version %(number)s", number=number),
        "date": row.version.adopted_at,
        "summary": " · ".join(filter(None, [first, *naming.changes_counted(row.changed), vote])),
        "address": url_for(
            "publication.version", slug=process.slug, key=row.version.charter.key, number=number
        ),
        "current": current,
    }


@blueprint.get("/processes/<slug>/charters/<key>/compare")
@remembered
def compare(slug: str, key: str) -> str | AnyResponse:
    """Two versions of a charter, as one text or side by side, in one language or in all."""
    process, charter = charter_at(slug, key)
    session = db.session()
    numbers = [version.number for version in drafting.published_versions(session, charter)]
    if not numbers:
        return redirect(url_for("publication.charter", slug=slug, key=key))
    old = request.args.get("from", numbers[-2] if len(numbers) > 1 else numbers[0], type=typed.whole)
    new = request.args.get("to", numbers[-1], type=typed.whole)
    before, after = (
        reading.as_stored(reading.published_version(session, charter, number)) for number in (old, new)
    )
    every = dict.fromkeys((*after.document.languages, *before.document.languages))
    written = tuple(sorted(every, key=lambda code: code != language()))
    asked = request.args.get("in", "")
    shown = written if asked == ALL else (asked if asked in written else _preferred(written),)
    return render_template(
        "publication/compare.html",
        process=process,
        charter=charter,
        numbers=numbers,
        old=old,
        new=new,
        view=request.args.get("view") if request.args.get("view") in VIEWS else VIEWS[0],
        found=comparison(before, after, shown, whole="all" in request.args),
        title=[(code, segments(*_titles(before, after, code))) for code in shown],
        whole="all" in request.args,
        written=written,
        shown=shown,
        every=ALL,
    )


def _preferred(written: tuple[str, ...]) -> str:
    return best_language(dict.fromkeys(written, "x")) or written[0]


def _titles(before: Stored, after: Stored, code: str) -> tuple[str, str]:
    return before.document.title.get(code, ""), after.document.title.get(code, "")
