"""The register in a browser: by an organiser, by a delegate's link, for everyone who reads."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.core.jobs import Job, run_next
from deliberate.drafting.models import Charter
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.publication.adoption import acts, queries
from deliberate.publication.adoption.acts import Decision
from deliberate.publication.adoption.models import Adoption

HOSTILE = '<b onclick="x()">Rémi</b> https://evil.example'
TERRITORY = {
    "territory": "Saint-Rémi",
    "kind": "municipality",
    "contact": "mairie@example.org",
    "wants_mail": "y",
}
SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the application, so that what a test prepares is what its pages show."""
    return db.session()


@pytest.fixture
def address(charter: Charter) -> str:
    return f"/processes/{charter.process.slug}"


def letters() -> list[dict[str, Any]]:
    return [job.payload for job in db.session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.id))]


def link_in(letter: dict[str, Any]) -> str:
    return re.search(r"http://[^/]+(/processes/\S+/adoption-links/\S+)", letter["body"])[1]  # type: ignore[index]


def entered(
    charter: Charter, organiser: User, now: datetime, name: str = "Saint-Rémi", *clauses: str
) -> Adoption:
    made = acts.enter_territory(
        db.session(), Actor(organiser.id), charter, name, "municipality", now, contact="mairie@example.org",
        language="en", wants_mail=True,
    )  # fmt: skip
    acts.decide(
        db.session(), Actor(organiser.id), made, Decision("adopt", 1, clauses, {"en": "Voted."}), now, after=0
    )
    return made


def test_a_delegate_asks_for_a_link_decides_by_it_and_is_public_once_reviewed(
    client: FlaskClient, sign_in: SignIn, app: Flask, address: str
) -> None:
    assert client.post(f"{address}/charters/time/adopt", data=TERRITORY).status_code == 302
    link = link_in(letters()[0])
    assert "Saint-Rémi" not in client.get(f"{address}/adoptions").text
    page = client.get(link)
    assert page.headers["Cache-Control"] == "no-store"
    assert db.session.scalars(select(Adoption)).one().decisions == []
    chosen = {
        "decision": "adopt",
        "scope": "chosen",
        "clauses": ["t1"],
        "reason": HOSTILE,
        "after": "0",
        "once": "a",
    }
    assert client.post(link, data=chosen).status_code == 302
    assert client.post(link, data=chosen).status_code == 302
    assert len(db.session.scalars(select(Adoption)).one().decisions) == 1
    assert "Awaits review" in client.get(link).text
    team = sign_in(app.test_client(), "organiser@example.org")
    desk = team.get(f"{address}/adoptions").text
    assert "mairie@example.org" in desk
    assert "<b onclick" not in desk
    (action,) = re.findall(r'action="([^"]+/decisions/1/publish)"', desk)
    assert team.post(action).status_code == 302
    public = client.get(f"{address}/adoptions").text
    assert "Saint-Rémi" in public
    assert "mairie@example.org" not in public
    entry = client.get(re.search(r'href="([^"]+/adoptions/ad-[0-9a-f]+)"', public)[1]).text  # type: ignore[index]
    assert "&lt;b onclick" in entry
    assert 'href="https://evil' not in entry
    assert "is now public" in letters()[-1]["body"]


def test_a_refusal_reaches_the_delegate_with_its_reason_and_a_link_to_try_again(
    client: FlaskClient, sign_in: SignIn, address: str
) -> None:
    client.post(f"{address}/charters/time/adopt", data=TERRITORY)
    client.post(
        link_in(letters()[0]), data={"decision": "adopt", "scope": "whole", "reason": "Yes.", "after": "0"}
    )
    sign_in(client, "organiser@example.org")
    desk = client.get(f"{address}/adoptions").text
    (action,) = re.findall(r'action="([^"]+/decisions/1/refuse)"', desk)
    client.post(action, data={"reason": "Who decided it?"})
    said = letters()[-1]
    assert "Who decided it?" in said["body"]
    assert "Who decided it?" in client.get(link_in(said)).text


def test_an_organiser_enters_a_territory_and_what_is_wrong_loses_nothing(
    client: FlaskClient, sign_in: SignIn, address: str, organiser: User
) -> None:
    sign_in(client, organiser.email)
    wrong = client.post(f"{address}/charters/time/adopt", data={**TERRITORY, "contact": "nowhere"})
    assert wrong.status_code == 422
    assert 'value="Saint-Rémi"' in wrong.text
    answer = client.post(f"{address}/charters/time/adopt?clause=t2", data={**TERRITORY, "contact": ""})
    form = client.get(answer.location).text
    assert re.search(r'checked[^>]*value="t2"', form)
    none = client.post(
        answer.location, data={"decision": "adopt", "scope": "chosen", "reason": "Yes.", "after": "0"}
    )
    assert none.status_code == 422
    assert "Tick at least one passage" in none.text
    assert ">Yes.</textarea>" in none.text.replace("\r\n", "").replace("\n", "")
    done = client.post(
        answer.location, data={"decision": "adopt", "scope": "whole", "reason": "Yes.", "after": "0"}
    )
    assert "The whole charter." in client.get(done.location).text
    assert letters() == []


