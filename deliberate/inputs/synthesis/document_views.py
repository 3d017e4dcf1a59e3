"""The synthesis to be read by everyone: as a document, by category, for programs; and the contests of placements."""

from collections.abc import Mapping

from flask import Response, render_template

from deliberate.core import web
from deliberate.core.database import db
from deliberate.inputs.blueprint import blueprint, hidden_round, round_asked
from deliberate.inputs.dossiers.queries import is_settled
from deliberate.inputs.rules import SMALLEST_CELL
from deliberate.inputs.spreadsheets import write_csv
from deliberate.inputs.synthesis import gathering, queries
from deliberate.inputs.synthesis.categories import Table
from deliberate.inputs.synthesis.pages import names_of_grid, refuse_hidden
from deliberate.inputs.synthesis.records import settled_tables, synthesis_record
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process


@blueprint.get("/processes/<slug>/synthesis/document")
def synthesis(slug: str) -> str:
    """The synthesis of a round as a document: by dimension, each line with its figures, validation and dissent."""
    process = process_here(slug)
    number = round_asked(process)
    lines = queries.lines_of(db.session(), process, number)
    return render_template(
        "inputs/synthesis/document.html",
        process=process,
        round=number,
        lines=lines,
        tallies=queries.tallies(db.session(), lines),
        names=names_of_grid(process),
        kinds=queries.kinds_of_board(process),
        coverage=gathering.figures(db.session(), process, number),
        hidden=hidden_round(process) == number,
    )


@blueprint.get("/processes/<slug>/synthesis.json")
def synthesis_json(slug: str) -> Response:
    """The same as plain data, with the grid it stands on."""
    process = process_here(slug)
    number = round_asked(process)
    refuse_hidden(process, number)
    return web.download(synthesis_record(db.session(), process, number), f"{slug}-synthesis-{number}.json")


def _tables(process: Process, number: int) -> Mapping[str, Table]:
    """The tables that this reader may see: those of the settled dossier; before it, those who write the synthesis."""
    if not is_settled(db.session(), process, number) and allowed(process, "change", "synthesis"):
        return queries.category_tables(db.session(), process, number)
    return settled_tables(db.session(), process, number)


@blueprint.get("/processes/<slug>/synthesis/categories")
def categories(slug: str) -> str:
    """Who said what, by age, gender, occupation and territory: small groups are not shown."""
    process = process_here(slug)
    number = round_asked(process)
    tables = _tables(process, number)
    return render_template(
        "inputs/synthesis/categories.html",
        process=process,
        round=number,
        tables=tables,
        most={
            name: max(n or 0 for row in table.values() for n in row.values())
            for name, table in tables.items()
        },
        settled=is_settled(db.session(), process, number),
        names=names_of_grid(process),
        smallest=SMALLEST_CELL,
        may_write=allowed(process, "change", "synthesis"),
        hidden=hidden_round(process) == number,
    )


@blueprint.get("/processes/<slug>/synthesis/categories.csv")
def categories_file(slug: str) -> Response:
    """The same tables as one file; what is not shown is an empty cell."""
    process = process_here(slug)
    number = round_asked(process)
    refuse_hidden(process, number)
    names = names_of_grid(process)
    rows = [
        (category, dimension, names.get(dimension, ""), value, "" if people is None else people)
        for category, table in _tables(process, number).items()
        for dimension, cells in table.items()
        for value, people in cells.items()
    ]
    columns = ("category", "dimension", "name", "value", "people")
    return web.file(write_csv(columns, rows), "text/csv", f"{slug}-categories-{number}.csv")


@blueprint.get("/processes/<slug>/synthesis/contests")
def contests(slug: str) -> str:
    """Where contributors said that their words stand wrongly: those that wait, and the answers given."""
    process = process_here(slug)
    number = round_asked(process)
    waiting, answered = queries.contests(db.session(), process, number)
    return render_template(
        "inputs/synthesis/contests.html",
        process=process,
        round=number,
        waiting=waiting,
        answered=answered,
        may_write=allowed(process, "change", "synthesis"),
        hidden=hidden_round(process) == number,
    )
