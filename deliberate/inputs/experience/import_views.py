"""Pages that bring many lessons in: from a file, looked at before it is recorded, or from another process."""

from flask import flash, render_template, request, url_for
from flask_babel import ngettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint, text_asked
from deliberate.inputs.experience import acts, importing, queries, rules
from deliberate.inputs.experience.forms import ImportForm
from deliberate.inputs.experience.importing import Plan
from deliberate.inputs.rules import Fault, faults_of
from deliberate.inputs.uploads import read_upload
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/lessons/import", methods=["GET", "POST"])
def import_lessons(slug: str) -> Page:
    """Bring many lessons in, as JSON, CSV or XLSX: first what would be recorded, then all of it or nothing."""
    process = process_here(slug)
    require_here(process, "moderate", "lesson")
    form = ImportForm()
    if request.method == "GET":
        return _page(process, form)
    try:
        form.content.data = read_upload(form.file.data) or form.content.data
        if request.form.get("step") == "record":
            return send(lambda: _record(process, form))
        plan = importing.plan_import(db.session(), process, form.content.data or "", form.known.data)
    except Refusal as refusal:
        web.show_refusal(form, refusal)
        return _page(process, form, faults=faults_of(refusal), status=refusal.status)
    return _page(process, form, plan=plan, faults=plan.faults, status=422 if plan.faults else 200)


def _page(
    process: Process,
    form: ImportForm,
    *,
    plan: Plan | None = None,
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Page:
    page = render_template(
        "inputs/experience/import.html",
        process=process,
        form=form,
        plan=plan,
        faults=faults or [],
        fields=rules.NAMES_OF_FIELDS,
    )
    return page, status


def _record(process: Process, form: ImportForm) -> str:
    told = importing.import_lessons(
        db.session(), actor(), process, form.content.data or "", now(),
        known=form.known.data, reason=form.reason.data or "",
    )  # fmt: skip
    flash(
        ngettext("%(num)s experience is recorded.", "%(num)s experiences are recorded.", len(told)), "success"
    )
    return url_for("inputs.lessons", slug=process.slug)


@blueprint.route("/processes/<slug>/lessons/elsewhere", methods=["GET", "POST"])
def bring_lessons(slug: str) -> Page:
    """Copy public lessons of other processes of this site into this one."""
    process = process_here(slug)
    require_here(process, "moderate", "lesson")
    if request.method == "GET":
        return _elsewhere(process)
    chosen = queries.brought(db.session(), process, request.form.getlist("lesson"))

    def do() -> str:
        copies = acts.bring_lessons(db.session(), actor(), process, chosen, now())
        said = ngettext(
            "%(num)s experience was brought in.", "%(num)s experiences were brought in.", len(copies)
        )
        flash(said, "success")
        return url_for("inputs.lessons", slug=slug)

    try:
        return send(do)
    except Refusal as refusal:
        return _elsewhere(process, refusal)


def _elsewhere(process: Process, refusal: Refusal | None = None) -> Page:
    words = text_asked("words")
    page = render_template(
        "inputs/experience/elsewhere.html",
        process=process,
        lessons=queries.elsewhere(db.session(), process, words),
        here=acts.origins(db.session(), process),
        words=words,
        ticked=request.form.getlist("lesson"),
        refusal=refusal,
    )
    return page, refusal.status if refusal else 200
