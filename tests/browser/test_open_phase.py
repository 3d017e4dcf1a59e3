"""An open phase as three people live it: a visitor on a phone, a facilitator with thirty sheets, a rapporteur."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.browser.conftest import NewPerson
from tests.browser.instance import Instance, wait_for
from tests.browser.person import Person
from tests.browser.prepared import (
    HEARD,
    QUESTIONS,
    Prepared,
    a_process_that_answers,
    a_process_that_hears,
    database,
)
from tests.browser.test_keyboard import button, enters, link, tabs_to
from tests.browser.words import Words

PHONE = ViewportSize(width=375, height=720)
SHEETS = 30
VOTES = 10
LINE = "People want a square to stay on, not to cross."


@pytest.fixture(scope="module")
def instance_of(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Instance, Prepared, Prepared]]:
    """An instance with a process in its open phase and one whose rapporteur answers."""
    instance = Instance(tmp_path_factory.mktemp("open") / "instance")
    with database(instance) as session:
        hearing, answering = a_process_that_hears(session), a_process_that_answers(session)
    with instance.running():
        yield instance, hearing, answering


def signs_in_with_a_code(person: Person, code: str) -> None:
    person.opens("/sign-in")
    tabs_to(person.page, person.field("code"))
    person.page.keyboard.type(code)
    enters(person, button(person, "Sign in with the code"))


def test_a_visitor_answers_and_votes_on_a_phone_without_a_mouse(
    instance_of: tuple[Instance, Prepared, Prepared], someone: NewPerson
) -> None:
    instance, hearing, _ = instance_of
    visitor: Person = someone(instance, Words("fr"))
    visitor.page.set_viewport_size(PHONE)
    visitor.opens(f"/processes/{hearing.slug}")
    enters(visitor, link(visitor, "Answer the open questions"))
    enters(visitor, visitor.page.locator("ol.list h2 a").first)
    for number in range(len(QUESTIONS)):
        if number:
            enters(visitor, link(visitor, "Next question"))
        _answers(visitor, f"Réponse {number} : du temps, de l’ombre, et quelqu’un à qui parler.")
    visitor.reads("You have answered all %(num)s questions.", num=len(QUESTIONS))
    visitor.opens(f"/processes/{hearing.slug}/vote")
    for number in range(VOTES):
        _votes(visitor, number)
    visitor.opens(f"/processes/{hearing.slug}/vote")
    assert visitor.page.locator("#progress").get_attribute("value") == str(VOTES)


def _answers(visitor: Person, text: str) -> None:
    """What comes back within three seconds is refused with what was typed kept: it is sent again."""
    tabs_to(visitor.page, visitor.field("text"))
    visitor.page.keyboard.type(text)

    def sent() -> bool:
        enters(visitor, button(visitor, "Send my answer"))
        return "/receipts/" in visitor.page.url

    wait_for(sent)
    assert text in visitor.text


def _votes(visitor: Person, number: int) -> None:
    name = visitor.words(("Agree", "Disagree", "Pass, or unsure")[number % 3])
    card = visitor.page.locator(".card:visible").first
    statement = card.get_attribute("data-statement")
    tabs_to(visitor.page, card.get_by_role("button", name=name, exact=True))
    visitor.page.keyboard.press("Enter")
    wait_for(lambda: visitor.page.locator(f'.card[data-statement="{statement}"]').count() == 0)
    wait_for(lambda: visitor.page.locator("#progress").get_attribute("value") == str(number + 1))


def test_a_facilitator_enters_thirty_sheets_on_two_screens_without_a_mouse(
    instance_of: tuple[Instance, Prepared, Prepared], someone: NewPerson
) -> None:
    instance, hearing, _ = instance_of
    facilitator: Person = someone(instance, Words("fr"))
    signs_in_with_a_code(facilitator, hearing.codes[0])
    facilitator.opens(f"/processes/{hearing.slug}/paper")
    tabs_to(facilitator.page, facilitator.field("code"))
    facilitator.page.keyboard.type("1/well-being")
    tabs_to(facilitator.page, facilitator.field("lines"))
    facilitator.page.keyboard.insert_text("\n".join(f"1;Feuille {number}" for number in range(SHEETS)))
    enters(facilitator, button(facilitator, "Look at them first"))
    assert f"Feuille {SHEETS - 1}" in facilitator.text
    with facilitator.page.expect_navigation():
        facilitator.page.keyboard.press("Enter")  # the button that records has the focus
    facilitator.reads("%(num)s answers are recorded.", num=SHEETS)


def test_a_rapporteur_builds_a_line_and_answers_everyone_on_it(
    instance_of: tuple[Instance, Prepared, Prepared], someone: NewPerson
) -> None:
    instance, _, answering = instance_of
    rapporteur: Person = someone(instance, Words("en"))
    signs_in_with_a_code(rapporteur, answering.codes[0])
    rapporteur.opens(f"/processes/{answering.slug}/synthesis")
    rapporteur.follows("Tick all that are shown")
    rapporteur.chooses("line", "new")
    rapporteur.types(text_en=LINE)
    rapporteur.presses("Place them")
    rapporteur.goes(rapporteur.page.get_by_role("link", name=LINE, exact=True))
    assert all(said in rapporteur.text for said in HEARD)
    rapporteur.opens(f"/processes/{answering.slug}/answers/missing")
    rapporteur.follows("Tick all of this page")
    rapporteur.chooses("outcome", "rejected")
    rapporteur.types(reason_en="The square is not in the remit of this process.")
    rapporteur.presses("Record the answer")
    rapporteur.opens(f"/processes/{answering.slug}/answers")
    assert rapporteur.text.count("The square is not in the remit of this process.") == len(HEARD)
