"""Pages of the sessions of a panel."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.fields import texts
from deliberate.core.sending import Page, send
from deliberate.deliberation import queries
from deliberate.deliberation.ballots.queries import ballots
from deliberate.deliberation.blueprint import blueprint
from deliberate.deliberation.evidence.forms import EvidenceForm
from deliberate.deliberation.evidence.queries import evidence as put_before
from deliberate.deliberation.notes.forms import NoteForm
from deliberate.deliberation.notes.queries import notes
from deliberate.deliberation.sittings import acts
from deliberate.deliberation.sittings.forms import SittingForm
from deliberate.panels.queries import seat_of
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process
from deliberate.process.rules import YEARS


@blueprint.get("/processes/<slug>/sittings")
def sittings(slug: str) -> Page:
    """Every session of the panel and every ballot."""
    return _sittings(process_here(slug), SittingForm(formdata=None))


def _sittings(process: Process, form: SittingForm) -> str:
    return render_template(
        "deliberation/sittings.html",
        process=process,
        form=form,
        sittings=queries.sittings(db.session(), process),
        ballots=ballots(db.session(), process),
        may_create=allowed(process, "create", "session"),
        may_see_drafts=allowed(process, "see", "amendment"),
    )


@blueprint.post("/processes/<slug>/sittings")
@auth_required("session")
def new_sitting(slug: str) -> Page:
    """Announce a session."""
    process = process_here(slug)
    require_here(process, "create", "session")
    form = SittingForm()
    if form.validate_on_submit():
        try:
            return send(lambda: _open_sitting(process, form))
        except Refusal as refusal:
            field = "title_fr" if refusal.field == "title" else refusal.field
            return _sittings(
                process_here(slug), web.show_refusal(form, Refusal(refusal.template, field, **refusal.values))
            ), refusal.status
    return _sittings(process, form), 422


def _open_sitting(process: Process, form: SittingForm) -> str:
    sitting = acts.open_sitting(
        db.session(),
        actor(),
        process,
        texts(form, "title"),
        _moment(process, form.opens_at.data),
        now(),
        place=form.place.data or "",
        agenda=form.agenda(),
    )
    return url_for("deliberation.sitting", slug=process.slug, number=sitting.number)


def _moment(process: Process, typed: datetime | None) -> datetime:
    assert typed is not None
    if typed.year not in YEARS:
        said = N_("Write a year between %(first)d and %(last)d.")
        raise Refusal(said, "opens_at", first=YEARS.start, last=YEARS.stop - 1)
    return typed.replace(tzinfo=ZoneInfo(process.protocol["time_zone"]))


@blueprint.get("/processes/<slug>/sittings/<int:number>")
def sitting(slug: str, number: int) -> Page:
    """A session: agenda, who is there, what was put before the panel, ballots."""
    return sitting_page(process_here(slug), number)


def sitting_page(
    process: Process, number: int, evidence: EvidenceForm | None = None, note: NoteForm | None = None
) -> str:
    """A session as its reader sees it; the forms are those that were refused."""
    found = queries.sitting(db.session(), process, number)
    inside = allowed(process, "see", "amendment")
    change = allowed(process, "change", "session")
    return render_template(
        "deliberation/sitting.html",
        process=process,
        sitting=found,
        present=queries.present_ids(found, now()),
        members=[
            (member, seat_of(db.session(), process, member.id))
            for member in queries.members(db.session(), process, now())
        ]
        if change
        else [],
        evidence=[one for one in put_before(db.session(), process) if one.sitting_id == found.id]
        if inside
        else [],
        notes=notes(db.session(), found) if inside else [],
        evidence_form=evidence or EvidenceForm(formdata=None),
        note_form=note or NoteForm(formdata=None),
        inside=inside,
        may_change=change,
        may_add_evidence=allowed(process, "create", "evidence"),
    )


@blueprint.post("/processes/<slug>/sittings/<int:number>/attendance")
@auth_required("session")
def attendance(slug: str, number: int) -> Page:
    """Mark who is in the room now."""
    process = process_here(slug)
    found = queries.sitting(db.session(), process, number)
    present = request.form.getlist("present", type=typed.whole)

    def do() -> str:
        count = acts.mark_attendance(db.session(), actor(), found, present, now())
        flash(gettext("%(count)s people are marked as present.", count=count), "success")
        return url_for("deliberation.sitting", slug=slug, number=number)

    return send(do)
