"""What is typed is never lost, and what is sent twice is recorded once."""

import time

import pytest
from sqlalchemy import func, select

from deliberate.inputs.models import Contribution
from tests.browser.conftest import NewPerson, Served
from tests.browser.deliberating import a_member_signs_in_with_the_printed_code
from tests.browser.instance import wait_for
from tests.browser.listening import sends_it_no_faster_than_people_write
from tests.browser.person import Person
from tests.browser.prepared import database
from tests.browser.words import Words

LONG = "Une longue réponse, écrite lentement, que personne ne voudrait taper deux fois. " * 8


def answers_received(served: Served) -> int:
    with database(served.instance) as session:
        return session.scalar(select(func.count(Contribution.id))) or 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_answer_sent_after_the_cookies_were_deleted_is_given_back_and_can_be_sent_again(
    served: Served, someone: NewPerson, scripts: bool
) -> None:
    visitor: Person = someone(served.instance, Words("fr"), scripts)
    visitor.opens(f"/processes/{served.listening.slug}/questions/place")
    visitor.types(text=LONG)
    visitor.context.clear_cookies()
    visitor.presses("Send my answer", status=400)
    visitor.reads("Your session had ended")
    assert LONG.strip() in visitor.text
    visitor.presses("Send again", status=None)
    if "/receipts/" not in visitor.page.url:
        sends_it_no_faster_than_people_write(visitor)
    assert LONG.strip() in visitor.text


def test_a_member_whose_session_ended_signs_in_beside_and_sends_the_amendment_again(
    served: Served, someone: NewPerson
) -> None:
    process = served.deliberating
    member: Person = someone(served.instance, Words("en"))
    a_member_signs_in_with_the_printed_code(member, process.slug, process.codes[0])
    member.opens(f"/processes/{process.slug}/drafting/time/clauses/t3/words")
    member.types(text_en="Whoever sets hours listens first to those who keep them.")
    member.presses("Keep this change")
    member.types(reason=LONG)
    member.context.clear_cookies()
    member.presses("Propose the amendment", status=400)
    assert LONG.strip() in member.text
    form, member.page = member.page, member.context.new_page()
    a_member_signs_in_with_the_printed_code(member, process.slug, process.codes[0])
    member.page = form
    member.presses("Send again", status=None)
    while "/amendments/" not in member.page.url:
        member.presses("Send again")
    assert LONG.strip() in member.text


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_answer_whose_button_is_pressed_twice_is_recorded_once(
    served: Served, someone: NewPerson, scripts: bool
) -> None:
    visitor: Person = someone(served.instance, Words("en"), scripts)
    before = answers_received(served)
    visitor.opens(f"/processes/{served.listening.slug}/questions/place")
    visitor.types(text="Twice the same")
    begun = int((visitor.field("begun").get_attribute("value") or "").partition(".")[0])
    wait_for(lambda: time.time() > begun + 4)
    visitor.page.get_by_role("button", name=visitor.words("Send my answer")).dblclick()
    wait_for(lambda: "Twice the same" in visitor.text and "/receipts/" in visitor.page.url)
    assert answers_received(served) == before + 1
