"""Pages of an amendment: what it changes and why, support, withdrawal, the vote."""

from typing import TypedDict

from flask import render_template, url_for
from flask_security import auth_required

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.fields import choices
from deliberate.core.i18n import localized_text, sentence
from deliberate.core.sending import Page, send
from deliberate.deliberation.forms import PresenceForm
from deliberate.deliberation.models import Sitting
from deliberate.deliberation.queries import ballots, sittings
from deliberate.drafting import acts, queries
from deliberate.drafting.blueprint import blueprint, shown_changes
from deliberate.drafting.models import Amendment
from deliberate.drafting.rules import amended, document
from deliberate.inputs.queries import contributions_by_key, lessons_by_key
from deliberate.people.current import actor, user
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process


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
    base = document(queries.version(db.session(), found.charter, found.base_number).content)
    me = user()
    return render_template(
        "drafting/amendment.html",
        process=process,
        amendment=found,
        shown=shown_changes(base, amended(found.key, found.operations, base)),
        problem=sentence(*found.problem) if found.problem else None,
        contributions=contributions_by_key(db.session(), process, found.answers),
        lessons=lessons_by_key(db.session(), process, found.answers),
        ballots=ballots(db.session(), process, found.subject),
        supported=queries.supported_by(db.session(), found, me.id if me else None),
        mine=me is not None and found.author_id == me.id,
        inside=allowed(process, "see", "amendment"),
        may_support=allowed(process, "support", "amendment"),
        may_withdraw=allowed(process, "change", "amendment"),
        may_open=allowed(process, "create", "ballot"),
        form=form,
    )


@blueprint.post("/processes/<slug>/amendments/<key>/support")
@auth_required("session")
def support(slug: str, key: str) -> Page:
    """Support an amendment, or take one's support back."""
    _process, found = amendment_here(slug, key)
    me = user()

    def do() -> str:
        supported = queries.supported_by(db.session(), found, me.id if me else None)
        (acts.withdraw_support if supported else acts.support)(db.session(), actor(), found, now())
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
