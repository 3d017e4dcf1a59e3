"""Pages of an amendment: what it changes and why, support, withdrawal, the vote."""

from typing import TypedDict

from flask import render_template, request, url_for
from flask_security import auth_required

from charters.model import Charter as Document
from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.fields import choices
from deliberate.core.i18n import localized_text, sentence
from deliberate.core.sending import Page, send
from deliberate.deliberation.ballots.queries import ballots
from deliberate.deliberation.forms import PresenceForm
from deliberate.deliberation.models import Sitting
from deliberate.deliberation.queries import sittings
from deliberate.drafting import acts, folding, pending, queries
from deliberate.drafting.blueprint import Shown, blueprint, in_place, shown_changes
from deliberate.drafting.models import Amendment
from deliberate.drafting.rules import amended, document
from deliberate.inputs.experience.queries import lessons_by_key
from deliberate.inputs.queries import contributions_by_key
from deliberate.people.current import actor, user
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

OPEN = ("proposed", "ballot", "accepted")


def presence_form(process: Process) -> PresenceForm:
    """Where a ballot opens, the last session first."""
    form = PresenceForm()
    found = reversed(sittings(db.session(), process))
    form.sitting.choices = choices(
        [*((str(one.number), localized_text(one.title)) for one in found), ("0", "–")]
    )
    return form


def amendment_here(slug: str, key: str) -> tuple[Process, Amendment]:
    """An amendment, for those whom drafts are open to; for everyone once it is part of a published version."""
    process = process_here(slug)
    found = queries.amendment(db.session(), process, key)
    published = [one.number for one in queries.published_versions(db.session(), found.charter)]
    if found.state != "adopted" or found.version_number not in published:
        require_here(process, "see", "amendment")
    return process, found


@blueprint.get("/processes/<slug>/amendments/<key>")
def amendment(slug: str, key: str) -> Page:
    """An amendment: what it changes, why, what it answers, who supports it, the vote."""
    process, found = amendment_here(slug, key)
    return _page(process, found, presence_form(process))


def _page(process: Process, found: Amendment, form: PresenceForm) -> str:
    base = pending.written_on(db.session(), found)
    me = user()
    mine = me is not None and found.author_id == me.id
    inside = allowed(process, "see", "amendment")
    parent = found.amends
    return render_template(
        "drafting/amendment.html",
        process=process,
        amendment=found,
        shown=in_place(base, amended(found.key, found.operations, base)),
        together=_together(found, base) if parent else [],
        problem=sentence(*found.problem) if found.problem else None,
        contributions=contributions_by_key(db.session(), process, found.answers),
        lessons=lessons_by_key(db.session(), process, found.answers),
        ballots=ballots(db.session(), process, found.subject),
        supported=queries.supported_by(db.session(), found, me.id if me else None),
        mine=mine,
        takes_in=me is not None
        and parent is not None
        and parent.author_id == me.id
        and parent.state == "proposed",
        inside=inside,
        may_propose=allowed(process, "create", "amendment"),
        rivals=_rivals(found) if inside else [],
        may_support=allowed(process, "support", "amendment"),
        may_withdraw=allowed(process, "change", "amendment"),
        may_open=allowed(process, "create", "ballot"),
        form=form,
    )


def _together(found: Amendment, base: Document) -> list[Shown]:
    """What an amendment makes of the charter once this change is part of it."""
    version = document(queries.version(db.session(), found.charter, found.base_number).content)
    return shown_changes(version, amended(found.key, found.operations, base))


def _rivals(found: Amendment) -> list[Amendment]:
    """The open amendments that cannot be followed together with this one."""
    if (
        found.amends_id is not None
        or found.state not in OPEN
        or found.base_number != found.charter.latest.number
    ):
        return []
    others = [one for one in pending.amended_here(db.session(), found.charter, *OPEN) if one is not found]
    against = pending.rivals(db.session(), found.charter, [found, *others])[found.key]
    return [one for one in others if one.key in against]


@blueprint.post("/processes/<slug>/amendments/<key>/fold")
@auth_required("session")
def fold(slug: str, key: str) -> Page:
    """Take a change into one's own amendment."""
    _process, found = amendment_here(slug, key)

    def do() -> str:
        parent = folding.fold(db.session(), actor(), found, now())
        return url_for("drafting.amendment", slug=slug, key=parent.key)

    return send(do)


@blueprint.post("/processes/<slug>/amendments/<key>/support")
@auth_required("session")
def support(slug: str, key: str) -> Page:
    """Support an amendment, or take one's support back."""
    _process, found = amendment_here(slug, key)
    me = user()

    def do() -> str:
        supported = queries.supported_by(db.session(), found, me.id if me else None)
        (acts.withdraw_support if supported else acts.support)(db.session(), actor(), found, now())
        if clause := request.args.get("clause"):
            return url_for("drafting.clause", slug=slug, key=found.charter.key, clause=clause, _anchor=key)
        return url_for("drafting.amendment", slug=slug, key=key)

    return send(do)


@blueprint.post("/processes/<slug>/amendments/<key>/withdraw")
@auth_required("session")
def withdraw(slug: str, key: str) -> Page:
    """Take one's amendment back."""
    _process, found = amendment_here(slug, key)

    def do() -> str:
        acts.withdraw(db.session(), actor(), found, now())
        return url_for("drafting.amendment", slug=slug, key=key)

    return send(do)


@blueprint.post("/processes/<slug>/amendments/<key>/ballot")
@auth_required("session")
def put_to_ballot(slug: str, key: str) -> Page:
    """Open the vote on an amendment."""
    process, found = amendment_here(slug, key)
    require_here(process, "create", "ballot")
    form = presence_form(process)
    if not form.validate_on_submit():
        return _page(process, found, form), 422

    def do() -> str:
        ballot = acts.put_to_ballot(db.session(), actor(), found, now(), **chosen_presence(process, form))
        return url_for("deliberation.ballot", slug=slug, number=ballot.number)

    try:
        return send(do)
    except Refusal as refusal:
        process, found = amendment_here(slug, key)
        return _page(process, found, web.show_refusal(form, refusal)), refusal.status


class Presence(TypedDict):
    """Where a ballot opens, as acts take it."""

    sitting: Sitting | None
    present: int | None


def chosen_presence(process: Process, form: PresenceForm) -> Presence:
    """The sitting and the number present, as acts take them."""
    found = next((one for one in sittings(db.session(), process) if one.number == form.sitting.data), None)
    return {"sitting": found, "present": form.present.data}
