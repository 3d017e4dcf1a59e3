"""Preparing a lottery: equally likely panels, sealed before the public randomness is drawn."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sortition.attain import Distribution, attain
from sortition.canonical import canonical, digest
from sortition.certificate import Statement, statements
from sortition.model import Floats, Pool, Quota, Respondent, build_pool
from sortition.problems import SortitionError
from sortition.randomness import TICKET_RULES, Stream, digits_needed
from sortition.relaxation import Relaxed, leximin
from sortition.replacements import free_to_sit, left_to_fill
from sortition.rounding import round_to_panels, seat
from sortition.sealing import Seal, sealed

MOST_PANELS = 100_000
LEAST_ENTROPY = 16
OBJECTIVES = ("leximin",)


@dataclass(frozen=True)
class Progress:
    """How far a preparation is.

    `stage` is relaxation, panels, rounding or sealing; `fraction` counts over the whole, 0 to 1. `bound` is
    the proven upper limit of the least chance, `attained` the least chance reached so far.
    """

    stage: str
    fraction: float
    bound: float | None = None
    attained: float | None = None


@dataclass(frozen=True)
class Chance:
    """A person's chance by leximin and in the lottery, and the numbers of the panels they are in."""

    probability: Fraction
    lottery: Fraction
    panels: tuple[int, ...]


@dataclass(frozen=True)
class Lottery:
    """A prepared lottery.

    `public` is lottery.json, `attributes` is attributes.json (rows, nonces, certificate: for guarantors);
    `key` (pseudonym → id), `chances` (id → chance) and `entropy` are private. `commitment` is the digest to
    publish. `bound` limits the least chance of any lottery; `least` is the least chance of this one;
    `largest_difference` is the largest distance of anybody's chance to the leximin chance. `attained` says
    that the leximin chances are a mixture of real panels, and so the optimum.
    """

    public: dict[str, object]
    attributes: dict[str, object]
    key: dict[str, str]
    chances: dict[str, Chance]
    commitment: str
    entropy: bytes
    bound: Fraction
    least: Fraction
    largest_difference: Fraction
    attained: bool

    @property
    def public_bytes(self) -> bytes:
        """What lottery.json holds."""
        return canonical(self.public)


Heard = Callable[[Progress], None]


def prepare(
    quotas: Sequence[Quota],
    respondents: Sequence[Respondent],
    size: int,
    *,
    objective: str = "leximin",
    panels: int = 1000,
    randomness_source: str,
    ticket: str = "digits",
    entropy: bytes | None = None,
    progress: Heard | None = None,
    seated: Sequence[Respondent] = (),
    replaces: str = "",
) -> Lottery:
    """Seal a lottery of `panels` equally likely panels whose chances are as equal as the quotas allow.

    `randomness_source` says which future, public event will draw the panel; `entropy` (fresh by default)
    feeds pseudonyms, nonces and ties: the same entropy gives the same bytes. `seated` are people on the panel
    already: quotas and size count them, and nobody of their household is drawn; `replaces` is then the digest of the
    lottery that they were drawn by. An exception raised by `progress` cancels and passes through.
    Raises SortitionError when the request is malformed or no panel meets the quotas.
    """
    _refuse_malformed(objective, panels, randomness_source, ticket)
    _refuse_shared_ids(respondents)
    entropy = _entropy(entropy)
    heard = progress or _unheard
    left, empty = left_to_fill(quotas, size, seated)
    respondents = free_to_sit(respondents, seated)
    pool = build_pool(left, respondents, empty)
    relaxed = leximin(pool, lambda fraction: heard(Progress("relaxation", 0.05 * fraction)))
    stated = statements(pool, relaxed)
    bound = stated[0].bound
    distribution = _distribution(pool, relaxed, float(bound), heard)
    heard(Progress("rounding", 0.9, float(bound)))
    stream = Stream(entropy, "panels")
    drawn = seat(pool, round_to_panels(distribution, pool, relaxed.chances, panels, stream), stream)
    heard(Progress("sealing", 0.95, float(bound)))
    chances = _chances(pool, relaxed, stated, drawn)
    seal = Seal(
        quotas=quotas,
        objective=objective,
        source=randomness_source.strip(),
        ticket=ticket,
        entropy=entropy,
        attained=distribution.attained,
        statements=stated,
        largest_difference=max(abs(chance.lottery - chance.probability) for chance in chances),
        replaces=replaces,
    )
    public, attributes, key = sealed(pool, respondents, relaxed, drawn, seal, seated)
    return Lottery(
        public=public,
        attributes=attributes,
        key=key,
        chances={person.id: chance for person, chance in zip(respondents, chances, strict=True)},
        commitment=digest("lottery", public),
        entropy=entropy,
        bound=bound,
        least=min(chance.lottery for chance in chances),
        largest_difference=seal.largest_difference,
        attained=distribution.attained,
    )


