"""Pages of the register of adoptions: the register, an entry, a territory entering, what it decides."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Conflict, NotFound, Refusal
from deliberate.core.fields import choices, in_my_language
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send
from deliberate.drafting.models import Charter
from deliberate.people.acts import ATTEMPTS_PER_ACCOUNT, count_attempt
from deliberate.people.current import actor
from deliberate.people.rules import VISITOR
from deliberate.process.current import allowed, require_here
from deliberate.process.models import Process
from deliberate.publication import naming, reading
from deliberate.publication.adoption import acts, letters, names, queries
from deliberate.publication.adoption.acts import Decision
from deliberate.publication.adoption.changes import changes_since
from deliberate.publication.adoption.contests import contest_adoption
from deliberate.publication.adoption.forms import ContestForm, DecisionForm, EnteredForm, TerritoryForm
from deliberate.publication.adoption.models import Adoption
from deliberate.publication.adoption.rules import KINDS, possible, standing
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import charter_at, process_at

PER_ADDRESS = 10
CAPABILITIES = ("create", "change", "moderate", "contest", "answer")


def rights(process: Process) -> dict[str, bool]:
    """What the person who asks may do in the register now."""
    return {name: allowed(process, name, "adoption") for name in CAPABILITIES}


@blueprint.get("/processes/<slug>/adoptions")
def adoptions(slug: str) -> str:
    """The register: which territory adopted what, filtered by charter and by name; what awaits the team."""
    process = process_at(slug)
    asked, charter = request.args.get("q", "").strip()[:100], request.args.get("charter", "")[:64]
    may = rights(process)
    return render_template(
        "publication/adoption/register.html",
        process=process,
        rows=queries.adoptions(db.session(), process, charter, asked),
        charters=[row.charter for row in reading.charter_rows(db.session(), process) if row.versions],
        asked=asked,
        charter=charter,
        waiting=queries.waiting(db.session(), process) if may["moderate"] else [],
        contests=queries.contests_to_answer(db.session(), process) if may["answer"] else [],
        may=may,
        kinds=KINDS,
    )


@blueprint.get("/processes/<slug>/adoptions/<key>")
def adoption(slug: str, key: str) -> str:
    """What a territory adopted, what changed in it since, all that it decided, and what was contested."""
    process = process_at(slug)
    return _entry_page(process, queries.public_adoption(db.session(), process, key), ContestForm())


def _entry_page(process: Process, entry: Adoption, form: ContestForm) -> str:
    row = queries.row(db.session(), entry)
    return render_template(
        "publication/adoption/entry.html",
        process=process,
        row=row,
        form=form,
        may=rights(process),
        **_changes(row),
    )


def _changes(row: queries.Row) -> dict[str, Any]:
    """What changed since, in the reader's language, as the pages show it."""
    held = reading.published_version(db.session(), row.adoption.charter, row.standing.version)
    old, new = reading.as_stored(held), reading.as_stored(row.latest)
    shown = (naming.shown_language(dict.fromkeys(new.document.languages, "x")),)
    return {"found": changes_since(old, new, row.standing.clauses, shown), "shown": shown, "kinds": KINDS}


@blueprint.route("/processes/<slug>/charters/<key>/adopt", methods=["GET", "POST"])
def adopt_charter(slug: str, key: str) -> Page:
    """A territory enters the register: an organiser goes on to its decision, a delegate is mailed a link."""
    process, charter = charter_at(slug, key)
    require_here(process, "create", "adoption")
    form = EnteredForm() if allowed(process, "change", "adoption") else TerritoryForm()
    if not form.validate_on_submit():
        return _territory_page(process, charter, form), 422 if form.is_submitted() else 200
    enter = _enter if isinstance(form, EnteredForm) else _ask_link
    try:
        return send(lambda: enter(process, charter, form))
    except Refusal as refusal:
        return _territory_page(process, charter, web.show_refusal(form, refusal)), refusal.status


def _territory_page(process: Process, charter: Charter, form: TerritoryForm) -> str:
    version = reading.in_force(db.session(), charter)
    if version is None:
        raise NotFound(N_("No version of this charter is published yet: there is nothing to adopt."))
    return render_template(
        "publication/adoption/territory.html", process=process, charter=charter, version=version, form=form
    )


def _new_entry(charter: Charter, form: TerritoryForm) -> Adoption:
    return acts.enter_territory(
        db.session(), actor(), charter, form.territory.data or "", form.kind.data, now(),
        contact=form.contact.data or "", language=language(), wants_mail=form.wants_mail.data,
    )  # fmt: skip


def _enter(process: Process, charter: Charter, form: TerritoryForm) -> str:
    entry = _new_entry(charter, form)
    return url_for(
        "publication.decide_adoption", slug=process.slug, key=entry.key, clause=request.args.getlist("clause")
    )


def _ask_link(process: Process, charter: Charter, form: TerritoryForm) -> str:
    count_attempt(db.session(), f"adoption:{request.remote_addr}", PER_ADDRESS, now())
    asked_for = (form.contact.data or "").strip().lower()
    count_attempt(db.session(), f"adoption:{asked_for}", ATTEMPTS_PER_ACCOUNT, now())
    letters.send_link(db.session(), _new_entry(charter, form), now())
    flash(
        gettext("A link was sent to that address. Open it to say what your territory adopts, and why."),
        "success",
    )
    return url_for("publication.charter", slug=process.slug, key=charter.key)


