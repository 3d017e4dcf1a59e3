"""Voting on a phone: by keys alone, and with a network that comes and goes."""

from playwright.sync_api import ViewportSize
from sqlalchemy import select

from deliberate.inputs.statements import making
from deliberate.inputs.statements.models import Statement, StatementVote
from deliberate.people.rules import Actor
from deliberate.process.models import Process
from tests.browser.conftest import NewPerson, Served
from tests.browser.instance import wait_for
from tests.browser.person import Person
from tests.browser.prepared import database
from tests.browser.words import Words

STATEMENTS = 6
PHONE = ViewportSize(width=360, height=640)


def statements_put(served: Served) -> str:
    """Statements in the process that listens; the address where they are voted on."""
    with database(served.instance) as session:
        process = session.scalars(select(Process).where(Process.slug == served.listening.slug)).one()
        actor = Actor(process.appointments[0].user_id)
        for number in range(STATEMENTS):
            text = {"fr": f"L’idée {number} est bonne pour tous.", "en": f"Idea {number} is good for all."}
            making.add_statement(session, actor, process, text, "fr", process.created_at)
        session.commit()
        return f"/processes/{process.slug}/vote"


def votes_received(served: Served) -> list[int]:
    with database(served.instance) as session:
        mine = select(StatementVote.value).join(Statement).where(Statement.source == "team")
        return sorted(session.scalars(mine))


def test_votes_given_without_a_network_wait_and_arrive_once(served: Served, someone: NewPerson) -> None:
    visitor: Person = someone(served.instance, Words("fr"))
    visitor.page.set_viewport_size(PHONE)
    visitor.opens(statements_put(served))
    visitor.page.locator(".card:not([hidden]) h2").focus()
    visitor.page.keyboard.press("1")
    wait_for(lambda: votes_received(served) == [1])
    visitor.page.get_by_text(visitor.words("You agreed:")).wait_for()
    visitor.context.set_offline(True)
    for key in ("2", "3"):
        visitor.page.keyboard.press(key)
    visitor.page.locator(".waits").wait_for()
    assert votes_received(served) == [1]
    visitor.context.set_offline(False)
    wait_for(lambda: votes_received(served) == [-1, 0, 1])
    visitor.page.keyboard.press("1")
    wait_for(lambda: votes_received(served) == [-1, 0, 1, 1])
    visitor.opens(f"/processes/{served.listening.slug}/votes")
    assert visitor.page.locator(".votes li").count() == 4
    visitor.presses("I have finished: leave nothing on this computer")
    assert not [one for one in visitor.context.cookies() if one.get("name") == "voting"]


def test_a_vote_sent_after_the_session_ended_arrives_all_the_same(served: Served, someone: NewPerson) -> None:
    visitor: Person = someone(served.instance, Words("en"))
    visitor.opens(f"/processes/{served.listening.slug}/vote")
    before = len(votes_received(served))
    visitor.context.clear_cookies(name="deliberate")
    visitor.page.locator(".card:not([hidden]) .agree").click()
    wait_for(lambda: len(votes_received(served)) == before + 1)
