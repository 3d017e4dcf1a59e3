"""The deliberation phase: members sign in, amend, vote, settle a conflict, and adopt a version."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.browser.person import Person

CHARTER = "time"


def a_member_signs_in_with_the_printed_code(member: Person, slug: str, code: str) -> None:
    member.opens("/sign-in")
    member.types(code=code.lower().replace("-", " "))
    member.presses("Sign in with the code")
    member.opens(f"/processes/{slug}/my-panel")
    member.follows("The dossier: what everyone said, and what was learnt elsewhere")


def the_rapporteur_begins_a_charter_from_a_template(rapporteur: Person, slug: str) -> None:
    rapporteur.opens(f"/processes/{slug}/drafting")
    rapporteur.follows("Begin a charter")
    rapporteur.types(key=CHARTER)
    rapporteur.chooses("template", "time")
    rapporteur.presses("Begin the charter")


def the_organiser_publishes_the_version(organiser: Person, slug: str, number: int) -> None:
    organiser.opens(f"/processes/{slug}/drafting/{CHARTER}")
    organiser.follows("Publish version %(number)s", number=number)
    organiser.presses("Publish")


def the_facilitator_opens_a_session(facilitator: Person, slug: str, people: int) -> None:
    facilitator.opens(f"/processes/{slug}/sittings")
    facilitator.types(title_fr="Première séance", title_en="First session", place="Mairie")
    facilitator.types(opens_at=datetime.now(ZoneInfo("Europe/Paris")).strftime("%Y-%m-%dT%H:%M"))
    facilitator.presses("Announce the session")
    boxes = facilitator.field("present")
    assert boxes.count() == people
    for number in range(people):
        boxes.nth(number).check()
    facilitator.presses("Record who is there")


def the_facilitator_makes_tables(facilitator: Person, slug: str) -> None:
    facilitator.opens(f"/processes/{slug}/sittings/1/tables")
    facilitator.follows("Make the tables")
    facilitator.types(tables="2", rounds="2")
    facilitator.presses("Make the tables")
    facilitator.reads("By table")
    facilitator.follows("Cards to print")


def a_member_proposes(member: Person, slug: str, clause: str, text: str, reason: str) -> str:
    """Sees what changes (while typing with scripts, by a button without), then proposes; returns the key."""
    language = member.words.language
    member.opens(f"/processes/{slug}/drafting/{CHARTER}")
    member.opens(f"/processes/{slug}/drafting/{CHARTER}/clauses/{clause}/words")
    member.types(**{f"text_{language}": text})
    if member.scripts:
        member.page.locator(".live-diff ins:visible").first.wait_for()
    else:
        assert not member.page.locator(".live-diff").first.is_visible()
    member.presses("See what changes")
    assert member.page.locator("section[role=status] ins").count()
    member.presses("Keep this change")
    member.types(reason=reason)
    member.presses("Propose the amendment")
    return member.page.url.rsplit("/", 1)[-1]


def a_member_supports(member: Person, slug: str, key: str) -> None:
    member.opens(f"/processes/{slug}/amendments/{key}")
    member.presses("Support it")
    assert member.page.get_by_role("button", name=member.words("Withdraw my support")).is_visible()


def the_facilitator_puts_it_to_the_vote(facilitator: Person, slug: str, key: str) -> str:
    """Returns the address of the ballot."""
    facilitator.opens(f"/processes/{slug}/amendments/{key}")
    facilitator.presses("Open the ballot")
    return facilitator.page.url


def a_member_votes(member: Person, slug: str, *choices: str) -> None:
    """Finds the ballot that waits on their own page."""
    member.opens(f"/processes/{slug}/my-panel")
    member.goes(member.page.locator(".list h3 a").first)
    for choice in choices:
        member.chooses("choice", choice)
    member.presses("Cast my vote")
    member.reads("Your vote was received.")


def the_facilitator_types_in_votes(facilitator: Person, ballot: str, choice: str) -> None:
    """Hands were raised in the room: the same vote for all."""
    facilitator.opens(ballot)
    facilitator.follows("Type in votes given by hand")
    boxes = facilitator.page.locator(f'tbody input[value="{choice}"]')
    for number in range(boxes.count()):
        boxes.nth(number).check()
    facilitator.presses("Record these votes")


def the_facilitator_closes_the_ballot(facilitator: Person, ballot: str) -> None:
    facilitator.opens(ballot)
    facilitator.follows("Close the ballot")
    facilitator.presses("Close and count")
    assert facilitator.page.locator(".tag.good").first.is_visible(), facilitator.text


def the_facilitator_puts_the_conflict_to_the_vote(facilitator: Person, slug: str) -> str:
    facilitator.opens(f"/processes/{slug}/drafting/{CHARTER}/merge")
    facilitator.reads("Where they cannot all be followed")
    facilitator.presses("Put this passage to the vote")
    return facilitator.page.url


def the_facilitator_puts_the_version_to_the_vote(facilitator: Person, slug: str, number: int) -> str:
    facilitator.opens(f"/processes/{slug}/drafting/{CHARTER}/merge")
    facilitator.presses("Open the ballot on version %(number)s", number=number)
    return facilitator.page.url


def the_rapporteur_adopts_the_version(rapporteur: Person, slug: str, number: int) -> None:
    rapporteur.opens(f"/processes/{slug}/drafting/{CHARTER}/merge")
    rapporteur.follows("Adopt version %(number)s", number=number)
    rapporteur.presses("Adopt version %(number)s", number=number)
