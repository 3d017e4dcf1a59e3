"""Entering a file of volunteers: every problem beside its row, or a preview of what would change; then once, whole."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_security import auth_required

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.sending import Page, send
from deliberate.panels import imports, queries
from deliberate.panels.forms import FileForm
from deliberate.panels.quotas import for_engine
from deliberate.panels.views.blueprint import blueprint
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process
from sortition import Problem, Respondent, read_respondents

SHOWN = 10
PROBLEMS_SHOWN = 500


@dataclass(frozen=True)
class _Sent:
    """A file as it was sent, and which of its columns are the id and the address."""

    data: bytes
    name: str
    id_column: str
    address: str

    @property
    def address_columns(self) -> list[str]:
        return [column.strip() for column in self.address.split(",") if column.strip()]


@blueprint.route("/processes/<slug>/pool/import", methods=["GET", "POST"])
@auth_required("session")
def import_pool(slug: str) -> Page:
    """A file of volunteers: every problem at once, or a preview; nothing is written until it is confirmed."""
    process = process_here(slug)
    require_here(process, "create", "pool")
    form = FileForm()
    if request.form.get("confirmed"):
        return _confirmed(process)
    if not form.validate_on_submit():
        return _page(process, form=form), 422 if form.is_submitted() else 200
    sent = _sent(form.file.data.read(), form.file.data.filename or "respondents.csv")
    respondents, problems = _read(process, sent)
    if problems:
        return _page(process, problems=problems), 422
    return _preview(process, sent, respondents)


def _sent(data: bytes, name: str) -> _Sent:
    said = {field: request.form.get(field, "").strip() for field in ("id_column", "address")}
    return _Sent(data, name, **said)


def _confirmed(process: Process) -> Page:
    try:
        data = base64.b64decode(request.form["confirmed"], validate=True)
    except (binascii.Error, ValueError):
        return _page(process), 422
    sent = _sent(data, request.form.get("name", "respondents.csv"))
    respondents, problems = _read(process, sent)
    if problems:
        return _page(process, problems=problems), 422
    try:
        return send(lambda: _import(process, sent, respondents))
    except Refusal as refusal:
        return _preview(process, sent, respondents, refused=refusal), refusal.status


def _import(process: Process, sent: _Sent, respondents: list[Respondent]) -> str:
    done = imports.import_registrants(
        db.session(),
        actor(),
        process,
        respondents,
        now(),
        reason=request.form.get("reason", ""),
        address=sent.address_columns,
    )
    flash(
        ngettext("%(num)d volunteer was added.", "%(num)d volunteers were added.", done.added)
        + " "
        + gettext(
            "Brought up to date: %(changed)d. Unchanged: %(unchanged)d.",
            changed=done.changed,
            unchanged=done.unchanged,
        ),
        "success",
    )
    return url_for("panels.pool", slug=process.slug)


def _read(process: Process, sent: _Sent) -> tuple[list[Respondent], list[Problem]]:
    found = queries.quotas(db.session(), process)
    if not found:
        return [], [Problem("There are no quotas yet. Set them first.")]
    return read_respondents(
        sent.data, sent.name, for_engine(found), sent.id_column or None, sent.address_columns
    )


def _preview(
    process: Process, sent: _Sent, respondents: list[Respondent], refused: Refusal | None = None
) -> str:
    found = imports.compare(db.session(), process, respondents, sent.address_columns)
    return _page(
        process,
        found=found,
        respondents=respondents[:SHOWN],
        total=len(respondents),
        sent=sent,
        data=base64.b64encode(sent.data).decode(),
        refused=refused,
        before=queries.pool_counts(db.session(), process),
        signed=queries.last_signature(db.session(), process) is not None,
    )


def _page(
    process: Process, form: FileForm | None = None, problems: list[Problem] | None = None, **preview: Any
) -> str:
    return render_template(
        "panels/import_pool.html",
        process=process,
        form=form or FileForm(formdata=None),
        problems=(problems or [])[:PROBLEMS_SHOWN],
        problems_number=len(problems or []),
        categories=queries.categories(db.session(), process),
        **preview,
    )
