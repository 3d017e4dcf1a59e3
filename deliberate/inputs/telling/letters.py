"""Writing the letters: everything that happened to the contributions of one address, in one letter."""

from collections.abc import Sequence

from flask import current_app, render_template
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from deliberate.core.current import settings
from deliberate.core.i18n import in_language
from deliberate.core.jobs import Run
from deliberate.core.mail import post
from deliberate.inputs.contributing.models import ContributorContact
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.models import Appeal
from deliberate.inputs.telling.models import ContributorNotice
from deliberate.process.queries import appointed

Due = dict[tuple[str, str], dict[Contribution, set[str]]]


def write_letters(run: Run) -> None:
    """Mail what is noted and forget the notes, in one transaction: a worker that is killed sends nothing twice."""
    notices = run.session.scalars(
        select(ContributorNotice)
        .options(joinedload(ContributorNotice.contribution))
        .order_by(ContributorNotice.contribution_id, ContributorNotice.id)
    ).all()
    for (address, language), told in _due(run.session, notices).items():
        with in_language(language):
            subject = gettext("What became of what you said")
            body = render_template("inputs/telling/letter.txt", told=told, page=_page)
        post(run.session, address, subject, body, run.clock())
    for notice in notices:
        run.session.delete(notice)


def write_to_guarantors(run: Run) -> None:
    """Mail each guarantor of a process that an appeal waits, and until when."""
    appeal = run.session.get_one(Appeal, run.payload["appeal"])
    if appeal.state != "waiting":
        return
    page = _address("inputs.appeals", slug=appeal.process.slug)
    for one in appointed(run.session, appeal.process, "guarantor", run.clock()):
        with in_language(one.user.language):
            subject = gettext("An appeal waits for your decision")
            body = render_template("inputs/telling/appeal.txt", appeal=appeal, page=page)
        post(run.session, one.user.email, subject, body, run.clock())


def _due(session: Session, notices: Sequence[ContributorNotice]) -> Due:
    """What each address is told: the contributions with what happened to each."""
    noted = ContributorContact.contribution_id.in_(select(ContributorNotice.contribution_id))
    left = session.scalars(select(ContributorContact).where(noted))
    contacts = {contact.contribution_id: contact for contact in left}
    due: Due = {}
    for notice in notices:
        if contact := contacts.get(notice.contribution_id):
            told = due.setdefault((contact.address, contact.language), {})
            told.setdefault(notice.contribution, set()).add(notice.what)
    return due


def _page(contribution: Contribution) -> str:
    return _address("inputs.contribution", slug=contribution.process.slug, key=contribution.key)


def _address(endpoint: str, **values: str) -> str:
    """The full address of a page, made from the configured base address."""
    return settings().base_url + current_app.url_map.bind("localhost").build(endpoint, values)
