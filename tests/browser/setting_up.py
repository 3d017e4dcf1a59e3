"""The first steps of a process: signing in, choosing a template, the remit, the protocol, its lock, the team."""

from tests.browser.instance import Instance
from tests.browser.person import Person

TEAM = ("facilitator", "rapporteur", "moderator", "guarantor")


def the_organiser_signs_in_by_the_printed_link(organiser: Person, link: str) -> None:
    organiser.opens(link)
    organiser.presses("Sign in")
    organiser.reads("You hold no role in a process yet.")


def the_printed_link_no_longer_works(visitor: Person, link: str) -> None:
    visitor.opens(link)
    visitor.presses("Sign in", status=410)


def the_organiser_creates_a_process_from_a_template(organiser: Person) -> str:
    """Returns the short name of the process, as its addresses bear it."""
    organiser.follows("Create a process")
    organiser.chooses("template", "single")
    organiser.presses("Create the draft")
    return organiser.page.url.split("/")[-2]


def the_organiser_edits_the_remit(organiser: Person, slug: str) -> None:
    organiser.opens(f"/processes/{slug}/set-up")
    organiser.types(title_fr="", title_en="")
    organiser.presses("Record and go on to the protocol", status=422)
    organiser.reads("Give the process a title.")
    organiser.types(title_fr="La charte de la place", title_en="The charter of the square")
    organiser.types(commissioned_by_fr="la commune", commissioned_by_en="the municipality")
    organiser.presses("Record and go on to the protocol")


def the_organiser_edits_the_protocol(organiser: Person) -> None:
    """Six seats, two alternates, a lottery of a hundred panels: two balls. Nothing to wait for before the dossier."""
    organiser.types(panel__size="1", panel__alternates="2", panel__panels="100", contest_days="0")
    organiser.presses("Record and read it once more", status=422)
    organiser.reads("Say how many people are to be drawn: at least 2.")
    organiser.types(panel__size="6", panel__randomness_fr="Deux boules tirées sur la place")
    organiser.types(panel__randomness_en="Two balls drawn on the square")
    organiser.presses("Record and read it once more")


def the_organiser_locks_the_protocol(organiser: Person) -> None:
    organiser.presses("Lock and publish the protocol")
    organiser.reads("The protocol is locked and published.")


def the_organiser_appoints_the_team(organiser: Person, slug: str) -> None:
    organiser.opens(f"/processes/{slug}/people")
    for role in TEAM:
        organiser.types(name=role.title(), email=address_of(role, slug))
        organiser.chooses("role", role)
        organiser.presses("Give this role")
        organiser.reads("Recorded. This person signs in with a link sent to their address.")


def a_team_member_signs_in_by_mail(member: Person, instance: Instance, email: str) -> None:
    member.opens("/sign-in")
    member.types(email=email)
    member.presses("Send me a link")
    member.opens(instance.sign_in_link(email))
    member.presses("Sign in")


def address_of(role: str, slug: str) -> str:
    return f"{role}@{slug}.example.org"
