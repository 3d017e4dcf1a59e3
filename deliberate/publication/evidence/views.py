"""Pages of new evidence: attaching an experience to a passage, the list, the receipt."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.fields import choices, in_my_language
from deliberate.core.i18n import language, localized_text
from deliberate.core.sending import Page, send, send_form
from deliberate.drafting.models import Charter
from deliberate.inputs.blueprint import input_name, text_asked
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.experience.queries import lesson as lesson_at
from deliberate.inputs.experience.queries import shelf
from deliberate.inputs.forms import refuse_program
from deliberate.inputs.rules import new_receipt
from deliberate.people.acts import count_attempt
from deliberate.people.current import actor
from deliberate.process.current import allowed, require_here
from deliberate.process.models import Process
from deliberate.publication import naming, reading
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import charter_at, process_at
from deliberate.publication.evidence import acts, queries
from deliberate.publication.evidence.forms import DecisionForm, EvidenceForm
from deliberate.publication.evidence.models import NewEvidence
from deliberate.publication.evidence.rules import LONGEST

PER_ADDRESS = 60
SHOWN_FIRST = 8
STATE_NAMES = {
    "waiting": N_("waits to be read"),
    "published": N_("public"),
    "refused": N_("not published"),
    "removed": N_("removed"),
    "withdrawn": N_("withdrawn"),
}


@blueprint.route("/processes/<slug>/charters/<key>/clauses/<id>/evidence", methods=["GET", "POST"])
def attach_evidence(slug: str, key: str, id: str) -> Page:
    """Choose an experience and say why it bears on the passage."""
    process, charter = charter_at(slug, key)
    require_here(process, "create", acts.OBJECT)
    passage = _passage(charter, id)
    words = text_asked("words")
    found = shelf(db.session(), process, {}, words, "best" if words else "newest", 1, language()).lessons
    form = EvidenceForm()
    found = found if words else found[:SHOWN_FIRST]
    form.lesson.choices = choices((one.key, _label(one)) for one in found)
    page = {"process": process, "charter": charter, "passage": passage, "words": words, "lessons": found}
    page["may_tell"] = allowed(process, "create", "lesson")
    back = url_for("publication.clause", slug=slug, key=key, id=id)

    def show() -> str:
        return render_template("publication/evidence/attach.html", form=form, longest=LONGEST, **page)

    return send_form(form, lambda: _attach(charter, id, form, back), show, again=back)


def _label(one: Lesson) -> str:
    """An experience in a list to choose from: its title, how it ended, where."""
    told = filter(None, (input_name(one.outcome), one.territory))
    return f"{localized_text(one.title)} ({', '.join(told)})"


def _passage(charter: Charter, id: str) -> reading.Passage:
    version = reading.in_force(db.session(), charter)
    known = reading.passages(reading.as_stored(version)) if version else []
    passage = next((one for one in known if one.clause.id == id), None)
    if passage is None:
        raise NotFound(N_("The charter in force has no passage at this address."))
    return passage


def _attach(charter: Charter, id: str, form: EvidenceForm, back: str) -> str:
    refuse_program(form)
    process = charter.process
    trusted = allowed(process, "moderate", acts.OBJECT)
    if not trusted:
        count_attempt(db.session(), f"evidence:{request.remote_addr}", PER_ADDRESS, now())
    secret = "" if trusted else new_receipt()
    lesson = lesson_at(db.session(), process, form.lesson.data)
    why = in_my_language(form.why.data)
    acts.attach_evidence(db.session(), actor(), charter, id, lesson, why, now(), secret=secret)
    if trusted:
        flash(gettext("It is attached, and public."), "success")
        return back
    flash(gettext("Thank you. Keep this page’s address: it is your receipt."), "success")
    return url_for("publication.evidence_receipt", secret=secret)


@blueprint.get("/processes/<slug>/evidence")
def new_evidence(slug: str) -> Page:
    """Everything attached to passages since, by charter; what waits, for whoever moderates."""
    return _list(process_at(slug), DecisionForm(formdata=None))


def _list(process: Process, form: DecisionForm, about: str = "") -> str:
    session = db.session()
    known = session.scalars(queries.published(process)).all()
    gathered = queries.gathered(session, process)
    may_moderate = allowed(process, "moderate", acts.OBJECT)
    return render_template(
        "publication/evidence/list.html",
        process=process,
        gathered=gathered,
        known=known,
        decided=queries.decided(session, process),
        waiting=queries.waiting(session, process) if may_moderate else [],
        names=_names(session, [one.charter for one in gathered]),
        may_moderate=may_moderate,
        may_plan=allowed(process, "change", "process"),
        states=STATE_NAMES,
        form=form,
        about=about,
    )


def _names(session: Any, charters: Sequence[Charter]) -> dict[tuple[int, str], str]:
    known = queries.passage_names(session, charters)
    return {place: naming.passage_name(passage) for place, passage in known.items()}


@blueprint.post("/processes/<slug>/evidence/<key>")
def decide_evidence(slug: str, key: str) -> Page:
    """Publish, refuse or remove what was attached."""
    process = process_at(slug)
    require_here(process, "moderate", acts.OBJECT)
    found, form = queries.evidence(db.session(), process, key), DecisionForm()

    def do() -> str:
        acts.decide_evidence(
            db.session(), actor(), found, form.decision.data or "", form.reason.data or "", now()
        )
        flash(gettext("Recorded."), "success")
        return url_for("publication.new_evidence", slug=slug)

    return send_form(form, do, lambda: _list(process, form, key))


@blueprint.route("/evidence-receipts/<secret>", methods=["GET", "POST"])
def evidence_receipt(secret: str) -> Page:
    """What became of what one attached; the button takes it back."""
    found = acts.evidence_of(db.session(), secret)
    here = url_for("publication.evidence_receipt", secret=secret)

    def do() -> str:
        acts.withdraw_evidence(db.session(), secret, now())
        flash(gettext("Your words were withdrawn and erased."), "success")
        return here

    if request.method == "POST":
        return send(do, again=here)
    address = web.outside_address("publication.evidence_receipt", secret=secret)
    return render_template(
        "publication/evidence/receipt.html",
        process=found.charter.process,
        found=found,
        secret=secret,
        address=address,
        states=STATE_NAMES,
    )


@blueprint.app_template_global("lesson_clauses")
def lesson_clauses(process: Process, lesson: Lesson) -> list[dict[str, Any]]:
    """The passages that a lesson is new evidence for: address, name, why."""
    found = queries.evidence_from(db.session(), lesson)
    names = _names(db.session(), list({one.charter_id: one.charter for one in found}.values()))
    return [_as_link(process, one, names) for one in found]


def _as_link(process: Process, one: NewEvidence, names: dict[tuple[int, str], str]) -> dict[str, Any]:
    address = url_for("publication.clause", slug=process.slug, key=one.charter.key, id=one.clause)
    name = names.get((one.charter_id, one.clause), one.clause)
    return {"address": address, "name": f"{localized_text(one.charter.title)} — {name}", "why": one.why}


@blueprint.app_template_global("evidence_due")
def evidence_due(process: Process) -> bool:
    """Whether something waits to be moderated, or enough came in to consider a new round."""
    session = db.session()
    return bool(queries.waiting(session, process)) or any(
        one.due for one in queries.gathered(session, process)
    )
