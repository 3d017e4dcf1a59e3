"""The quota table in the browser: each problem beside its cell, what to do about it, files."""

import io
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.panels.models import Registrant
from deliberate.panels.queries import quotas
from deliberate.panels.quotas import set_quotas
from deliberate.panels.rules import QuotaRow
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process

ANSWERS = {
    "name": "Wanda Willing",
    "email": "wanda@example.org",
    "answer_0": "women",
    "answer_1": "old",
    "consent": "y",
}


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session, so that the fixtures of the acts fill the pages."""
    return db.session()


def quota_form(session: Session, process: Process, **changed: str) -> dict[str, str]:
    form: dict[str, str] = {}
    for index, quota in enumerate(quotas(session, process)):
        form |= {f"category-{index}": quota.category, f"value-{index}": quota.value}
        form |= {f"minimum-{index}": str(quota.minimum), f"maximum-{index}": str(quota.maximum)}
        form |= {f"label_en-{index}": quota.label["en"], f"population-{index}": "50"}
    return form | {name.replace("_", "-"): value for name, value in changed.items()}


def test_a_quota_that_cannot_be_met_says_first_to_recruit(
    desk: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    rows = [
        QuotaRow("gender", "women", 2, 3),
        QuotaRow("gender", "men", 2, 3),
        QuotaRow("gender", "other", 1, 2),
    ]
    ages = [QuotaRow("age", "young", 2, 3), QuotaRow("age", "old", 3, 4)]
    set_quotas(session, Actor(organiser.id), process, [*rows, *ages], now)
    session.commit()
    page = desk.get(f"/processes/{process.slug}/quotas?check=1").text
    recruit, lower = page.index("Recruit more of them first"), page.index("lower the minimum")
    assert recruit < lower
    assert page.index("First, recruit") < page.index("smallest relaxation")
    assert 'name="set" value="minimum-2=0"' in page
    assert (
        desk.post(
            f"/processes/{process.slug}/quotas", data=quota_form_of(page) | {"set": "minimum-2=0"}
        ).status_code
        == 302
    )
    assert [quota.minimum for quota in quotas(session, process)] == [2, 2, 0, 2, 3]


def quota_form_of(page: str) -> dict[str, str]:
    """What a browser would send from the page."""
    fields = re.findall(r'<input[^>]* name="([\w-]+)"[^>]* value="([^"]*)"', page)
    return {name: value for name, value in fields if re.search(r"-\d+$", name)}


def test_each_problem_of_the_quota_table_stands_beside_its_cell(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/quotas"
    page = desk.post(address, data=quota_form(session, process, minimum_0="three", population_1="many"))
    assert page.status_code == 422
    assert 'id="minimum-0-error"' in page.text
    assert 'id="population-1-error"' in page.text
    assert 'value="three"' in page.text
    page = desk.post(address, data=quota_form(session, process, minimum_0="5"))
    assert page.status_code == 422
    assert "exchange or correct them" in page.text
    for giant in ({"minimum_0": "9" * 5000}, {"maximum_0": "9" * 12}, {"population_0": "1e9999999"}):
        page = desk.post(address, data=quota_form(session, process, **giant))
        assert page.status_code == 422
        assert f'id="{next(iter(giant)).replace("_", "-")}-error"' in page.text


def test_quotas_come_and_go_as_a_file(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    table = desk.get(f"/processes/{process.slug}/quotas/categories.csv").data
    address = f"/processes/{process.slug}/quotas/import"
    bad = desk.post(address, data={"file": (io.BytesIO(b"category,name,min,max\na,b,x,1\na,c,3,2"), "c.csv")})
    assert bad.status_code == 422
    assert "not a whole number" in bad.text
    assert "above the maximum" in bad.text
    page = desk.post(address, data={"file": (io.BytesIO(table), "categories.csv")}).text
    hidden = re.search(r'name="confirmed" value="([^"]+)"', page)
    assert hidden is not None
    assert (
        desk.post(address, data={"confirmed": hidden.group(1), "name": "categories.csv"}).status_code == 302
    )
    assert quotas(session, process)[0].label == {"en": "Women", "fr": "Femmes"}
