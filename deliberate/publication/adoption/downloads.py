"""The register to keep and to follow: as a table, as data, and as a feed of what concerns one territory."""

import csv
import io
from typing import Any

from flask import Response, current_app, jsonify, request, url_for
from flask_babel import gettext

from deliberate.core.database import db
from deliberate.core.i18n import localized_text
from deliberate.drafting.queries import published_versions
from deliberate.publication import reading
from deliberate.publication.adoption import queries
from deliberate.publication.adoption.changes import changed
from deliberate.publication.adoption.models import Adoption
from deliberate.publication.adoption.names import decision_named
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import process_at, whole_address
from deliberate.publication.feeds import Feed, Item, atom

COLUMNS = (
    "key",
    "territory",
    "kind",
    "charter",
    "version",
    "clauses",
    "stays",
    "ended",
    "changed",
    "in_force",
    "since",
)
# A cell that begins so would be computed by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _rows(slug: str) -> list[queries.Row]:
    asked, charter = request.args.get("q", "").strip()[:100], request.args.get("charter", "")[:64]
    return queries.adoptions(db.session(), process_at(slug), charter, asked)


@blueprint.get("/processes/<slug>/adoptions.json")
def adoptions_data(slug: str) -> Response:
    """The register: every territory with all that it decided, and what changed since."""
    return jsonify(
        [
            {**queries.as_record(row.adoption), "in_force": row.latest.number, "changed": sorted(row.changed)}
            for row in _rows(slug)
        ]
    )


@blueprint.get("/processes/<slug>/adoptions.csv")
def adoptions_table(slug: str) -> Response:
    """The register as a table: one line per territory and charter."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in _rows(slug):
        table.writerow([_harmless(str(cell)) for cell in _cells(row)])
    response = current_app.make_response("\ufeff" + text.getvalue())
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-adoptions.csv"'
    return response


def _cells(row: queries.Row) -> list[Any]:
    one, now = row.adoption, row.standing
    first = one.public[0].published_at
    return [
        one.key, one.territory, one.kind, one.charter.key, now.version, " ".join(now.clauses), int(now.stays),
        int(now.ended), " ".join(sorted(row.changed)), row.latest.number, first.date().isoformat() if first else "",
    ]  # fmt: skip


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(FORMULA_STARTS) else cell


@blueprint.get("/processes/<slug>/adoptions/<key>/feed.atom")
def adoption_feed(slug: str, key: str) -> Response:
    """What concerns one territory: its decisions, and each version that changed what it adopted."""
    entry = queries.public_adoption(db.session(), process_at(slug), key)
    items = sorted((*_decided(entry), *_changed(entry)), key=lambda item: item.at, reverse=True)
    place, page = (
        url_for(f"publication.{name}", slug=slug, key=key) for name in ("adoption_feed", "adoption")
    )
    return atom(Feed(place, page, f"{entry.territory} — {localized_text(entry.charter.title)}"), items)


def _decided(entry: Adoption) -> list[Item]:
    page = whole_address(url_for("publication.adoption", slug=entry.charter.process.slug, key=entry.key))
    return [
        Item(
            f"{page}#decision-{one.number}",
            gettext("%(territory)s: %(decision)s, version %(number)s", territory=entry.territory,
                    decision=decision_named(one.decision), number=one.version_number),
            one.published_at,
            localized_text(one.reason),
        )
        for one in entry.public
        if one.published_at
    ]  # fmt: skip


def _changed(entry: Adoption) -> list[Item]:
    """Each later version that changed a clause which the territory held to when it was published."""
    known = {version.number: version for version in published_versions(db.session(), entry.charter)}
    held = queries.row(db.session(), entry).standing
    old = reading.as_stored(known[held.version])
    found = []
    for version in known.values():
        differing = (
            changed(old, reading.as_stored(version), held.clauses) if version.number > held.version else set()
        )
        if differing and version.published_at:
            found.append(_change_item(entry, held.version, version, sorted(differing)))
    return found


def _change_item(entry: Adoption, held: int, version: Any, clauses: list[str]) -> Item:
    slug, charter = entry.charter.process.slug, entry.charter.key
    asked = {"from": held, "to": version.number}
    return Item(
        whole_address(url_for("publication.compare", slug=slug, key=charter, **asked)),
        gettext(
            "Version %(number)s changes what %(territory)s adopted",
            number=version.number,
            territory=entry.territory,
        ),
        version.published_at,
        ", ".join(clauses),
    )