def test_a_new_version_is_told_by_mail_shown_word_by_word_and_followed_or_left_aside(
    client: FlaskClient, app: Flask, address: str, charter: Charter, organiser: User, now: datetime,
    next_published: Callable[..., Any],
) -> None:  # fmt: skip
    one = entered(charter, organiser, now, "Saint-Rémi", "t1")
    next_published({"op": "replace", "clause": "t1a", "lang": "en", "text": "This share is known by all."})
    db.session.commit()
    while run_next(db.session(), db.session, lambda: now):
        if letters():
            break
    (letter,) = letters()
    assert "1 clause that Saint-Rémi adopted has changed" in letter["body"]
    page = client.get(link_in(letter)).text
    assert "by all" in page
    assert "follow: go on from version 1 to version 2" in page
    assert "1 passage has changed since" in client.get(f"{address}/adoptions").text
    entry = client.get(f"{address}/adoptions/{one.key}").text
    assert re.search(r"<ins>.*by all.*</ins>", entry)
    feed = ET.fromstring(client.get(f"{address}/adoptions/{one.key}/feed.atom").data)
    titles = [title.text for title in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert sorted(filter(None, titles[1:])) == [
        "Saint-Rémi: adopted, version 1", "Version 2 changes what Saint-Rémi adopted",
    ]  # fmt: skip
    client.post(
        link_in(letter),
        data={"decision": "stay", "scope": "whole", "reason": "Ours is better.", "after": "1"},
    )
    assert db.session.get_one(Adoption, one.id).waiting is not None


def test_the_register_is_filtered_and_kept_as_table_and_data(
    client: FlaskClient, address: str, charter: Charter, organiser: User, now: datetime
) -> None:
    entered(charter, organiser, now, "=HYPERLINK(1)", "t1")
    entered(charter, organiser, now, "Bourg", "t2")
    shown = client.get(f"{address}/adoptions?q=bourg&charter=time").text
    assert "Bourg" in shown
    assert "HYPERLINK" not in shown
    assert "No territory matches." in client.get(f"{address}/adoptions?charter=space").text
    table = client.get(f"{address}/adoptions.csv").text
    assert "'=HYPERLINK(1)" in table
    assert table.count("\r\n") == 3
    data = client.get(f"{address}/adoptions.json").json
    assert data is not None
    assert [one["territory"] for one in data] == ["=HYPERLINK(1)", "Bourg"]
    assert "mairie@example.org" not in str(data)


def test_a_contest_is_answered_in_public_and_the_delegate_has_their_address_deleted(
    client: FlaskClient,
    sign_in: SignIn,
    app: Flask,
    address: str,
    charter: Charter,
    organiser: User,
    now: datetime,
) -> None:
    one = entered(charter, organiser, now)
    secret = acts.make_link(db.session(), one, now)
    client.post(
        f"{address}/adoptions/{one.key}/contests", data={"text": "Never voted.", "contact": "v@example.org"}
    )
    assert "Never voted." not in client.get(f"{address}/adoptions/{one.key}").text
    team = sign_in(app.test_client(), organiser.email)
    (action,) = re.findall(r'action="([^"]+/contests/1/answer)"', team.get(f"{address}/adoptions").text)
    team.post(action, data={"answer": "See the minutes."})
    page = client.get(f"{address}/adoptions/{one.key}").text
    assert "Never voted." in page
    assert "See the minutes." in page
    assert letters()[-1]["to"] == "v@example.org"
    link = f"{address}/adoption-links/{secret}"
    assert client.post(f"{link}/erase").status_code == 302
    assert client.get(link).status_code == 404
    assert queries.adoptions_of(db.session(), charter)[0].contact == ""


def test_strangers_are_shown_no_desk_and_may_not_use_it(
    client: FlaskClient, address: str, charter: Charter, organiser: User, now: datetime
) -> None:
    one = entered(charter, organiser, now)
    assert "Enter a decision" not in client.get(f"{address}/adoptions/{one.key}").text
    for path in (f"{one.key}/decide", f"{one.key}/decisions/1/publish", f"{one.key}/contact/erase"):
        assert client.post(f"{address}/adoptions/{path}").status_code in (302, 400, 403)
    assert db.session.get_one(Adoption, one.id).contact == "mairie@example.org"
    assert client.get(f"{address}/adoptions/ad-none").status_code == 404
    assert client.get(f"{address}/adoption-links/guess").status_code == 404


@pytest.mark.parametrize(
    "name", ["Gagnez sur http://evil.example", "evil.example/gain", "WWW.evil", "a@b.example"]
)
def test_letters_carry_no_address_that_a_visitor_typed(client: FlaskClient, address: str, name: str) -> None:
    answer = client.post(f"{address}/charters/time/adopt", data={**TERRITORY, "territory": name})
    assert answer.status_code == 422
    assert letters() == []


def test_one_address_is_written_to_so_many_times_however_it_is_typed(
    client: FlaskClient, address: str
) -> None:
    for number in range(11):
        contact = "mairie@example.org" if number % 2 else "MAIRIE@example.org"
        where = {"REMOTE_ADDR": f"192.0.2.{number}"}
        typed = {**TERRITORY, "contact": contact}
        answer = client.post(f"{address}/charters/time/adopt", data=typed, environ_overrides=where)
    assert answer.status_code == 429
    assert len(letters()) == 10
