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
from deliberate.inputs.telling.models import ContributorNotice

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


def _due(session: Session, notices: Sequence[ContributorNotice]) -> Due:
    """What each address is told: the contributions with what happened to each."""
    due: Due = {}
    for notice in notices:
        contact = session.get(ContributorContact, notice.contribution_id)
        if contact is not None:
            told = due.setdefault((contact.address, contact.language), {})
            told.setdefault(notice.contribution, set()).add(notice.what)
    return due


def _page(contribution: Contribution) -> str:
    """The full address of a contribution’s page, made from the configured base address."""
    path = current_app.url_map.bind("localhost").build(
        "inputs.contribution", {"slug": contribution.process.slug, "key": contribution.key}
    )
    return settings().base_url + path
