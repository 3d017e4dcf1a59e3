"""What a territory decides enters the register, its journal and nothing else; a new version changes no territory."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from deliberate.core import events
from deliberate.core.errors import Conflict, NotFound, NotPermitted, Refusal
from deliberate.core.jobs import Job
from deliberate.drafting.adoption import VersionPublished
from deliberate.drafting.models import Charter
from deliberate.journal.models import Entry
from deliberate.people.acts import Erased, erase, make_user
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.publication.adoption import acts, queries
from deliberate.publication.adoption.acts import Decision
from deliberate.publication.adoption.contests import answer_contest, contest_adoption
from deliberate.publication.adoption.models import Adoption

WHY = {"fr": "Le conseil l’a votée."}
REWORD = {"op": "replace", "clause": "t1a", "lang": "fr", "text": "Cette part est connue de tous."}


@pytest.fixture
def entered(session: Session, charter: Charter, now: datetime) -> Adoption:
    """A territory whose delegate was mailed a link."""
    return acts.enter_territory(
        session, VISITOR, charter, " Saint-Rémi  sur Loire ", "municipality", now, contact="Mairie@example.org",
        wants_mail=True,
    )  # fmt: skip


def entries(session: Session, key: str) -> list[Entry]:
    return list(
        session.scalars(select(Entry).where(Entry.object == f"adoption:{key}").order_by(Entry.number))
    )


def adopted(session: Session, organiser: User, entered: Adoption, now: datetime, *clauses: str) -> Adoption:
    acts.decide(session, Actor(organiser.id), entered, Decision("adopt", 1, clauses, WHY), now, after=0)
    return entered


def test_what_an_organiser_enters_is_public_at_once_and_journalled_with_the_digests_of_its_clauses(
    session: Session, charter: Charter, entered: Adoption, organiser: User, now: datetime
) -> None:
    adopted(session, organiser, entered, now, "t1")
    (entry,) = entries(session, entered.key)
    assert (entry.act, entry.public["version"], list(entry.public["clauses"])) == ("adopt", 1, ["t1"])
    assert entry.public["digest"] == charter.latest.version_digest
    assert entry.opening is not None
    assert entry.opening.content["territory"] == "Saint-Rémi sur Loire"
    assert "example.org" not in str((entry.public, entry.opening.content))
    assert [one.key for one in queries.adoptions_of(session, charter, "t1a")] == [entered.key]
    assert queries.adoptions_of(session, charter, "t2") == []
    assert [one.key for one in queries.adoptions_of(session, charter)] == [entered.key]


def test_what_a_delegate_sends_is_public_only_once_it_was_reviewed(
    session: Session, charter: Charter, entered: Adoption, organiser: User, now: datetime
) -> None:
    secret = acts.make_link(session, entered, now)
    by_link = queries.by_link(session, charter.process, secret)
    sent = acts.propose_decision(session, VISITOR, by_link, Decision("adopt", 1, (), WHY), now, after=0)
    assert queries.adoptions(session, charter.process) == []
    assert "votée" not in str([entry.public for entry in entries(session, entered.key)])
    with pytest.raises(Conflict, match="awaits review"):
        acts.propose_decision(session, VISITOR, by_link, Decision("adopt", 1, (), WHY), now, after=1)
    acts.publish_decision(session, Actor(organiser.id), sent, now)
    assert [row.adoption.key for row in queries.adoptions(session, charter.process)] == [entered.key]
    with pytest.raises(Conflict, match="already reviewed"):
        acts.refuse_decision(session, Actor(organiser.id), sent, "no", now)


def test_what_was_refused_stays_out_and_can_be_sent_again(
    session: Session, charter: Charter, entered: Adoption, organiser: User, now: datetime
) -> None:
    sent = acts.propose_decision(session, VISITOR, entered, Decision("adopt", 1, (), WHY), now, after=0)
    acts.refuse_decision(session, Actor(organiser.id), sent, "No council has voted it.", now)
    assert queries.adoptions_of(session, charter) == []
    again = acts.propose_decision(session, VISITOR, entered, Decision("adopt", 1, (), WHY), now, after=1)
    assert (again.number, again.state) == (2, "waiting")


def test_a_new_version_shows_what_changed_and_changes_no_territory(
    session: Session,
    charter: Charter,
    entered: Adoption,
    organiser: User,
    now: datetime,
    next_published: Callable[..., Any],
) -> None:
    events.on(VersionPublished, acts.offer)
    adopted(session, organiser, entered, now, "t1")
    next_published(REWORD)
    row = queries.row(session, entered)
    assert (row.standing.version, row.changed, row.behind) == (1, frozenset({"t1a"}), True)
    offered = session.scalars(select(Entry).where(Entry.act == "offer")).one()
    assert (offered.object, offered.public) == ("version:time:2", {"charter": "time", "territories": 1})
    job = session.scalars(select(Job).where(Job.kind == acts.OFFER)).one()
    assert job.payload == {"version": charter.latest.id}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"op": "strike", "clause": "t1a"}, {"t1a"}),
        ({"op": "strike", "clause": "t2"}, set()),
        ({"op": "insert", "parent": "t1", "after": "t1a", "kind": "point", "lang": "fr", "text": "Et payée.", "id": "t1b"}, {"t1b"}),
        ({"op": "split", "clause": "t1a", "lang": "fr", "texts": ["Cette part", "est connue."], "ids": ["t1c"]}, {"t1a", "t1c"}),
        ({"op": "move", "clause": "t1a", "parent": None, "after": "t2"}, {"t1a"}),
    ],
)  # fmt: skip
def test_whatever_becomes_of_an_adopted_clause_is_seen_and_nothing_else(
    session: Session,
    entered: Adoption,
    organiser: User,
    now: datetime,
    next_published: Callable[..., Any],
    step: dict[str, Any],
    expected: set[str],
) -> None:
    adopted(session, organiser, entered, now, "t1")
    next_published(step)
    assert queries.row(session, entered).changed == expected


def test_a_clause_joined_with_another_is_seen(
    session: Session, entered: Adoption, organiser: User, now: datetime, next_published: Callable[..., Any]
) -> None:
    adopted(session, organiser, entered, now, "t1")
    words = "Cette part est connue. Une heure vaut une heure."
    next_published({"op": "join", "clauses": ["t1a", "t2"], "lang": "fr", "text": words})
    assert "t1a" in queries.row(session, entered).changed


def test_a_territory_follows_or_stays_and_its_history_is_kept(
    session: Session,
    charter: Charter,
    entered: Adoption,
    organiser: User,
    now: datetime,
    next_published: Callable[..., Any],
) -> None:
    actor = Actor(organiser.id)
    adopted(session, organiser, entered, now, "t1")
    with pytest.raises(Conflict, match="cannot decide that now"):
        acts.decide(session, actor, entered, Decision("follow", 0, ("t1",), WHY), now, after=1)
    next_published(REWORD)
    acts.decide(session, actor, entered, Decision("stay", 0, (), WHY), now, after=1)
    row = queries.row(session, entered)
    assert (row.standing.version, row.standing.stays, row.behind) == (1, True, False)
    next_published({**REWORD, "text": "Cette part est à chacun."})
    assert queries.row(session, entered).behind
    acts.decide(session, actor, entered, Decision("follow", 0, ("t1",), WHY), now, after=2)
    acts.decide(session, actor, entered, Decision("end", 0, (), WHY), now, after=3)
    assert queries.row(session, entered).standing.ended
    assert queries.adoptions_of(session, charter) == []
    assert [one.decision for one in entered.public] == ["adopt", "stay", "follow", "end"]
    assert [entry.act for entry in entries(session, entered.key)] == ["adopt", "stay", "follow", "end"]
    assert [one["version"] for one in queries.as_record(entered)["decisions"]] == [1, 2, 3, 3]


def test_two_who_decide_at_once_do_not_overwrite_each_other(
    session: Session, entered: Adoption, organiser: User, now: datetime
) -> None:
    adopted(session, organiser, entered, now)
    with pytest.raises(Conflict, match="in the meantime"):
        acts.decide(session, Actor(organiser.id), entered, Decision("end", 0, (), WHY), now, after=0)


def test_a_decision_says_why_and_names_clauses_that_stand_in_its_version(
    session: Session, charter: Charter, entered: Adoption, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    for decision, sentence in (
        (Decision("adopt", 1, (), {"fr": "  "}), "Say why"),
        (Decision("adopt", 1, (), {"fr": "x" * 4001}), "too long"),
        (Decision("adopt", 1, ("t9",), WHY), "does not stand in version 1"),
        (Decision("adopt", 7, (), WHY), "no version with this number"),
        (Decision("renounce", 1, (), WHY), "cannot decide that now"),
    ):
        with pytest.raises(Refusal, match=sentence):
            acts.decide(session, actor, entered, decision, now, after=0)
        assert session.get(Adoption, entered.id) is not None
        session.expire(entered)
    for name, kind, sentence in (("  ", "state", "Name the territory"), ("A", "planet", "what kind")):
        with pytest.raises(Refusal, match=sentence):
            acts.enter_territory(session, VISITOR, charter, name, kind, now)


def test_visitors_enter_by_link_alone_and_only_the_team_reviews(
    session: Session, charter: Charter, entered: Adoption, now: datetime
) -> None:
    member = Actor(make_user(session, "someone@example.org", "Someone", now).id)
    with pytest.raises(NotPermitted):
        acts.decide(session, member, entered, Decision("adopt", 1, (), WHY), now, after=0)
    sent = acts.propose_decision(session, VISITOR, entered, Decision("adopt", 1, (), WHY), now, after=0)
    for attempt in (
        lambda: acts.publish_decision(session, member, sent, now),
        lambda: acts.refuse_decision(session, member, sent, "no", now),
        lambda: acts.erase_contact(session, member, entered, now),
    ):
        with pytest.raises(NotPermitted):
            attempt()  # type: ignore[no-untyped-call]
    with pytest.raises(NotFound):
        queries.by_link(session, charter.process, "guess")


def test_erasing_the_contact_ends_its_links_and_leaves_the_entry(
    session: Session, charter: Charter, entered: Adoption, organiser: User, now: datetime
) -> None:
    adopted(session, organiser, entered, now)
    secret = acts.make_link(session, entered, now)
    acts.erase_contact(session, VISITOR, entered, now, delegate=True)
    with pytest.raises(NotFound):
        queries.by_link(session, charter.process, secret)
    assert (entered.contact, entered.wants_mail) == ("", False)
    assert queries.adoptions_of(session, charter) == [entered]


def test_an_account_that_is_erased_takes_its_address_out_of_the_register(
    session: Session, entered: Adoption, organiser: User, now: datetime
) -> None:
    events.on(Erased, acts.forget)
    adopted(session, organiser, entered, now)
    contest_adoption(session, VISITOR, entered, "Faux.", now, language="fr", contact="mairie@example.org")
    erase(session, make_user(session, "mairie@example.org", "Maire", now), now)
    assert (entered.contact, entered.contests[0].contact, entered.links) == ("", "", [])


def test_a_contest_is_public_with_its_answer_and_may_keep_its_text_back(
    session: Session, entered: Adoption, organiser: User, now: datetime
) -> None:
    adopted(session, organiser, entered, now)
    first = contest_adoption(
        session, VISITOR, entered, "Nobody voted it.", now, language="en", contact="a@b.org"
    )
    assert queries.as_record(entered)["contests"] == []
    assert answer_contest(session, Actor(organiser.id), first, "Here are the minutes.", now) == "a@b.org"
    second = contest_adoption(session, VISITOR, entered, "Mr X lies.", now, language="en")
    answer_contest(session, Actor(organiser.id), second, "This names a person.", now, show=False)
    assert queries.as_record(entered)["contests"] == [
        {"number": 1, "text": "Nobody voted it.", "answer": "Here are the minutes."},
        {"number": 2, "text": None, "answer": "This names a person."},
    ]
    assert "Mr X" not in str(
        [(entry.public, entry.opening and entry.opening.content) for entry in entries(session, entered.key)]
    )
    with pytest.raises(Conflict, match="already answered"):
        answer_contest(session, Actor(organiser.id), first, "Again.", now)


def test_the_number_of_a_decision_is_kept_unique_by_the_database(engine: Engine) -> None:
    names = {c.name for c in Adoption.metadata.tables["adoption_decision"].constraints}
    assert "uq_adoption_decision_adoption_id_number" in names
