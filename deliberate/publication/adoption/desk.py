"""What the team does with the register: reviews what territories send, answers contests, deletes an address."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotPermitted, Refusal
from deliberate.core.i18n import sentence
from deliberate.core.sending import Page, send
from deliberate.people.current import actor
from deliberate.publication.adoption import acts, letters, queries
from deliberate.publication.adoption.contests import answer_contest, contest_of
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import process_at


def _do(slug: str, act: Callable[[], object], said: str) -> Page:
    """Answer one button of the register: do the act once and say so; a refusal is said on the page instead."""
    register = url_for("publication.adoptions", slug=slug)

    def act_and_say() -> str:
        act()
        flash(gettext(said), "success")
        return register

    try:
        return send(act_and_say)
    except NotPermitted:
        raise
    except Refusal as refusal:
        flash(sentence(refusal.template, refusal.values), "error")
        return redirect(register)


@blueprint.post("/processes/<slug>/adoptions/<key>/decisions/<int:number>/publish")
@auth_required("session")
def publish_decision(slug: str, key: str, number: int) -> Page:
    """Publish what a delegate sent, and tell them."""
    decision = queries.decision_of(queries.adoption(db.session(), process_at(slug), key), number)

    def publish() -> None:
        acts.publish_decision(db.session(), actor(), decision, now())
        letters.send_review(db.session(), decision, now())

    return _do(slug, publish, N_("The decision is public."))


@blueprint.post("/processes/<slug>/adoptions/<key>/decisions/<int:number>/refuse")
@auth_required("session")
def refuse_decision(slug: str, key: str, number: int) -> Page:
    """Do not publish what a delegate sent, and tell them why."""
    decision = queries.decision_of(queries.adoption(db.session(), process_at(slug), key), number)

    def refuse() -> None:
        acts.refuse_decision(db.session(), actor(), decision, request.form.get("reason", ""), now())
        letters.send_review(db.session(), decision, now())

    return _do(slug, refuse, N_("It is not published; the reason is in the public journal."))


@blueprint.post("/processes/<slug>/adoptions/<key>/contests/<int:number>/answer")
@auth_required("session")
def answer_adoption_contest(slug: str, key: str, number: int) -> Page:
    """Answer a contest in public, and by mail where an address was given."""
    entry = queries.adoption(db.session(), process_at(slug), key)
    contest = contest_of(entry, number)

    def answer() -> None:
        show = "hide" not in request.form
        contact = answer_contest(
            db.session(), actor(), contest, request.form.get("answer", ""), now(), show=show
        )
        if contact:
            letters.send_answer(db.session(), entry, contact, contest.language, contest.answer, now())

    return _do(slug, answer, N_("The answer is published."))


@blueprint.post("/processes/<slug>/adoptions/<key>/contact/erase")
@auth_required("session")
def erase_adoption_contact(slug: str, key: str) -> Page:
    """Delete how a territory's delegate is reached."""
    entry = queries.adoption(db.session(), process_at(slug), key)
    return _do(
        slug,
        lambda: acts.erase_contact(db.session(), actor(), entry, now()),
        N_("The address was deleted, and its links work no more."),
    )
