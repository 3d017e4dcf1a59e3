"""Charters of up to two hundred clauses, and amendments to them, that a generator of numbers grows."""

import random
from collections.abc import Sequence

from charters import COMMITS, KINDS, Amendment, Charter, CharterError, Clause, apply
from charters.operations import Confirm, Describe, Insert, Join, Move, Operation, Replace, Split, Strike

PROSE = """le temps de la vie, l’action d’une part. Chacun décide librement : peut-être « oui » ; aujourd’hui
    3,5 % nul ne vend son temps. Une heure vaut une heure"""
WORDS = PROSE.split()


def prose(rng: random.Random, most: int = 14) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(0, most)))


def clause(rng: random.Random, name: str) -> Clause:
    return Clause(
        name,
        rng.choice(KINDS),
        {lang: prose(rng) for lang in ("fr", "en") if rng.random() < 0.8},
        {"fr": prose(rng, 3)} if rng.random() < 0.3 else {},
        tuple(rng.sample(COMMITS, rng.randint(0, 2))),
        note={"fr": prose(rng, 5)} if rng.random() < 0.1 else {},
        stale=("en",) if rng.random() < 0.1 else (),
    )


def charter(rng: random.Random, most: int = 200) -> Charter:
    below: dict[str | None, list[str]] = {None: []}
    depth: dict[str | None, int] = {None: 0}
    for n in range(rng.randint(0, most)):
        parent = rng.choice([name for name in [*list(below)[-20:], None] if depth[name] < 6])
        below[parent].insert(rng.randint(0, len(below[parent])), f"c{n}")
        below[f"c{n}"], depth[f"c{n}"] = [], depth[parent] + 1

    def tree(name: str) -> Clause:
        return clause(rng, name).holding(tuple(tree(child) for child in below[name]))

    tops = tuple(tree(name) for name in below[None])
    return Charter("c", {"fr": "Charte du temps", "en": "Charter of time"}, tops, theme="time")


def step(rng: random.Random, state: Charter, among: Sequence[str], new: str) -> Operation:
    name, other = rng.choice(among), rng.choice(among)
    words = state.clause(name).text.get("fr", "").split(" ")
    cut = rng.randint(0, len(words))
    parent = rng.choice([None, state.index.parent[name], other])
    siblings = [*state.index.children[parent], None]
    kinds: list[Operation] = [
        Replace(name, "fr", text=" ".join([*words[:cut], rng.choice(WORDS), *words[cut + 1 :]])),
        Replace(name, "fr", text=" ".join([*words[:cut], rng.choice(WORDS), *words[cut:]])),
        Replace(name, "en", text=prose(rng), heading=prose(rng, 3)),
        Replace(name, kind=rng.choice(KINDS), commits=tuple(rng.sample(COMMITS, 1)), references=("ETS 5",)),
        Insert(parent, rng.choice(siblings), clause(rng, new)),
        Move(name, parent, rng.choice(siblings)),
        Strike(name),
        Split(name, {"fr": (" ".join(words[:cut]), " ".join(words[cut:]))}, (new,)),
        Join((name, other)),
        Confirm(name, "fr", rng.random() < 0.5),
        Describe("en", rng.choice(["Charter of life", "Charter of our time"])),
    ]
    return rng.choice(kinds)


def amendment(
    rng: random.Random, base: Charter, name: str, most: int = 4, among: Sequence[str] | None = None
) -> Amendment:
    """Operations on some clauses (by default a few neighbours); those that cannot be applied are left out."""
    steps: list[Operation] = []
    state = base
    start = rng.randint(0, len(base.index.bare))
    near = list(base.index.bare)[start : start + 4] if among is None else among
    for n in range(rng.randint(1, most)):
        here = [one for one in (*near, *(f"{name}.{k}" for k in range(n))) if one in state.index.bare]
        if here:
            try:
                state = apply(base, [*steps, one := step(rng, state, here, f"{name}.{n}")])
                steps.append(one)
            except CharterError:
                continue
    return Amendment(name, tuple(steps), answers=(f"c-{name}",))


def crowd(rng: random.Random, base: Charter, most: int) -> list[Amendment]:
    """Amendments that often meet: half of them are about the same few clauses."""
    ids = list(base.index.bare)
    start = rng.randint(0, len(ids))
    meeting = ids[start : start + 5]
    return [
        amendment(rng, base, f"am-{n}", among=meeting if rng.random() < 0.5 and meeting else None)
        for n in range(rng.randint(2, most))
    ]