def _entropy(given: bytes | None) -> bytes:
    """Fresh entropy where none is given; too little is refused."""
    if given is None:
        return secrets.token_bytes(LEAST_ENTROPY)
    if len(given) < LEAST_ENTROPY:
        raise SortitionError(
            "The entropy has %(given)d bytes; pseudonyms are safe from guessing with %(least)d bytes or more.",
            {"given": len(given), "least": LEAST_ENTROPY},
        )
    return given


def _unheard(_: Progress) -> None:
    """Nobody listens to the progress."""


def _refuse_malformed(objective: str, panels: int, source: str, ticket: str) -> None:
    if objective not in OBJECTIVES:
        raise SortitionError(
            "The objective “%(objective)s” is not offered. Use “leximin”.", {"objective": objective}
        )
    if not 1 <= panels <= MOST_PANELS:
        raise SortitionError(
            "A lottery has from 1 to %(most)d panels; %(panels)d were asked for.",
            {"panels": panels, "most": MOST_PANELS},
        )
    if ticket not in TICKET_RULES:
        raise SortitionError(
            "The ticket rule “%(rule)s” is unknown. Choose “digits” or “hash”.", {"rule": ticket}
        )
    if ticket == "digits":
        digits_needed(panels)
    if not source.strip():
        raise SortitionError(
            "The source of randomness is missing. Say now which future public draw will decide, for example "
            "“three balls drawn in public on 3 March”: choosing it later would be a second draw."
        )


def _refuse_shared_ids(respondents: Sequence[Respondent]) -> None:
    ids = [respondent.id for respondent in respondents]
    if len(set(ids)) < len(ids):
        twice = next(id_ for id_ in ids if ids.count(id_) > 1)
        raise SortitionError(
            "Two people have the id “%(id)s”. Give each person an id of their own.", {"id": twice}
        )


def _distribution(pool: Pool, relaxed: Relaxed, bound: float, heard: Heard) -> Distribution:
    def forward(fraction: float, reached: Floats) -> None:
        heard(Progress("panels", 0.05 + 0.85 * fraction, bound, float(reached.min())))

    return attain(pool, relaxed.chances, forward)


def _chances(
    pool: Pool, relaxed: Relaxed, stated: Sequence[Statement], seated: Sequence[Sequence[int]]
) -> list[Chance]:
    """Per person: the chance stated in the certificate, and the panels they are in."""
    probability: dict[int, Fraction] = {}
    for level, statement in zip(relaxed.levels, stated, strict=True):
        for type_ in level.types:
            probability |= dict.fromkeys(pool.members[type_], statement.chance)
    containing: list[list[int]] = [[] for _ in range(pool.people)]
    for number, people in enumerate(seated):
        for person in people:
            containing[person].append(number)
    return [
        Chance(probability[person], Fraction(len(numbers), len(seated)), tuple(numbers))
        for person, numbers in enumerate(containing)
    ]
