"""Letters to those who decide for a territory: the link that lets them, what a new version means, what was answered."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from deliberate.core.current import settings
from deliberate.core.i18n import in_language, localized_text
from deliberate.core.jobs import Run
from deliberate.core.mail import post
from deliberate.drafting.models import CharterVersion
from deliberate.publication.adoption.acts import holding_earlier, make_link
from deliberate.publication.adoption.models import Adoption, AdoptionDecision
from deliberate.publication.adoption.queries import row

BY_LINK = "publication.adoption_by_link"


def address(endpoint: str, **values: Any) -> str:
    """The full address of a page, with or without a request under way: from the configured base URL."""
    return settings().base_url + current_app.url_map.bind("localhost").build(endpoint, values)


def send_link(session: Session, adoption: Adoption, now: datetime) -> None:
    """Mail a territory's delegate a new link."""
    secret = make_link(session, adoption, now)
    with in_language(adoption.language):
        body = gettext(
            "Hello,\n\nThis address lets you say, for %(territory)s, which clauses of “%(charter)s” it adopts, and why:\n\n"
            "%(address)s\n\nKeep it to yourself: whoever has it can write in the name of the territory. What you send is "
            "reviewed before it is public. If you did not ask for this, do nothing.\n",
            territory=adoption.territory,
            charter=localized_text(adoption.charter.title),
            address=_own_page(adoption, secret),
        )
        subject = gettext("Adopting a charter for your territory")
    post(session, adoption.contact, subject, body, now)


def tell(run: Run) -> None:
    """Mail those who hold to an earlier version what a new one changed for them."""
    version = run.session.get_one(CharterVersion, run.payload["version"])
    for adoption in holding_earlier(run.session, version.charter, version.number):
        if adoption.contact and adoption.wants_mail:
            _tell(run.session, adoption, version, run.clock())


def _tell(session: Session, adoption: Adoption, version: CharterVersion, now: datetime) -> None:
    changed = len(row(session, adoption).changed)
    secret = make_link(session, adoption, now)
    with in_language(adoption.language):
        touched = ngettext(
            "%(num)s clause that %(territory)s adopted has changed.",
            "%(num)s clauses that %(territory)s adopted have changed.",
            changed,
            territory=adoption.territory,
        )
        if not changed:
            touched = gettext(
                "No clause that %(territory)s adopted has changed.", territory=adoption.territory
            )
        body = gettext(
            "Hello,\n\nVersion %(number)s of “%(charter)s” is published. %(touched)s\n\n"
            "Nothing changes for %(territory)s by itself. To see what changed, and to follow this version or stay with "
            "yours:\n\n%(address)s\n\nOn that page you can also have your address deleted.\n",
            number=version.number,
            charter=localized_text(version.charter.title),
            touched=touched,
            territory=adoption.territory,
            address=_own_page(adoption, secret),
        )
        subject = gettext("A new version of a charter that your territory adopted")
    post(session, adoption.contact, subject, body, now)


def send_review(session: Session, decision: AdoptionDecision, now: datetime) -> None:
    """Mail a delegate what became of what they sent; nothing where no address is kept."""
    adoption = decision.adoption
    if not adoption.contact:
        return
    with in_language(adoption.language):
        if decision.state == "public":
            body = gettext(
                "Hello,\n\nWhat you sent for %(territory)s is now public:\n\n%(address)s\n",
                territory=adoption.territory,
                address=address("publication.adoption", slug=adoption.charter.process.slug, key=adoption.key),
            )
        else:
            body = gettext(
                "Hello,\n\nWhat you sent for %(territory)s is not published, because:\n\n%(reason)s\n\n"
                "You can send it again, changed, by this address:\n\n%(address)s\n",
                territory=adoption.territory,
                reason=decision.refusal,
                address=_own_page(adoption, make_link(session, adoption, now)),
            )
        subject = gettext("What you sent for your territory")
    post(session, adoption.contact, subject, body, now)


def send_answer(
    session: Session, adoption: Adoption, contact: str, language: str, answer: str, now: datetime
) -> None:
    """Mail the answer to a contest; the address it goes to has been deleted by then."""
    with in_language(language):
        body = gettext(
            "Hello,\n\nYou contested the entry of %(territory)s in the register. The organisers answer:\n\n%(answer)s\n\n"
            "%(address)s\n\nYour e-mail address has now been deleted.\n",
            territory=adoption.territory,
            answer=answer,
            address=address("publication.adoption", slug=adoption.charter.process.slug, key=adoption.key),
        )
        subject = gettext("The answer to your contest")
    post(session, contact, subject, body, now)


def _own_page(adoption: Adoption, secret: str) -> str:
    return address(BY_LINK, slug=adoption.charter.process.slug, secret=secret)
