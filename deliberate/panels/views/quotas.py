"""The quota table: each problem beside its cell, what to do about it in one click, import and export."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required
from werkzeug.wrappers import Response

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.i18n import localized_text, sentence
from deliberate.core.sending import Page, send
from deliberate.panels import queries
from deliberate.panels.figures import advice
from deliberate.panels.forms import FileForm, QuotaTable
from deliberate.panels.judgement import AT_ONCE, beside, judged, judged_left
from deliberate.panels.models import Quota
from deliberate.panels.quotas import FaultyQuotas, from_file, previous, set_quotas
from deliberate.panels.rules import QuotaRow, quota_faults
from deliberate.panels.vacancies import to_fill
from deliberate.panels.views.blueprint import blueprint, do
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process
from sortition import Check, Problem, read_categories
from sortition.checking.check import cost_in_words
from sortition.files.spreadsheet import write_table

BLANK_ROWS = 4
COLUMNS = ("category", "name", "min", "max", "min_flex", "max_flex", "population")


@blueprint.route("/processes/<slug>/quotas", methods=["GET", "POST"])
@auth_required("session")
def quotas(slug: str) -> Page:
    """How many people of each group; saving also checks them against the volunteers there are."""
    process = process_here(slug)
    require_here(process, "change", "pool")
    stored = queries.quotas(db.session(), process)
    if request.method == "GET":
        asked = bool(request.args.get("check"))
        small = queries.pool_size(db.session(), process) <= AT_ONCE
        return _page(process, QuotaTable.stored(stored), stored, checking=asked or small)
    table = QuotaTable.typed(request.form)
    _suggested(table)
    rows = _keep_flex(table.read(), stored)
    if table.errors:
        return _page(process, table, stored), 422
    try:
        return send(lambda: _set(process, rows))
    except Refusal as refusal:
        return _page(process, table, queries.quotas(db.session(), process), refused=refusal), refusal.status


def _set(process: Process, rows: Sequence[QuotaRow]) -> str:
    set_quotas(db.session(), actor(), process, rows, now(), request.form.get("reason", ""))
    flash(gettext("The quotas are recorded."), "success")
    return url_for("panels.quotas", slug=process.slug, check=1)


def _suggested(table: QuotaTable) -> None:
    """A button types the values it suggests: `minimum-3=4`, or several with spaces between."""
    for said in request.form.get("set", "").split():
        cell, _, number = said.partition("=")
        name, _, row = cell.partition("-")
        if name in QuotaTable.numbers and row.isascii() and row.isdigit() and int(row) < len(table.rows):
            table.rows[int(row)][name] = number


def _keep_flex(rows: Sequence[QuotaRow], stored: Sequence[Quota]) -> list[QuotaRow]:
    flex = {(quota.category, quota.value): (quota.min_flex, quota.max_flex) for quota in stored}
    return [
        replace(row, min_flex=low, max_flex=high)
        for row in rows
        for low, high in [flex.get((row.category, row.value), (None, None))]
    ]


def _page(
    process: Process,
    table: QuotaTable,
    stored: Sequence[Quota],
    *,
    checking: bool = False,
    refused: Refusal | None = None,
) -> str:
    size = process.protocol["panel"]["size"]
    by_key = {(quota.category, quota.value): quota for quota in stored}
    counts, people = queries.pool_counts(db.session(), process), queries.pool_size(db.session(), process)
    advised = advice(stored, counts, people, size)
    rows = [by_key.get((row["category"], row["value"])) for row in table.rows]
    draw = queries.current_draw(db.session(), process)
    reopened = draw if draw is not None and to_fill(db.session(), draw) else None
    found = judged(db.session(), process, stored) if checking and draw is None else None
    said = beside(found) if found else {}
    return render_template(
        "panels/quotas.html",
        process=process,
        size=size,
        table=table,
        stored=rows,
        advice={
            index: advised[quota.id] for index, quota in enumerate(rows) if quota and quota.id in advised
        },
        judgements={
            index: said[row["category"], row["value"]]
            for index, row in enumerate(table.rows)
            if (row["category"], row["value"]) in said
        },
        undo=previous(db.session(), process),
        faults=_faults(table, refused, size),
        counts=counts,
        people=people,
        check=found,
        problems=[in_our_words(problem, stored) for problem in found.verdict] if found else [],
        reopened=reopened is not None,
        reason=request.form.get("reason", ""),
        left=[in_our_words(problem, stored) for problem in judged_left(db.session(), process, reopened)]
        if reopened and checking
        else [],
        dearest=_dearest(found, stored, table) if found else [],
        refused=refused,
        blank=range(len(table.rows), len(table.rows) + BLANK_ROWS),
        draw=draw,
    )


def _dearest(found: Check, stored: Sequence[Quota], table: QuotaTable) -> list[tuple[str, str]]:
    """What the quotas cost in fairness, the dearest first: the sentence, and what a button would type."""
    if found.fairness is None:
        return []
    place = {(row["category"], row["value"]): index for index, row in enumerate(table.rows)}
    told = []
    for cost in found.fairness.costs:
        name = {"min": "minimum", "max": "maximum"}[cost.limit.side]
        typed = [(name, cost.limit.quota, cost.number)]
        if cost.other is not None:
            typed.append(("maximum", cost.other.quota, cost.other.number + 1))
        cells = [
            f"{name}-{place[key]}={number}"
            for name, quota, number in typed
            if (key := (quota.category, quota.value)) in place
        ]
        words = in_our_words(cost_in_words(cost, found.fairness.least), stored)
        told.append((words, " ".join(cells)))
    return told


def _faults(table: QuotaTable, refused: Refusal | None, size: int) -> dict[int, list[str]]:
    """The sentences beside each group: what refused the table, else whether it can fill the panel at all."""
    found: dict[int, list[str]] = {}
    if isinstance(refused, FaultyQuotas):
        listed = refused.faults
    else:
        listed = FaultyQuotas(quota_faults(table.read(), size)).faults if not table.errors else []
    for index, said in listed:
        found.setdefault(index, []).append(gettext(said))
    return found


def in_our_words(problem: Problem, quotas: Sequence[Quota]) -> str:
    """A sentence of the engine with the groups named as on the page."""
    values: dict[str, Any] = dict(problem.values)
    for quota in quotas:
        if quota.category == problem.values.get("category"):
            values["category"] = localized_text(quota.category_label) or quota.category
            for part in ("value", "taker"):
                if quota.value == problem.values.get(part):
                    values[part] = localized_text(quota.label) or quota.value
    return sentence(problem.template, values)


@blueprint.post("/processes/<slug>/quotas/undo")
@auth_required("session")
def undo_quotas(slug: str) -> Page:
    """Back to the table before the last change; done twice, it changes nothing."""
    process = process_here(slug)
    require_here(process, "change", "pool")
    rows = _keep_flex(previous(db.session(), process), queries.quotas(db.session(), process))
    return do(
        lambda: set_quotas(db.session(), actor(), process, rows, now()) if rows else None,
        url_for("panels.quotas", slug=slug, check=1),
        N_("The quotas are again as they were before the last change."),
    )


@blueprint.route("/processes/<slug>/quotas/import", methods=["GET", "POST"])
@auth_required("session")
def import_quotas(slug: str) -> Page:
    """A file of quotas: every problem at once, or a preview; nothing is written until it is confirmed."""
    process = process_here(slug)
    require_here(process, "change", "pool")
    form = FileForm()
    if request.form.get("confirmed"):
        return _confirmed(process)
    if not form.validate_on_submit():
        return render_template("panels/import_quotas.html", process=process, form=form), (
            422 if form.is_submitted() else 200
        )
    data, name = form.file.data.read(), form.file.data.filename or "categories.csv"
    read, problems = read_categories(data, name)
    page = render_template(
        "panels/import_quotas.html",
        process=process,
        form=form,
        problems=problems,
        read=read,
        data=base64.b64encode(data).decode(),
        name=name,
    )
    return (page, 422) if problems else page


def _confirmed(process: Process) -> Page:
    form = FileForm(formdata=None)
    name = request.form.get("name", "categories.csv")
    try:
        read, problems = read_categories(base64.b64decode(request.form["confirmed"], validate=True), name)
    except (binascii.Error, ValueError):
        read, problems = [], [Problem("%(file)s is empty.", {"file": name})]
    if problems:
        return render_template(
            "panels/import_quotas.html", process=process, form=form, problems=problems
        ), 422
    try:
        return send(lambda: _set(process, from_file(read, queries.quotas(db.session(), process))))
    except Refusal as refusal:
        page = render_template(
            "panels/import_quotas.html", process=process, form=web.show_refusal(form, refusal), problems=[]
        )
        return page, refusal.status


@blueprint.get("/processes/<slug>/quotas/categories.csv")
def categories_file(slug: str) -> Response:
    """The quota table as a file that the command line reads; it is public."""
    process = process_here(slug)
    rows = [
        {
            "category": quota.category,
            "name": quota.value,
            "min": str(quota.minimum),
            "max": str(quota.maximum),
            "min_flex": "" if quota.min_flex is None else str(quota.min_flex),
            "max_flex": "" if quota.max_flex is None else str(quota.max_flex),
            "population": quota.population or "",
        }
        for quota in queries.quotas(db.session(), process)
    ]
    return csv_file(write_table(COLUMNS, rows), "categories.csv")


def csv_file(data: bytes, filename: str) -> Response:
    """A CSV file to keep."""
    return web.file(data, "text/csv", filename)