@blueprint.route("/processes/<slug>/adoptions/<key>/decide", methods=["GET", "POST"])
@auth_required("session")
def decide_adoption(slug: str, key: str) -> Page:
    """An organiser enters what a territory decided."""
    process = process_at(slug)
    require_here(process, "change", "adoption")
    entry = queries.adoption(db.session(), process, key)

    def decide(chosen: Decision, after: int) -> str:
        acts.decide(db.session(), actor(), entry, chosen, now(), after=after)
        flash(gettext("The decision is public."), "success")
        return url_for("publication.adoption", slug=slug, key=key)

    return _decision(process, entry, "decide", decide)


@blueprint.route("/processes/<slug>/adoption-links/<secret>", methods=["GET", "POST"])
def adoption_by_link(slug: str, secret: str) -> Page:
    """The page of a territory's delegate: where it stands, what changed, what it decides. Opening it does nothing."""
    process = process_at(slug)
    entry = queries.by_link(db.session(), process, secret)

    def decide(chosen: Decision, after: int) -> str:
        acts.propose_decision(db.session(), VISITOR, entry, chosen, now(), after=after)
        flash(gettext("Received. It will be public once it was reviewed."), "success")
        return url_for("publication.adoption_by_link", slug=slug, secret=secret)

    return _decision(process, entry, "by_link", decide, secret=secret)


@blueprint.post("/processes/<slug>/adoption-links/<secret>/erase")
def erase_own_contact(slug: str, secret: str) -> Page:
    """A delegate has their address deleted; their links stop working."""
    process = process_at(slug)
    entry = queries.by_link(db.session(), process, secret)
    register = url_for("publication.adoptions", slug=slug)

    def erase() -> str:
        acts.erase_contact(db.session(), VISITOR, entry, now(), delegate=True)
        flash(
            gettext("Your address was deleted, and this link works no more. What is public stays."), "success"
        )
        return register

    return send(erase, register)


def _decision(
    process: Process, entry: Adoption, template: str, decide: Callable[[Decision, int], str], **more: str
) -> Page:
    """Show what a territory can decide now, or do what it decided."""
    form = _decision_form(entry)

    def page() -> str:
        row = queries.row(db.session(), entry) if entry.public else None
        seen = _changes(row) if row else {"kinds": KINDS}
        return render_template(
            f"publication/adoption/{template}.html",
            process=process,
            one=entry,
            row=row,
            form=form,
            **seen,
            **more,
        )

    if not form.validate_on_submit():
        return page(), 422 if form.is_submitted() else 200
    try:
        again = url_for("publication.adoptions", slug=process.slug) if more else None
        return send(lambda: decide(_chosen(entry, form), _after(form)), again)
    except Refusal as refusal:
        web.show_refusal(form, refusal)
        return page(), refusal.status


def _decision_form(entry: Adoption) -> DecisionForm:
    latest = reading.in_force(db.session(), entry.charter)
    if latest is None:
        raise Conflict(N_("No version of this charter is published yet: there is nothing to adopt."))
    held = standing(entry.public)
    passages = reading.passages(reading.as_stored(latest))
    known = [passage.clause.id for passage in passages]
    before = [one for one in (held.clauses if held else request.args.getlist("clause")) if one in known]
    after = entry.decisions[-1].number if entry.decisions else 0
    form = DecisionForm(
        scope="chosen" if before else "whole",
        clauses=before,
        after=after,
        decision="adopt" if held is None else None,
    )
    form.decision.choices = choices(
        (one, _decision_said(one, latest.number, held.version if held else 0))
        for one in possible(held, latest.number)
    )
    form.scope.choices = choices(
        (
            ("whole", gettext("the whole charter")),
            ("chosen", gettext("the passages ticked below, with what stands under them")),
        )
    )
    form.clauses.choices = choices((passage.clause.id, names.passage_said(passage)) for passage in passages)
    return form


def _decision_said(decision: str, latest: int, held: int) -> str:
    said = {
        "adopt": N_("adopt version %(latest)s, or other passages of it")
        if held
        else N_("adopt version %(latest)s"),
        "follow": N_("follow: go on from version %(held)s to version %(latest)s"),
        "stay": N_("stay with version %(held)s, having read version %(latest)s"),
        "end": N_("end the adoption"),
    }[decision]
    return str(gettext(said, latest=latest, held=held))


def _after(form: DecisionForm) -> int:
    try:
        return typed.whole(form.after.data or "0")
    except ValueError:
        return -1


def _chosen(entry: Adoption, form: DecisionForm) -> Decision:
    latest = reading.in_force(db.session(), entry.charter)
    assert latest is not None
    clauses = tuple(form.clauses.data or ()) if form.scope.data == "chosen" else ()
    if form.scope.data == "chosen" and not clauses and form.decision.data in ("adopt", "follow"):
        raise Refusal(N_("Tick at least one passage, or adopt the whole charter."), field="clauses")
    return Decision(form.decision.data, latest.number, clauses, in_my_language(form.reason.data))


@blueprint.post("/processes/<slug>/adoptions/<key>/contests")
def contest_entry(slug: str, key: str) -> Page:
    """Somebody says what is wrong with an entry."""
    process = process_at(slug)
    entry = queries.public_adoption(db.session(), process, key)
    form = ContestForm()

    def file() -> str:
        count_attempt(db.session(), f"contest:{request.remote_addr}", PER_ADDRESS, now())
        contest_adoption(
            db.session(), actor(), entry, form.text.data or "", now(), language=language(),
            contact=form.contact.data or "",
        )  # fmt: skip
        flash(gettext("Received. It will be public here with its answer."), "success")
        return url_for("publication.adoption", slug=slug, key=key)

    if not form.validate_on_submit():
        return _entry_page(process, entry, form), 422
    try:
        return send(file)
    except Refusal as refusal:
        return _entry_page(process, entry, web.show_refusal(form, refusal)), refusal.status
