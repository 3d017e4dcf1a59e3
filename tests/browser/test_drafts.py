"""Drafts: nothing typed is lost with the connection, and nothing stays for the next person."""

import time

import pytest
from sqlalchemy import func, select

from deliberate.inputs.models import Contribution
from tests.browser.conftest import NewPerson, Served
from tests.browser.instance import wait_for
from tests.browser.person import Person
from tests.browser.prepared import database
from tests.browser.words import Words

LONG = "Une longue réponse, écrite lentement, que personne ne voudrait taper deux fois. " * 8
IN_TAB, IN_BROWSER = "Object.keys(sessionStorage).length", "Object.keys(localStorage).length"


@pytest.fixture
def visitor(served: Served, someone: NewPerson) -> Person:
    """Somebody who has begun an answer; its draft is in their tab."""
    visitor: Person = someone(served.instance, Words("en"))
    visitor.opens(address(served))
    visitor.types(text=LONG)
    wait_for(lambda: visitor.page.evaluate(IN_TAB) > 0)
    return visitor


def address(served: Served) -> str:
    return f"/processes/{served.listening.slug}/questions/place"


def beside(visitor: Person, path: str) -> str:
    """What another tab of the same browser finds in the field."""
    page = visitor.context.new_page()
    page.goto(visitor.page.url.partition("/processes")[0] + path)
    found = page.locator("[name=text]").input_value()
    page.close()
    return str(found)


def test_a_form_that_was_left_is_found_again_in_its_tab_and_in_no_other(
    served: Served, visitor: Person
) -> None:
    visitor.opens("/")
    visitor.opens(address(served))
    assert visitor.field("text").input_value() == LONG
    assert beside(visitor, address(served)) == ""
    assert visitor.page.evaluate(IN_BROWSER) == 0


def test_a_visitor_may_keep_a_draft_in_the_browser_and_forget_it(served: Served, visitor: Person) -> None:
    visitor.page.locator("[data-keep]").check()
    assert beside(visitor, address(served)) == LONG
    visitor.page.locator("[data-forget]").click()
    assert visitor.field("text").input_value() == ""
    assert beside(visitor, address(served)) == ""
    visitor.page.reload()
    assert visitor.field("text").input_value() == ""


def test_an_answer_sent_without_a_connection_waits_for_it_and_is_recorded_once(
    served: Served, visitor: Person
) -> None:
    before = recorded(served)
    visitor.context.set_offline(True)
    visitor.page.get_by_role("button", name=visitor.words("Send my answer")).click()
    assert "There is no connection: nothing was sent yet." in visitor.text
    assert visitor.field("text").input_value() == LONG
    wait_as_long_as_people_write(visitor)
    visitor.context.set_offline(False)
    visitor.page.wait_for_url("**/receipts/*")
    assert "Received on" in visitor.text
    assert recorded(served) == before + 1
    assert visitor.page.evaluate(IN_TAB) == 0


def test_whoever_finishes_on_a_shared_computer_leaves_nothing_to_the_next_person(
    served: Served, someone: NewPerson
) -> None:
    visitor: Person = someone(served.instance, Words("en"))
    visitor.opens(f"/processes/{served.listening.slug}/questions?shared=1")
    visitor.opens(address(served))
    visitor.types(text=LONG)
    wait_as_long_as_people_write(visitor)
    visitor.presses("Send my answer")
    code = visitor.page.locator(".letter code").last.inner_text()
    visitor.presses("I have finished on this computer")
    visitor.reads("Nothing of you is left in this browser. Take your receipts with you.")
    assert visitor.page.evaluate(IN_TAB) + visitor.page.evaluate(IN_BROWSER) == 0
    for _step in range(4):
        visitor.page.go_back()
        assert code not in visitor.page.content()
        assert LONG not in visitor.page.content()
        assert [one.input_value() for one in visitor.page.locator("textarea").all()] in ([], [""])


def wait_as_long_as_people_write(visitor: Person) -> None:
    begun = int((visitor.field("begun").get_attribute("value") or "").partition(".")[0])
    wait_for(lambda: time.time() > begun + 4)


def recorded(served: Served) -> int:
    with database(served.instance) as session:
        return session.scalar(select(func.count(Contribution.id))) or 0
