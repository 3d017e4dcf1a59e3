"""The organisers' pages of pool and quotas: households, previews of files, what the quotas cost."""

import io
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.journal.queries import chain
from deliberate.panels.households import doubts
from deliberate.panels.models import Registrant
from deliberate.panels.queries import pool, pool_counts, quotas
from deliberate.panels.quotas import previous, set_quotas
from deliberate.panels.recruitment import register
from deliberate.panels.rules import Contact, QuotaRow
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.models import Process

ANSWERS = {"gender": "women", "age": "old"}
ADDRESSES = ["12 rue des Lilas, Lyon", "12, r. des lilas LYON", "12 rue des Lillas, Lyon"]
FILE = "id;Gender;age;name;email;street;town\nx1;Women;OLD;Ann;a@x.org;Rue Haute 3;Lyon\nx2;men;young;Bob;b@x.org;;\n"


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session."""
    return db.session()


def after(desk: FlaskClient, address: str, form: dict[str, str]) -> str:
    """The page that a form leads to."""
    answer = desk.post(address, data=form)
    return desk.get(answer.location).text if answer.status_code == 302 else answer.text


def send(desk: FlaskClient, process: Process, text: str, **more: str) -> str:
    """The page that answers a file of volunteers."""
    form = {"file": (io.BytesIO(text.encode()), "people.csv"), **more}
    return desk.post(f"/processes/{process.slug}/pool/import", data=form).text


def confirm(desk: FlaskClient, process: Process, page: str, **more: str) -> str:
    """Send the preview's form."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    address = f"/processes/{process.slug}/pool/import"
    return after(desk, address, fields | more)


def figures(page: str) -> dict[str, str]:
    """What the preview counts."""
    return dict(re.findall(r"<dt>(\w+)[^<]*</dt><dd>(\d+)", page))


