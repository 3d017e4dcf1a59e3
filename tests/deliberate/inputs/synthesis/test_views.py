"""What people see of the synthesis: rapporteurs at their board, members of the mixed board, and everyone."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.inputs import queries
from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.models import Contribution
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.inputs.synthesis.models import SynthesisLine, WordingProposal
from deliberate.inputs.synthesis.queries import line as line_by_key
from deliberate.people.acts import make_user
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase
from deliberate.process.appointments import appoint
from deliberate.process.models import Process

BOARD = "/processes/time/synthesis"
Fields = Callable[[TestResponse], dict[str, str]]
SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def organiser(shown: Process) -> Actor:
    return Actor(shown.appointments[0].user_id)


@pytest.fixture
def team(app: Flask, shown: Process, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), "organiser@example.org")


@pytest.fixture
def said(shown: Process, organiser: Actor, now: datetime) -> list[Contribution]:
    """Twelve contributions of the first round, the phase closed so that everyone reads them."""
    question = queries.question(db.session(), shown, "well-being")
    texts = [f"Time for gardening {n}" for n in range(6)] + [f"Night trains to town {n}" for n in range(6)]
    found = [
        contribute(db.session(), VISITOR, shown, question, text, "en", "web", {"gender": "woman"}, "", now)[0]
        for text in texts
    ]
    close_phase(db.session(), organiser, shown.phases[0], now)
    db.session.commit()
    return found


@pytest.fixture
def line(shown: Process, organiser: Actor, said: list[Contribution], now: datetime) -> SynthesisLine:
    line = write_line(db.session(), organiser, shown, 1, "A07", {"en": "Time for gardens"}, now)
    place(db.session(), organiser, shown, line, said[:3], now)
    db.session.commit()
    return line


def lines() -> list[SynthesisLine]:
    return list(db.session.scalars(select(SynthesisLine).order_by(SynthesisLine.id)))


def test_a_rapporteur_writes_a_line_over_twelve_contributions_in_one_go(
    team: FlaskClient, client: FlaskClient, said: list[Contribution], fields: Fields
) -> None:
    page = team.get(f"{BOARD}?tick=all")
    assert page.text.count(" checked") == 12
    data = {**fields(page), "line": "new", "text_en": "Time of one’s own", "dimension": "A07", "theme": ""}
    sent = team.post(f"{BOARD}/place?round=1", data={**data, "contribution": [one.key for one in said]})
    assert sent.status_code == 302
    (line,) = lines()
    assert len(line.placements) == 12
    shown = client.get(BOARD)
    assert "12 of 12 placed" in shown.text
    assert "12 contributions" in shown.text
    assert "Night trains to town 5" in client.get(f"{BOARD}/{line.key}").text


def test_what_waits_is_searched_narrowed_and_ordered_by_likeness(
    team: FlaskClient, client: FlaskClient, line: SynthesisLine, said: list[Contribution]
) -> None:
    assert "9 contributions" in team.get(BOARD).text
    near = client.get(f"{BOARD}?like={line.key}").text
    assert "Time for gardening 5" in near
    assert "Night trains" not in near
    assert "Time for gardening 1" not in near  # it stands there already
    found = client.get(f"{BOARD}?words=NIGHT+3").text
    assert "Night trains to town 3" in found
    assert "Night trains to town 4" not in found
    assert "Nothing is left here" in client.get(f"{BOARD}?words=zebra").text
    assert "Nothing is left here" in client.get(f"{BOARD}?like=unknown").text


def test_reading_one_by_one_places_and_goes_on(
    team: FlaskClient, line: SynthesisLine, said: list[Contribution], fields: Fields
) -> None:
    first = team.get(f"{BOARD}/reading?round=1").location
    assert first.endswith(said[3].key)
    page = team.get(first)
    assert "Lines with words like these" in page.text
    nothing = team.post(first, data=fields(page))
    assert nothing.status_code == 422
    assert "Tick the lines" in nothing.text
    second = team.post(first, data={**fields(page), "line": line.key}).location
    assert second.endswith(said[4].key)
    third = team.post(second, data={**fields(team.get(second)), "action": "read"}).location
    assert third.endswith(said[5].key)
    assert "4 of 12 placed, 7 that nobody has read" in team.get(BOARD).text


def test_who_read_what_is_shown_to_nobody(
    team: FlaskClient, client: FlaskClient, said: list[Contribution], fields: Fields
) -> None:
    data = {**fields(team.get(BOARD)), "action": "read", "contribution": said[0].key}
    assert team.post(f"{BOARD}/place?round=1", data=data).status_code == 302
    page = client.get(f"{BOARD}?state=unread").text
    assert said[0].text not in page
    assert said[1].text in page
    assert "Odile" not in page


def test_placing_without_a_line_or_a_tick_says_so_and_keeps_the_ticks(
    team: FlaskClient, said: list[Contribution], fields: Fields
) -> None:
    page = team.get(BOARD)
    without = team.post(f"{BOARD}/place?round=1", data={**fields(page), "contribution": said[1].key})
    assert without.status_code == 422
    assert "Choose the line they belong to" in without.text
    assert f'id="tick-{said[1].key}" checked' in without.text
    empty = team.post(f"{BOARD}/place?round=1", data={**fields(team.get(BOARD)), "line": "x"})
    assert "Tick contributions first" in empty.text
    wordless = {**fields(team.get(BOARD)), "line": "new", "contribution": said[1].key, "dimension": "A"}
    assert "at least one language" in team.post(f"{BOARD}/place?round=1", data=wordless).text


def test_a_line_is_split_its_address_leads_on_and_it_is_given_back(
    team: FlaskClient, client: FlaskClient, line: SynthesisLine, said: list[Contribution], fields: Fields
) -> None:
    address = f"{BOARD}/{line.key}"
    page = team.get(f"{address}/split")
    more = team.post(f"{address}/split", data={**fields(page), "action": "more", "text_en-1": "Herbs"})
    assert "New line 3" in more.text
    assert "Herbs" in more.text
    data = {
        **fields(page),
        "text_en-1": "Herbs",
        "text_en-2": "Trees",
        "dimension-1": "A07",
        "dimension-2": "B",
    }
    left = team.post(f"{address}/split", data={**data, "on-1": said[0].key, "on-2": said[1].key})
    assert left.status_code == 422
    assert said[2].key in left.text
    assert "Herbs" in left.text
    data |= fields(left) | {"text_en-1": "Herbs", "text_en-2": "Trees", "dimension-2": "B"}
    done = team.post(
        f"{address}/split",
        data={**data, "on-1": [said[0].key, said[1].key], "on-2": [said[1].key, said[2].key]},
    )
    assert done.status_code == 302
    _, herbs, trees = lines()
    gone = client.get(address).text
    assert "no longer in force" in gone
    assert f"{BOARD}/{herbs.key}" in gone
    assert f"{BOARD}/{trees.key}" in gone
    assert address in client.get(f"{BOARD}/{herbs.key}").text
    assert (
        team.post(
            f"{address}/reword", data={**fields(team.get(f"{address}/reword")), "text_en": "X"}
        ).status_code
        == 409
    )
    undo = team.post(f"{BOARD}/{trees.key}/undo/1", data=fields(team.get(f"{BOARD}/{trees.key}")))
    assert undo.location.endswith(address)
    assert [len(one.placements) for one in lines()] == [3, 0, 0]
    assert "What stood on it stands here" in client.get(f"{BOARD}/{herbs.key}").text


def test_lines_are_merged_on_one_page(
    team: FlaskClient, client: FlaskClient, line: SynthesisLine, said: list[Contribution], fields: Fields,
    shown: Process, organiser: Actor, now: datetime,
) -> None:  # fmt: skip
    other = write_line(db.session(), organiser, shown, 1, "A10", {"en": "Night trains"}, now)
    place(db.session(), organiser, shown, other, said[2:8], now)
    page = team.get(f"{BOARD}/merge?round=1&line={line.key}")
    data = {**fields(page), "text_en": "Time and trains", "dimension": "A", "line": line.key}
    alone = team.post(f"{BOARD}/merge?round=1", data=data)
    assert "Tick at least two lines" in alone.text
    assert "Time and trains" in alone.text
    done = team.post(
        f"{BOARD}/merge?round=1",
        data={**data, **fields(alone), "dimension": "A", "line": [line.key, other.key]},
    )
    assert done.status_code == 302
    assert "8 contributions" in client.get(done.location).text
    assert "8 contributions" in client.get(f"{BOARD}/document?round=1").text


def test_an_empty_line_is_retired_and_one_that_holds_words_is_not(
    team: FlaskClient,
    client: FlaskClient,
    line: SynthesisLine,
    shown: Process,
    organiser: Actor,
    now: datetime,
) -> None:
    empty = write_line(db.session(), organiser, shown, 1, "A10", {"en": "Nothing here"}, now)
    key = empty.key
    assert "3" in team.post(f"{BOARD}/{line.key}/retire").text
    assert team.post(f"{BOARD}/{key}/retire").status_code == 302
    assert "Nothing here" not in client.get(BOARD).text
    assert "No contribution stood on it" in client.get(f"{BOARD}/{key}").text


def test_members_of_the_board_validate_a_wording_and_rewording_asks_them_again(
    app: Flask, team: FlaskClient, client: FlaskClient, line: SynthesisLine, sign_in: SignIn, fields: Fields,
    shown: Process, organiser: Actor, now: datetime,
) -> None:  # fmt: skip
    shown.protocol = {**shown.protocol, "board": {"kinds": ["researcher", "citizen"], "named": {}}}
    for name, kind in (("rosa", "researcher"), ("cleo", "citizen")):
        user = make_user(db.session(), f"{name}@example.org", name, now)
        appoint(db.session(), organiser, shown, user, f"board {kind}", now)
    address = f"{BOARD}/{line.key}"
    assert client.post(f"{address}/review", data={"position": "agrees", "wording": "1"}).status_code in (
        401,
        403,
    )
    rosa, cleo = (sign_in(app.test_client(), f"{name}@example.org") for name in ("rosa", "cleo"))
    assert (
        rosa.post(f"{address}/review", data={**fields(rosa.get(address)), "position": "agrees"}).status_code
        == 302
    )
    waits = [one.get(BOARD).text.count("waits for your word") for one in (rosa, cleo, team)]
    assert waits == [0, 1, 0]
    wordless = cleo.post(f"{address}/review", data={**fields(cleo.get(address)), "position": "disagrees"})
    assert wordless.status_code == 422
    said = {**fields(wordless), "position": "disagrees", "words": "Too <b>vague</b>"}
    assert cleo.post(f"{address}/review", data=said).status_code == 302
    page = client.get(address).text
    assert "validated by 1 of 2 kinds of members" in page
    assert "1 dissent" in page
    assert "Too &lt;b&gt;vague&lt;/b&gt;" in page
    assert "cleo" not in page
    before = fields(rosa.get(address))
    team.post(
        f"{address}/reword",
        data={**fields(team.get(f"{address}/reword")), "text_en": "Gardens", "dimension": "A07"},
    )
    late = rosa.post(f"{address}/review", data={**before, "once": "other", "position": "agrees"})
    assert "reworded while you read it" in late.text
    page = client.get(address).text
    assert "validated by" not in page
    assert "2 members of the board spoke of it" in page
    record = client.get(f"{BOARD}.json?round=1").get_json()["lines"][0]
    assert (record["wording"], record["validation"]["reviews"]) == (2, [])


def test_anyone_proposes_a_wording_that_is_taken_up_with_a_reason(
    client: FlaskClient, team: FlaskClient, line: SynthesisLine, fields: Fields
) -> None:
    address = f"{BOARD}/{line.key}"
    form = fields(client.get(f"{address}/wordings"))
    same = client.post(f"{address}/wordings", data={**form, "text": "Time for gardens"})
    assert "This is the wording in force" in same.text
    sent = client.post(
        f"{address}/wordings", data={**form, "text": "Time to garden, alone or not", "why": "Clearer"}
    )
    receipt = sent.location
    assert receipt.startswith("/wordings/")
    proposal = db.session.scalars(select(WordingProposal)).one()
    assert receipt.removeprefix("/wordings/") not in str(vars(proposal))
    assert client.get(receipt).headers["Cache-Control"] == "no-store"
    assert "Time to garden" in client.get(address).text
    settle = f"/processes/time/wordings/{proposal.key}"
    assert client.get(settle).status_code in (401, 403)
    assert proposal.key in team.get(BOARD).text
    empty = team.post(settle, data={**fields(team.get(settle)), "outcome": "taken up"})
    assert empty.status_code == 422
    done = team.post(
        settle, data={**fields(team.get(settle)), "outcome": "taken up", "answer": "Clearer indeed"}
    )
    assert done.status_code == 302
    assert "Clearer indeed" in client.get(receipt).text
    assert line_by_key(db.session(), line.process, line.key).text == {"en": "Time to garden, alone or not"}
    assert client.post(f"{receipt}/withdraw", data=fields(client.get(receipt))).status_code == 302
    assert "Clearer</p>" not in client.get(address).text
    assert client.get("/wordings/unknown").status_code == 404


def test_a_program_that_fills_the_hidden_field_proposes_nothing(
    client: FlaskClient, line: SynthesisLine, fields: Fields
) -> None:
    address = f"{BOARD}/{line.key}/wordings"
    sent = client.post(address, data={**fields(client.get(address)), "text": "Buy this", "website": "x"})
    assert "as programs do" in sent.text
    assert db.session.scalars(select(WordingProposal)).all() == []


def test_a_grid_is_looked_at_before_it_is_put_in_force(
    team: FlaskClient, client: FlaskClient, line: SynthesisLine, fields: Fields
) -> None:
    grid = "/processes/time/grid"
    new = "code;component;en;fr\nA;;Time;Temps\nA;A05;Learning;Apprendre\n"
    shown = team.post(grid, data={**fields(team.get(grid)), "content": new})
    assert "Codes that go" in shown.text
    assert "1 line" in shown.text
    assert "Version 1" not in client.get(grid).text
    data = {**fields(shown), "content": new, "action": "replace"}
    refused = team.post(grid, data={**data, "moved-A07": ""})
    assert refused.status_code == 422
    assert "Say where they go" in refused.text
    done = team.post(grid, data={**data, **fields(refused), "action": "replace", "moved-A07": "A05"})
    assert done.status_code == 302
    page = client.get(grid).text
    assert "Version 1" in page
    assert "A07 → A05" in page
    assert b"A,A05,Learning,Apprendre" in client.get(f"{grid}/1.csv").data
    assert client.get(f"{grid}/2.csv").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"x" * 10, "must name the columns"),
        (b"PK\x03\x04damaged", "damaged"),
        ("code,component,en,fr\n" + "".join(f"X{n},,N{n},N{n}\n" for n in range(600)), "at most 500"),
        ("code,component,en,fr\n,,,\n", "between 1 and 12 characters"),
    ],
)
def test_a_grid_that_cannot_be_read_says_why_and_changes_nothing(
    team: FlaskClient, shown: Process, fields: Fields, content: bytes | str, sentence: str
) -> None:
    sent = content if isinstance(content, bytes) else content.encode()
    data = {**fields(team.get("/processes/time/grid")), "file": (io.BytesIO(sent), "grid.csv")}
    answer = team.post("/processes/time/grid", data=data)
    assert answer.status_code in (400, 409, 422)
    assert sentence in answer.text
    assert "of this process" not in team.get("/processes/time/grid").text


def test_figures_by_category_are_for_everyone_once_the_dossier_is_settled(
    client: FlaskClient,
    team: FlaskClient,
    said: list[Contribution],
    shown: Process,
    organiser: Actor,
    now: datetime,
) -> None:
    one = write_line(db.session(), organiser, shown, 1, "A07", {"en": "Gardens"}, now)
    place(db.session(), organiser, shown, one, said, now)
    for late in said[:6]:
        late.categories = {"gender": "man", "occupation": "=HYPERLINK(1)"}
    db.session.commit()
    assert "Only those who write the synthesis" in team.get(f"{BOARD}/categories").text
    assert "published once" in client.get(f"{BOARD}/categories").text
    settle_dossier(db.session(), organiser, shown, now + timedelta(days=20))
    page = client.get(f"{BOARD}/categories").text
    assert "Woman" in page
    table = client.get(f"{BOARD}/categories.csv").text
    assert "gender,A,Means of living,woman,6" in table
    assert "occupation,A,Means of living,'=HYPERLINK(1),6" in table


def test_the_synthesis_is_hidden_from_those_who_have_yet_to_answer(
    client: FlaskClient, shown: Process, organiser: Actor, now: datetime
) -> None:
    line = write_line(db.session(), organiser, shown, 1, "A07", {"en": "Gardens of gold"}, now)
    for page in ("", "/document", "/categories", "/contests"):
        shown_page = client.get(f"{BOARD}{page}")
        assert shown_page.status_code == 200
        assert "shown once you have answered" in shown_page.text
        assert "Gardens of gold" not in shown_page.text
    assert client.get(f"{BOARD}.json").status_code == 403
    assert client.get(f"{BOARD}/{line.key}/wordings").status_code == 403
