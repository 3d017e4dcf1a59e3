"""Files of a draw: the public ones, the rows for guarantors, and the organisers' private tables."""

import re
from collections.abc import Iterable, Mapping, Sequence

from flask_security import auth_required
from werkzeug.wrappers import Response

from deliberate.core import web
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, NotPermitted
from deliberate.panels import queries
from deliberate.panels.models import Draw, Registrant
from deliberate.panels.views.blueprint import blueprint
from deliberate.panels.views.draws import draw_here, file_name, may_see_rows
from deliberate.panels.views.quotas import csv_file
from deliberate.process.current import process_here, require_here
from sortition.files.spreadsheet import write_table
from sortition.proofs.canonical import canonical
from sortition.proofs.documents import panels_of_people

LISTS = ("selected", "remaining", "alternates")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?[0-9 .()/-]+")
CONTACT = ("name", "email", "phone", "address")


@blueprint.get("/processes/<slug>/draws/<int:number>/<any(lottery, reveal, alternates):document>.json")
def draw_document(slug: str, number: int, document: str) -> Response:
    """What `python -m sortition verify` reads: public, and byte for byte what the control code was made of."""
    draw = draw_here(process_here(slug), number)
    content = draw.lottery if document == "lottery" else draw.outcome.get(document)
    if not content:
        raise NotFound(N_("This file exists once the draw has come so far."))
    return _json_file(content, file_name(draw, f"{document}.json"))


@blueprint.get("/processes/<slug>/draws/<int:number>/attributes.json", defaults={"document": "attributes"})
@blueprint.get(
    "/processes/<slug>/draws/<int:number>/alternates-sets.json", defaults={"document": "alternates-sets"}
)
def attributes(slug: str, number: int, document: str) -> Response:
    """Rows, panels and certificate, or every set of alternates: for guarantors, or for all if the protocol says so."""
    process = process_here(slug)
    draw = draw_here(process, number)
    if not may_see_rows(process, draw):
        raise NotPermitted(
            N_("This file says everybody's answers: guarantors check it. Everything else is public.")
        )
    content = draw.attributes if document == "attributes" else draw.outcome.get("sets")
    if not content:
        raise NotFound(N_("This file exists once the draw has come so far."))
    return _json_file(content, file_name(draw, f"{document}.json"))


@blueprint.get("/processes/<slug>/draws/<int:number>/key.csv")
@auth_required("session")
def draw_key(slug: str, number: int) -> Response:
    """Which volunteer each pseudonym of the lottery stands for, and the salt that shows it was sealed so."""
    draw = _private(slug, number)
    rows = [{"pseudonym": own, "salt": draw.salts.get(own, ""), "id": of} for own, of in draw.key.items()]
    return csv_file(write_table(("pseudonym", "salt", "id"), rows), file_name(draw, "key.csv"))


@blueprint.get("/processes/<slug>/draws/<int:number>/chances.csv")
@auth_required("session")
def draw_chances(slug: str, number: int) -> Response:
    """Everyone's chance, and the numbers of the panels they are in: for organisers."""
    draw = _private(slug, number)
    levels, panels = draw.attributes["certificate"]["levels"], draw.attributes["panels"]
    stated = {person: level["chance"] for level in levels for person in level["people"]}
    held = panels_of_people(panels, len(draw.lottery["pseudonyms"]))
    rows = []
    for position, own in enumerate(draw.lottery["pseudonyms"]):
        numbers = list(map(str, held[position]))
        rows.append(
            {
                "id": draw.key.get(own, ""),
                "probability": stated[position],
                "lottery_probability": f"{len(numbers)}/{len(panels)}",
                "panels": " ".join(numbers),
            }
        )
    table = write_table(("id", "probability", "lottery_probability", "panels"), rows)
    return csv_file(table, file_name(draw, "chances.csv"))


@blueprint.get("/processes/<slug>/draws/<int:number>/<any(selected, remaining, alternates):listed>.csv")
@auth_required("session")
def draw_list(slug: str, number: int, listed: str) -> Response:
    """Who was drawn, who remains, who are the alternates, with every column known: for organisers."""
    draw = _private(slug, number)
    if draw.ticket is None or (draw.awaited and listed != "selected"):
        raise NotFound(N_("This file exists once the draw has come so far."))
    people = {one.pseudonym: one for one in queries.everyone(db.session(), draw.process)}
    panel, waiting = draw.outcome["panel"], draw.outcome["waiting"]
    names = {
        "selected": panel,
        "alternates": waiting,
        "remaining": [one["id"] for one in draw.inputs["respondents"] if one["id"] not in {*panel, *waiting}],
    }[listed]
    return people_file([people[name] for name in names if name in people], file_name(draw, f"{listed}.csv"))


@blueprint.get("/processes/<slug>/pool/respondents.csv")
@auth_required("session")
def respondents_file(slug: str) -> Response:
    """The pool with every column known, as the command line reads it: for organisers."""
    process = process_here(slug)
    require_here(process, "change", "pool")
    pool = [one for one in queries.everyone(db.session(), process) if one.state == "registered"]
    return people_file(pool, "respondents.csv")


def people_file(people: Iterable[Registrant], filename: str) -> Response:
    """Volunteers as a table: receipt number, id in the file they came from, contacts, answers, other columns."""
    rows = []
    for one in people:
        contact = {name: getattr(one.contact, name) if one.contact else "" for name in CONTACT}
        row = {"id": one.pseudonym, "reference": one.reference, **contact, **one.values}
        rows.append(row | {name: value for name, value in one.columns.items() if name not in row})
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["id"]
    return csv_file(plain_table(columns, rows), filename)


def plain_table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table in which neither a heading nor a cell is taken for a formula: columns of an import have any name."""
    heads = [plain(name) for name in columns]
    return write_table(heads, [{plain(name): plain(text) for name, text in row.items()} for row in rows])


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula; a telephone number such as +33 6 stays as it is."""
    return f"'{text}" if text[:1] in FORMULA_STARTS and not NUMBER.fullmatch(text) else text


def _private(slug: str, number: int) -> Draw:
    process = process_here(slug)
    require_here(process, "create", "draw")
    draw = draw_here(process, number)
    if not draw.lottery:
        raise NotFound(N_("This file exists once the draw has come so far."))
    return draw


def _json_file(content: object, name: str) -> Response:
    return web.file(canonical(content), "application/json", name)
