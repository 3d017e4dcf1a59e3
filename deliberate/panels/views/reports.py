"""The report of a draw as a page of its own, and all that may be read of a draw in one folder."""

import io
import zipfile
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response

from deliberate.core import web
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.i18n import language, localized_text
from deliberate.panels import queries
from deliberate.panels.models import Draw
from deliberate.panels.views.blueprint import blueprint
from deliberate.panels.views.draws import draw_here, file_name, may_see_rows
from deliberate.process.current import process_here
from deliberate.process.models import Process
from sortition.proofs.canonical import canonical
from sortition.proofs.composition import verifier
from sortition.report import Figures, figures, report_of
from sortition.report.markup import STYLE_SOURCE

POLICY = f"default-src 'none'; style-src {STYLE_SOURCE}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@blueprint.get("/processes/<slug>/draws/<int:number>/report.html")
def draw_report(slug: str, number: int) -> Response:
    """The report: charts and figures of a sealed lottery, without anybody's row; the same page to keep as a file."""
    process = process_here(slug)
    draw = draw_here(process, number)
    page, name = report_page(process, draw), file_name(draw, "report.html")
    response = web.file(page, "text/html", name, inline="download" not in request.args)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def report_page(process: Process, draw: Draw) -> str:
    """The report in the reader's language. Raises NotFound before the seal, and once the rows were erased."""
    if not draw.lottery or not draw.attributes:
        raise NotFound(N_("This file exists once the draw has come so far."))
    warning = gettext("Rehearsal, without value") if draw.rehearsal else ""
    return report_of(figures_of(process, draw), gettext, language(), warning)


def figures_of(process: Process, draw: Draw) -> Figures:
    """The figures of a draw, with shares of the population and with names as the quota table has them."""
    quotas = queries.quotas(db.session(), process)
    shares = {(one.category, one.value): one.share for one in quotas if one.share is not None}
    named = {
        (one.category, one.value): (
            localized_text(one.category_label) or one.category,
            localized_text(one.label) or one.value,
        )
        for one in quotas
    }
    found = figures(draw.lottery, draw.attributes, draw.commitment or "", shares)
    values = []
    for one in found.values:
        category, value = named.get((one.category, one.value), (one.category, one.value))
        values.append(replace(one, category=category, value=value))
    return replace(found, values=tuple(values))


@blueprint.get("/processes/<slug>/draws/<int:number>/folder.zip")
def draw_folder(slug: str, number: int) -> Response:
    """Everything that the person who asks may read of a draw, in one folder, as `python -m sortition verify` wants it."""
    process = process_here(slug)
    draw = draw_here(process, number)
    page = report_page(process, draw)
    name = f"rehearsal-{draw.number}" if draw.rehearsal else f"draw-{draw.number}"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as folder:
        for file, document in _documents(process, draw).items():
            folder.writestr(zipfile.ZipInfo(f"{name}/{file}.json", LONG_AGO), canonical(document))
        folder.writestr(zipfile.ZipInfo(f"{name}/commitment.txt", LONG_AGO), f"{draw.commitment}\n")
        folder.writestr(zipfile.ZipInfo(f"{name}/verify.py", LONG_AGO), verifier())
        folder.writestr(zipfile.ZipInfo(f"{name}/report.html", LONG_AGO), page)
    return web.file(content.getvalue(), "application/zip", f"{name}.zip")


def _documents(process: Process, draw: Draw) -> dict[str, Any]:
    outcome = draw.outcome or {}
    found = {
        "lottery": draw.lottery,
        "reveal": outcome.get("reveal"),
        "alternates": outcome.get("alternates"),
    }
    if may_see_rows(process, draw):
        found |= {"attributes": draw.attributes, "alternates-sets": outcome.get("sets")}
    return {name: document for name, document in found.items() if document}