def test_a_preview_tells_new_changed_and_unchanged_and_the_pool_after_it(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    page = send(desk, process, FILE, address="street, town")
    assert figures(page) == {"New": "2", "Changed": "0", "Unchanged": "0"}
    women = pool_counts(session, process)["gender", "women"]
    row = rf'Women</th><td class="n">{women}</td><td class="n">{women + 1}</td><td class="n">3</td>'
    assert re.search(row, page)
    assert "2 volunteers were added" in confirm(desk, process, page)
    ann = next(one for one in pool(session, process) if one.reference == "x1")
    assert ann.contact is not None
    assert ann.contact.address == "Rue Haute 3, Lyon"
    page = send(desk, process, FILE.replace("Bob", "Robert"), address="street, town")
    assert figures(page) == {"New": "0", "Changed": "1", "Unchanged": "1"}
    assert "Changed</dt><dd>1: x2" in page


def test_the_same_file_twice_changes_nothing_and_leaves_no_trace(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    first = send(desk, process, FILE)
    confirm(desk, process, first, once="one")
    entries = len(list(chain(session, process.slug)))
    again = send(desk, process, FILE)
    assert "there is nothing to enter" in again
    assert 'name="confirmed"' not in again
    assert "Unchanged: 2." in confirm(desk, process, first, once="two")
    assert len(list(chain(session, process.slug))) == entries
    assert len(pool(session, process)) == 32


def test_a_file_that_leaves_out_a_contact_keeps_what_is_known(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    confirm(desk, process, send(desk, process, FILE), once="one")
    page = send(desk, process, "id,gender,age\nx1,men,old\n")
    assert figures(page)["Changed"] == "1"
    confirm(desk, process, page, once="two")
    ann = next(one for one in pool(session, process) if one.reference == "x1")
    assert ann.values["gender"] == "men"
    assert ann.contact is not None
    assert (ann.contact.name, ann.contact.email) == ("Ann", "a@x.org")


def test_who_withdrew_stays_out_and_who_may_be_there_twice_is_told(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant], now: datetime
) -> None:
    session.commit()
    confirm(desk, process, send(desk, process, FILE), once="one")
    ann = next(one for one in pool(session, process) if one.reference == "x1")
    ann.state, ann.ended_at = "withdrawn", now
    session.commit()
    page = send(desk, process, FILE + "x3;men;young;BOB;B@x.org;;\n")
    assert "they stay out</dt><dd>1: x1" in page
    assert re.search(r"e-mail address</dt><dd>1: x3 and R-", page)
    confirm(desk, process, page, once="two")
    assert ann.state == "withdrawn"


def test_every_problem_stands_in_a_table_by_row_and_column(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    page = send(desk, process, "id,gender,age\n1,Womn,old\n1,men,young\n")
    assert '<th scope="row" class="n">2</th><td>gender</td><td>Womn</td>' in page
    assert "Did you mean “women”?" in page
    assert '<th scope="row" class="n">3</th><td>id</td><td>1</td>' in page
    assert len(pool(session, process)) == 30


def test_a_large_file_is_entered_whole(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    rows = "".join(f"n{number},women,old,{number} Long Lane\n" for number in range(2000))
    page = send(desk, process, "id,gender,age,address\n" + rows)
    assert "2,000 volunteers were added" in confirm(desk, process, page).replace("2000", "2,000")
    assert len({one.household for one in pool(session, process)}) == 2030


def test_what_a_quota_costs_stands_beside_it_with_a_button_that_sets_it(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    page = desk.get(f"/processes/{process.slug}/quotas").text
    assert "What these quotas cost in fairness" in page
    button = re.search(r'form="quota-table" name="set" value="([^"]+)"', page)
    assert button is not None
    cells = [said.partition("=") for said in button[1].split()]
    fields = dict(re.findall(r'<input[^>]* name="([\w-]+-\d+)"[^>]* value="([^"]*)"', page))
    address = f"/processes/{process.slug}/quotas"
    assert desk.post(address, data=fields | {"set": button[1]}).status_code == 302
    for cell, _, number in cells:
        changed = quotas(session, process)[int(cell.partition("-")[2])]
        assert getattr(changed, cell.partition("-")[0]) == int(number)
    back = after(desk, f"{address}/undo", {})
    assert "again as they were" in back
    assert [quota.minimum for quota in quotas(session, process)] == [3, 3, 2, 3]
    assert [quota.population for quota in quotas(session, process)] == [
        "51/100",
        "49/100",
        "40/100",
        "60/100",
    ]


def test_the_smallest_relaxation_is_set_by_one_button(
    desk: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    rows = [
        QuotaRow("gender", "women", 4, 4, "1/2"),
        QuotaRow("gender", "men", 4, 4, "1/2"),
        QuotaRow("age", "young", 0, 6),
        QuotaRow("age", "old", 0, 6),
    ]
    set_quotas(session, Actor(organiser.id), process, rows, now)
    session.commit()
    address = f"/processes/{process.slug}/quotas"
    page = desk.get(address).text
    assert "The minimums of “gender” add up to 8, more than the 6 seats of the panel." in page
    assert "cannot be met together with the other quotas" in page
    button = re.search(r'form="quota-table" name="set" value="([^"]+)"', page)
    assert button is not None
    fields = dict(re.findall(r'<input[^>]* name="([\w-]+-\d+)"[^>]* value="([^"]*)"', page))
    page = after(desk, address, fields | {"set": button[1]})
    assert sum(quota.minimum for quota in quotas(session, process) if quota.category == "gender") == 6
    assert "What these quotas change" in page
    assert "No panel can be drawn" not in page


def test_shares_of_the_population_come_from_the_file_of_quotas(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    table = "category,name,min,max,population\ngender,women,3,3,60\ngender,men,3,3,40\nage,young,2,3,\nage,old,3,4,\n"
    address = f"/processes/{process.slug}/quotas/import"
    page = desk.post(address, data={"file": (io.BytesIO(table.encode()), "c.csv")}).text
    hidden = re.search(r'name="confirmed" value="([^"]+)"', page)
    assert hidden is not None
    desk.post(address, data={"confirmed": hidden[1], "name": "c.csv"})
    assert [quota.population for quota in quotas(session, process)] == ["3/5", "2/5", "40/100", "60/100"]
    long = f"category,name,min,max\n{'c' * 90},x,0,9\n"
    page = desk.post(address, data={"file": (io.BytesIO(long.encode()), "c.csv")}).text
    hidden = re.search(r'name="confirmed" value="([^"]+)"', page)
    assert hidden is not None
    refused = desk.post(address, data={"confirmed": hidden[1], "name": "c.csv", "once": "b"})
    assert refused.status_code == 422


def test_there_is_nothing_to_undo_before_a_second_table(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    assert previous(session, process) == []
    assert "Undo the last change" not in desk.get(f"/processes/{process.slug}/quotas").text


def test_the_organiser_settles_households_on_their_page(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant], now: datetime
) -> None:
    panel = {**process.protocol["panel"], "one_per_household": True}
    process.protocol = {**process.protocol, "panel": panel}
    for number, one in enumerate(ADDRESSES):
        register(session, VISITOR, process, ANSWERS, Contact(f"P {number}", f"p{number}@x.org", "", one), now)
    session.commit()
    assert "2 volunteers live with another one." in desk.get(f"/processes/{process.slug}/pool").text
    address = f"/processes/{process.slug}/pool/households"
    page = desk.get(address).text
    assert "12 rue des Lillas, Lyon" in page
    assert page.count("To decide") == 1
    pair = doubts(session, process)[0]
    answer = desk.post(
        address, data={"first": pair.first.mark, "second": pair.second.mark, "same": "yes", "once": "a"}
    )
    assert answer.status_code == 302
    assert "To decide" not in desk.get(address).text
    assert "3 volunteers live with another one." in desk.get(f"/processes/{process.slug}/pool").text
    wrong = after(desk, address, {"first": "no", "second": "such", "same": "yes"})
    assert "no longer in the pool" in wrong
