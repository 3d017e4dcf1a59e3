"""Everything by keyboard alone, with the focus seen at every step."""

from playwright.sync_api import Locator, Page

from tests.browser.conftest import NewPerson, Served
from tests.browser.instance import wait_for
from tests.browser.person import Person
from tests.browser.words import Words

STEPS = 80
FOCUS_IS_SEEN = "one => { const how = getComputedStyle(one); return how.outlineStyle !== 'none' && parseFloat(how.outlineWidth) >= 2 }"


def tabs_to(page: Page, target: Locator) -> None:
    """Press Tab until something has the focus, and see that it has."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            assert target.evaluate(FOCUS_IS_SEEN), f"the focus on {target} is not seen"
            return
    raise AssertionError(f"{STEPS} steps of the Tab key do not reach {target} on {page.url}")


def enters(person: Person, target: Locator) -> None:
    """Go there by Tab, and press Enter."""
    tabs_to(person.page, target)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def link(person: Person, source: str) -> Locator:
    return person.page.get_by_role("link", name=person.words(source), exact=True).first


def button(person: Person, source: str) -> Locator:
    return person.page.get_by_role("button", name=person.words(source), exact=True).first


def test_the_first_key_leads_past_the_navigation(served: Served, someone: NewPerson) -> None:
    reader: Person = someone(served.instance, Words("fr"))
    reader.opens(f"/processes/{served.listening.slug}")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    wait_for(lambda: reader.page.evaluate("document.activeElement.id === 'main'"))


def test_a_visitor_answers_by_keyboard_alone(served: Served, someone: NewPerson) -> None:
    visitor: Person = someone(served.instance, Words("fr"))
    visitor.opens(f"/processes/{served.listening.slug}")
    enters(visitor, link(visitor, "Answer the open questions"))
    enters(visitor, visitor.page.locator("ol.list h2 a").first)
    tabs_to(visitor.page, visitor.field("text"))
    visitor.page.keyboard.type("Sans souris, avec le clavier.")

    def sent() -> bool:
        enters(visitor, button(visitor, "Send my answer"))
        return "/receipts/" in visitor.page.url

    wait_for(sent)
    assert "Sans souris, avec le clavier." in visitor.text


def test_a_member_votes_by_keyboard_alone(served: Served, someone: NewPerson) -> None:
    process = served.deliberating
    member: Person = someone(served.instance, Words("fr"))
    member.opens("/sign-in")
    tabs_to(member.page, member.field("code"))
    member.page.keyboard.type(process.codes[1])
    enters(member, button(member, "Sign in with the code"))
    enters(member, link(member, "My panel"))
    enters(member, member.page.locator(".list h3 a").first)
    tabs_to(member.page, member.field("choice").first)
    member.page.keyboard.press("Space")
    assert member.field("choice").first.is_checked()
    enters(member, button(member, "Cast my vote"))
    member.reads("Your vote was received.")
