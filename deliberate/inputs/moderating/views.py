"""The moderation page: a queue for those who moderate, and a public log with reasons for everyone."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.experience.queries import lesson
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating import acts, queries
from deliberate.inputs.queries import contribution
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

QUEUE_LENGTH = 50


LOG_LENGTH = 200


@blueprint.route("/processes/<slug>/moderation", methods=["GET", "POST"])
def moderation(slug: str) -> Page:
    """Decide on what waits, many at once; read what was decided."""
    process = process_here(slug)
    if request.method == "GET":
        return _page(process)
    if not _may_moderate(process):
        require_here(process, "moderate", "contribution")

    def do() -> str:
        ticked = [_thing(process, name) for name in request.form.getlist("thing")]
        if not ticked:
            raise Refusal(N_("Tick what you decide on."))
        for thing in ticked:
            decision, reason = request.form.get("decision", ""), request.form.get("reason", "")
            acts.moderate(db.session(), actor(), process, thing, decision, reason, now())
        flash(gettext("Your decision is recorded, and stands in the public log."), "success")
        return url_for("inputs.moderation", slug=slug)

    try:
        return send(do)
    except Refusal as refusal:
        return _page(process, refusal), refusal.status


def _may_moderate(process: Process) -> bool:
    return allowed(process, "moderate", "contribution") or allowed(process, "moderate", "lesson")


def _thing(process: Process, name: str) -> Contribution | Lesson:
    kind, _, key = name.partition(":")
    if kind == "lesson":
        return lesson(db.session(), process, key)
    return contribution(db.session(), process, key)


def _page(process: Process, refusal: Refusal | None = None) -> str:
    may_moderate = _may_moderate(process)
    queue = queries.waiting(db.session(), process)[:QUEUE_LENGTH] if may_moderate else []
    if may_moderate and (also := request.args.get("also")):
        queue = [_thing(process, also), *queue]
    return render_template(
        "inputs/moderation.html",
        process=process,
        queue=queue,
        log=queries.moderation_log(db.session(), process)[:LOG_LENGTH],
        may_moderate=may_moderate,
        refusal=refusal,
        ticked=request.form.getlist("thing"),
        reason=request.form.get("reason", ""),
    )
