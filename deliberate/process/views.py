"""Pages of process: my work, setting a process up, locking its protocol, phases, people."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.current import settings
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import both
from deliberate.core.i18n import sentence
from deliberate.core.sending import Page, send
from deliberate.people.acts import make_user
from deliberate.people.current import actor, user
from deliberate.process import acts, appointments, queries
from deliberate.process.current import process_here, require_here
from deliberate.process.forms import AppointForm, ProtocolForm, ReasonForm, TextsForm
from deliberate.process.models import Appointment, Phase, Process
from deliberate.process.rules import TEXTS
from deliberate.process.template import Template, templates

blueprint = Blueprint("process", __name__)


@blueprint.get("/my-work")
@auth_required("session")
def mine() -> str:
    """The processes in which one holds a role, and what one may begin."""
    person = user()
    assert person is not None
    rows = [
        (process, sorted(roles))
        for process in queries.processes(db.session(), actor())
        if (roles := queries.roles_of(db.session(), actor(), process, now()))
    ]
    may_create = "organiser" in [role.name for role in person.roles]
    return render_template("process/mine.html", rows=rows, may_create=may_create, now=now())


@blueprint.route("/processes/new", methods=["GET", "POST"])
@auth_required("session")
def new() -> Page:
    """Choose a template; the draft starts from it."""
    if request.method == "GET":
        return render_template("process/new.html", templates=templates())
    chosen = templates().get(request.form.get("template", ""))
    if chosen is None:
        raise NotFound(N_("Choose one of the templates."))
    return send(lambda: _create(chosen))


def _create(chosen: Template) -> str:
    texts = {"title": chosen.name, "question": chosen.question, "remit": chosen.remit}
    usual = {"time_zone": settings().time_zone, "registration": {}, "answers_visible": False}
    process = acts.create_process(
        db.session(), actor(), texts, {**usual, **chosen.protocol}, now(), themes=list(chosen.themes)
    )
    return url_for("process.set_up", slug=process.slug)


@blueprint.get("/processes/<slug>/desk")
@auth_required("session")
def desk(slug: str) -> str:
    """The organiser's desk: every step of the process, what is done and what comes next."""
    process = process_here(slug)
    require_here(process, "change", "process")
    return render_template("process/desk.html", process=process, now=now())


@blueprint.route("/processes/<slug>/set-up", methods=["GET", "POST"])
@auth_required("session")
def set_up(slug: str) -> Page:
    """The texts of a draft."""
    process = process_here(slug)
    require_here(process, "change", "process")
    form = TextsForm(data=_texts_data(process))

    def do() -> str:
        acts.edit_process(db.session(), actor(), process, now(), texts=form.texts(), **form.plain())
        flash(gettext("Recorded."), "notice")
        return url_for("process.protocol", slug=slug)

    if form.validate_on_submit():
        try:
            return send(do)
        except Refusal as refusal:
            return _again("process/set_up.html", process, web.show_refusal(form, refusal), refusal.status)
    return _again("process/set_up.html", process, form, 422 if form.errors else 200)


def _texts_data(process: Process) -> dict[str, Any]:
    data: dict[str, Any] = {
        "level": process.level,
        "territory": process.territory,
        "themes": ", ".join(process.themes),
    }
    for name in TEXTS:
        for code, text in getattr(process, name).items():
            data[f"{name}_{code}"] = text
    return data


def _again(template: str, process: Process, form: Any, status: int, **more: Any) -> tuple[str, int]:
    """The page with the form as it was typed."""
    # Nothing that was refused may be written by a later commit of the same request.
    slug = process.slug
    db.session.rollback()
    return render_template(template, process=process_here(slug), form=form, **more), status


@blueprint.route("/processes/<slug>/set-up/protocol", methods=["GET", "POST"])
@auth_required("session")
def protocol(slug: str) -> Page:
    """The protocol of a draft, or the amendment of a locked one."""
    process = process_here(slug)
    locked = process.locked_at is not None
    require_here(process, "amend" if locked else "change", "protocol")
    form = ProtocolForm(data=_protocol_data(process.protocol))
    reason = ReasonForm() if locked else None
    if request.form.get("action") in ("add-round", "drop-round"):
        _change_rounds(form, request.form["action"], announced=len(process.phases))
        return _again("process/protocol.html", process, form, 200, reason=reason)
    if form.validate_on_submit():
        try:
            return send(lambda: _keep_protocol(process, form, reason))
        except acts.FaultyProtocol as refusal:
            form.show(refusal.faults, [sentence(fault.template, fault.values) for fault in refusal.faults])
            return _again("process/protocol.html", process, form, 422, reason=reason)
        except Refusal as refusal:
            web.show_refusal(reason if reason is not None and refusal.field == "reason" else form, refusal)
            return _again("process/protocol.html", process, form, refusal.status, reason=reason)
    return _again("process/protocol.html", process, form, 422 if form.errors else 200, reason=reason)


def _keep_protocol(process: Process, form: ProtocolForm, reason: ReasonForm | None) -> str:
    if reason is not None:
        acts.amend_protocol(db.session(), actor(), process, form.protocol(), reason.reason.data or "", now())
        return url_for("publication.protocol", slug=process.slug)
    acts.edit_process(db.session(), actor(), process, now(), protocol=form.protocol())
    if faults := acts.faults_today(process, now()):
        raise acts.FaultyProtocol(faults)
    return url_for("process.lock", slug=process.slug)


