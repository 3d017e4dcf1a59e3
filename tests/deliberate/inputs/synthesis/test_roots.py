"""Whatever is split, merged, moved and undone: no root is lost, and the journal tells the same story."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from deliberate.core.errors import Refusal
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.synthesis.acts import place, retire_line, unplace, write_line
from deliberate.inputs.synthesis.ancestry import heirs
from deliberate.inputs.synthesis.models import Reshaping
from deliberate.inputs.synthesis.queries import coverage, line, lines_of
from deliberate.inputs.synthesis.reshaping import Part, merge_lines, split_line, undo
from deliberate.journal.queries import chain
from deliberate.journal.rules import chain_faults
from deliberate.people.acts import make_user
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import open_phase
from deliberate.process.models import Process
from tests.conftest import locked_process, undone

Roots = dict[str, set[str]]
STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "place", "move", "split", "merge", "undo", "retire"]), st.integers(0, 999)),
    min_size=4, max_size=14,
)  # fmt: skip


def replayed(entries: list[dict[str, Any]]) -> Roots:
    """Which contributions stand on which line in force, from the journal alone."""
    lines: Roots = {}
    for entry in entries:
        kind, _, key = entry["object"].partition(":")
        if kind == "line":
            _replay(lines, entry["act"], key, entry["public"])
    return lines


def _replay(lines: Roots, act: str, key: str, public: dict[str, Any]) -> None:
    if act == "write":
        lines.setdefault(key, set())
    elif act == "place":
        lines[key] |= set(public["contributions"])
    elif act == "unplace":
        lines[key] -= {public["contribution"]}
    gone = {"retire": [key], "split": [key], "merge": public.get("from"), "undo": public.get("gone")}
    new = {"split": public.get("into"), "merge": [{"key": key, **public}], "undo": public.get("back")}
    for name in gone.get(act) or []:
        del lines[name]
    for one in new.get(act) or []:
        lines[one["key"]] = set(one["contributions"])


class Walk:
    """A synthesis on which steps are taken, chosen by numbers."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        user = make_user(session, "organiser@example.org", "Odile", now, role="organiser")
        self.actor = Actor(user.id)
        self.process: Process = locked_process(session, user, now)
        self.process.protocol = {**self.process.protocol, "moderation": "after"}
        question = add_question(session, self.actor, self.process, "time", 1, {"en": "What?"}, now)
        open_phase(session, self.actor, self.process.phases[0], now)
        self.said = [
            contribute(session, VISITOR, self.process, question, f"Said {n}", "en", "web", {}, "", now)[0]
            for n in range(5)
        ]
        self.names = [self.write("First").key]
        place(session, self.actor, self.process, self._in_force(0), self.said, now)

    def write(self, text: str) -> Any:
        return write_line(self.session, self.actor, self.process, 1, "A06", {"en": text}, self.now)

    def _in_force(self, choice: int) -> Any:
        found = lines_of(self.session, self.process, 1)
        return found[choice % len(found)]

    def roots(self) -> Roots:
        return {
            one.key: {placement.contribution.key for placement in one.placements}
            for one in lines_of(self.session, self.process, 1)
        }

    def place(self, choice: int) -> None:
        contribution = self.said[choice % len(self.said)]
        place(self.session, self.actor, self.process, self._in_force(choice // 5), [contribution], self.now)

    def move(self, choice: int) -> None:
        """Take words off a line and place them on another: they stand on one all the time but between the two."""
        source = self._in_force(choice)
        if source.placements:
            placement = source.placements[choice % len(source.placements)]
            contribution = placement.contribution
            unplace(self.session, self.actor, self.process, placement, self.now)
            target = self._in_force(choice // 7)
            place(self.session, self.actor, self.process, target, [contribution], self.now)

    def split(self, choice: int) -> None:
        found = self._in_force(choice)
        keys = [placement.contribution.key for placement in found.placements]
        bits = choice // 3
        sides = [frozenset(k for n, k in enumerate(keys) if (bits >> n) % 2 == side) for side in (0, 1)]
        both = frozenset(keys[: choice % 2])
        parts = [Part("A06", {"en": f"Part {side}"}, one | both) for side, one in enumerate(sides)]
        before = self.roots()
        made = split_line(self.session, self.actor, self.process, found, parts, self.now)
        assert [self.roots()[one.key] for one in made] == [part.contributions for part in parts]
        self._there_and_back(choice, before)

    def _there_and_back(self, choice: int, before: Roots) -> None:
        """Now and then, undo at once: everything stands as before."""
        if choice % 4 == 0:
            self.undo(0)
            assert self.roots() == before

    def merge(self, choice: int) -> None:
        two = [self._in_force(choice), self._in_force(choice // 5)]
        before = self.roots()
        merge_lines(self.session, self.actor, self.process, two, "A05", {"en": "Merged"}, self.now)
        self._there_and_back(choice, before)

    def undo(self, choice: int) -> None:
        known = self.session.scalars(select(Reshaping).order_by(Reshaping.id.desc())).all()
        if known:
            undo(self.session, self.actor, self.process, known[choice % len(known)], self.now)

    def retire(self, choice: int) -> None:
        if len(lines_of(self.session, self.process, 1)) > 1:
            retire_line(self.session, self.actor, self.process, self._in_force(choice), self.now)

    def take(self, step: str, choice: int) -> None:
        try:
            with self.session.begin_nested():
                do: dict[str, Callable[[int], Any]] = {
                    "write": lambda n: self.write(f"Line {n}"), "place": self.place, "move": self.move,
                    "split": self.split, "merge": self.merge, "undo": self.undo, "retire": self.retire,
                }  # fmt: skip
                do[step](choice)
        except Refusal:
            self.session.expire_all()


@pytest.fixture
def database(on_sqlite: Engine) -> Engine:
    return on_sqlite


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_root_is_lost_and_the_journal_replays_the_synthesis(
    database: Engine, now: datetime, steps: list[tuple[str, int]]
) -> None:
    with undone(database) as session:
        walk = Walk(session, now)
        everything = {one.key for one in walk.said}
        seen = set(walk.roots())
        for step, choice in steps:
            walk.take(step, choice)
            seen |= set(walk.roots())
            assert set().union(*walk.roots().values()) == everything
            assert coverage(session, walk.process, 1)["placed"] == len(everything)
        entries = list(chain(session, walk.process.slug))
        assert chain_faults(entries) == []
        assert replayed(entries) == walk.roots()
        for name in seen:
            old = line(session, walk.process, name)
            assert all(one.retired_at is None for one in heirs(session, old))