def _protocol_data(protocol: dict[str, Any]) -> dict[str, Any]:
    """The protocol as the form takes it: days as dates, texts side by side."""
    data = {**protocol, "registration": _dates(protocol.get("registration") or {})}
    data["phases"] = [{**phase, **_dates(phase)} for phase in protocol.get("phases", [])]
    panel = dict(protocol.get("panel", {}))
    for code, text in panel.get("randomness", {}).items():
        panel[f"randomness_{code}"] = text
    if panel.get("alternates_until"):
        panel["alternates_until"] = date.fromisoformat(panel["alternates_until"])
    data["panel"] = panel
    for code, lines in protocol.get("commitments", {}).items():
        data[f"commitments_{code}"] = "\n".join(lines)
    board = protocol.get("board") or {}
    data["board_kinds"] = board.get("kinds", [])
    return data | both("board", board.get("named", {}))


def _dates(window: dict[str, Any]) -> dict[str, date | None]:
    return {
        name: date.fromisoformat(day) if (day := window.get(name)) else None for name in ("opens", "closes")
    }


def _change_rounds(form: ProtocolForm, action: str, announced: int) -> None:
    """One round more, or the last one less: never the first, nor one that a locked protocol announced."""
    if action == "add-round":
        rounds = len(form.phases) // 2 + 1
        for kind in ("open", "deliberation"):
            form.phases.append_entry({"kind": kind, "round": rounds})
    elif len(form.phases) > max(2, announced):
        form.phases.pop_entry()
        form.phases.pop_entry()


@blueprint.route("/processes/<slug>/lock", methods=["GET", "POST"])
@auth_required("session")
def lock(slug: str) -> Page:
    """Read the protocol once more, then lock it."""
    process = process_here(slug)
    require_here(process, "lock", "protocol")
    if request.method == "GET":
        return render_template("process/lock.html", process=process)

    def do() -> str:
        acts.lock_protocol(db.session(), actor(), process, now())
        flash(gettext("The protocol is locked and published."), "notice")
        return url_for("process.desk", slug=slug)

    try:
        return send(do)
    except acts.FaultyProtocol as refusal:
        form = ProtocolForm(formdata=None, data=_protocol_data(process.protocol))
        form.show(refusal.faults, [sentence(fault.template, fault.values) for fault in refusal.faults])
        return _again("process/protocol.html", process, form, 422, reason=None)


@blueprint.get("/processes/<slug>/phases")
@auth_required("session")
def phases(slug: str) -> str:
    """Every phase with the button that opens or closes it."""
    process = process_here(slug)
    require_here(process, "change", "phase")
    return render_template("process/phases.html", process=process, now=now())


@blueprint.route("/processes/<slug>/phases/<int:number>/<act>", methods=["GET", "POST"])
@auth_required("session")
def change_phase(slug: str, number: int, act: str) -> Page:
    """Confirm, then open or close a phase."""
    process = process_here(slug)
    require_here(process, "change", "phase")
    phase = _phase(process, number)
    if act not in ("open", "close"):
        raise NotFound(N_("A phase is opened or closed."))
    if request.method == "GET":
        return render_template("process/change_phase.html", process=process, phase=phase, act=act)

    def do() -> str:
        (acts.open_phase if act == "open" else acts.close_phase)(db.session(), actor(), phase, now())
        flash(gettext("The phase is open.") if act == "open" else gettext("The phase is closed."), "notice")
        return url_for("process.phases", slug=slug)

    return send(do)


def _phase(process: Process, number: int) -> Phase:
    for phase in process.phases:
        if phase.number == number:
            return phase
    raise NotFound(N_("This process has no phase with this number."))


@blueprint.route("/processes/<slug>/people", methods=["GET", "POST"])
@auth_required("session")
def people(slug: str) -> Page:
    """Who holds which role; give one."""
    process = process_here(slug)
    require_here(process, "create", "appointment")
    form = AppointForm()

    def do() -> str:
        person = make_user(db.session(), form.email.data, form.name.data.strip(), now())
        appointments.appoint(db.session(), actor(), process, person, form.role.data, now())
        flash(gettext("Recorded. This person signs in with a link sent to their address."), "notice")
        return url_for("process.people", slug=slug)

    if form.validate_on_submit():
        try:
            return send(do)
        except Refusal as refusal:
            return _again(
                "process/people.html", process, web.show_refusal(form, refusal), refusal.status, now=now()
            )
    return _again("process/people.html", process, form, 422 if form.errors else 200, now=now())


@blueprint.post("/processes/<slug>/people/<int:id>/dismiss")
@auth_required("session")
def dismiss(slug: str, id: int) -> Page:
    """End a term now."""
    process = process_here(slug)
    appointment = db.session.get(Appointment, id)
    if appointment is None or appointment.process_id != process.id:
        raise NotFound(N_("There is no such appointment."))

    def do() -> str:
        appointments.dismiss(db.session(), actor(), appointment, now())
        flash(gettext("This role has ended."), "notice")
        return url_for("process.people", slug=slug)

    return send(do)
