"""Preparing a lottery: equally likely panels, sealed before the public randomness is drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sortition.engine.certificate import Statement, statements
from sortition.engine.fairest import Fairest, Told, fairest
from sortition.engine.objectives import OBJECTIVES
from sortition.engine.rounding import panel_list, seat
from sortition.model import (
    Floats,
    Quota,
    Respondent,
    build_pool,
    free_to_sit,
    left_to_fill,
    shared_households,
)
from sortition.problems import SortitionError
from sortition.proofs.canonical import canonical, digest
from sortition.proofs.documents import panels_of_people
from sortition.randomness import TICKET_RULES, Stream, digits_needed, fresh_entropy, refuse_guessable
from sortition.sealing import Seal, sealed
from sortition.vacancies.dropout import Dropout

MOST_PANELS = 100_000


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

    `public` is lottery.json, `attributes` is attributes.json (rows, nonces, certificate: for guarantors); `key`
    (pseudonym → id), `salts` (pseudonym → what opens the entry that binds it to the id), `chances` (id → chance) and
    `entropy` are private. `commitment` is the digest to publish. `bound` is what the certificate proves of any lottery:
    by leximin and maximin, that none gives those with the least chance more (see `sortition.proofs.optimality` for the
    others). `least` is the least chance of this one; `largest_difference` is the largest distance of anybody's chance
    to the one stated. `attained` says that the chances stated are proved the best, or that this list of panels comes
    within one panel of them.
    """

    public: dict[str, object]
    attributes: dict[str, object]
    key: dict[str, str]
    salts: dict[str, str]
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
    alternates: int = 0,
    dropout: Dropout | None = None,
) -> Lottery:
    """Seal a lottery of `panels` equally likely panels whose chances are as equal as the quotas allow.

    `randomness_source` says which future, public event will draw the panel; `entropy` (fresh by default)
    feeds pseudonyms, nonces and ties: the same entropy gives the same bytes. `seated` are people on the panel
    already: quotas and size count them, and nobody of their household is drawn; `replaces` is then the digest of the
    lottery that they were drawn by. `alternates` says how many will be drawn once the panel is, and `dropout` who is
    then taken to drop out (by default everybody alike); 0 seals nothing of them. An exception raised by `progress`
    cancels and passes through. Raises SortitionError when the request is malformed or no panel meets the quotas.
    """
    _refuse_malformed(objective, panels, randomness_source, ticket)
    declared = _alternates(alternates, dropout)
    _refuse_shared_ids(respondents)
    entropy = fresh_entropy() if entropy is None else entropy
    refuse_guessable(entropy)
    heard = progress or _unheard
    left, empty = left_to_fill(quotas, size, seated)
    respondents = free_to_sit(respondents, seated)
    fair = fairest(build_pool(left, respondents, empty), objective, _forward(heard))
    stated = statements(fair.pool, fair.relaxed, objective)
    bound = stated[0].bound
    drawn = _panels(fair, panels, _homes(respondents), Stream(entropy, "panels"), _after(heard, bound))
    chances = _chances(fair, stated, drawn)
    difference = max(abs(chance.lottery - chance.probability) for chance in chances)
    attained = fair.attained or (fair.distribution is None and difference <= Fraction(1, panels))
    seal = Seal(
        quotas=quotas,
        objective=objective,
        source=randomness_source.strip(),
        ticket=ticket,
        entropy=entropy,
        statements=stated,
        largest_difference=difference,
        replaces=replaces,
        alternates=declared,
    )
    public, attributes, key = sealed(fair.pool, respondents, drawn, seal, seated)
    return Lottery(
        public=public,
        attributes=attributes,
        key=key.ids,
        salts=key.salts,
        chances={person.id: chance for person, chance in zip(respondents, chances, strict=True)},
        commitment=digest("lottery", public),
        entropy=entropy,
        bound=bound,
        least=min(chance.lottery for chance in chances),
        largest_difference=difference,
        attained=attained,
    )


def _panels(
    fair: Fairest,
    number: int,
    homes: Sequence[int | None],
    stream: Stream,
    heard: Callable[[str, float], None],
) -> list[list[int]]:
    """The people of each panel of the list."""
    heard("rounding", 0.8)
    counts = panel_list(fair, number, stream)
    heard("sealing", 0.95)
    return seat(fair.pool, counts, homes, stream)


def _alternates(number: int, dropout: Dropout | None) -> dict[str, object]:
    """What is sealed of the alternates to be drawn."""
    if number < 0 or (dropout is not None and not number):
        raise SortitionError(
            "Say how many alternates there will be: a number above 0, with those who are likely to drop out."
        )
    return {"number": number, "dropout": (dropout or Dropout()).document if number else []}


def _unheard(_: Progress) -> None:
    """Nobody listens to the progress."""


def _refuse_malformed(objective: str, panels: int, source: str, ticket: str) -> None:
    if objective not in OBJECTIVES:
        raise SortitionError(
            "The objective “%(objective)s” is not offered. Choose one of: %(offered)s.",
            {"objective": objective, "offered": ", ".join(OBJECTIVES)},
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


def _forward(heard: Heard) -> Told:
    def forward(fraction: float, bound: float | None, reached: Floats | None) -> None:
        attained = None if reached is None else float(reached.min())
        heard(Progress("panels" if fraction else "relaxation", 0.8 * fraction, bound, attained))

    return forward


def _after(heard: Heard, bound: Fraction) -> Callable[[str, float], None]:
    """How the stages are heard once the bound is proven."""
    return lambda stage, fraction: heard(Progress(stage, fraction, float(bound)))


def _homes(respondents: Sequence[Respondent]) -> list[int | None]:
    """Per person, the number of the household that they share."""
    shared = shared_households([respondent.household for respondent in respondents])
    return [shared.get(respondent.household) for respondent in respondents]


def _chances(fair: Fairest, stated: Sequence[Statement], drawn: Sequence[Sequence[int]]) -> list[Chance]:
    """Per person: the chance stated in the certificate, and the panels they are in."""
    probability = {
        person: statement.chance
        for statement in stated
        for type_ in statement.types
        for person in fair.pool.members[type_]
    }
    containing = panels_of_people(drawn, fair.pool.people)
    return [
        Chance(probability[person], Fraction(len(numbers), len(drawn)), tuple(numbers))
        for person, numbers in enumerate(containing)
    ]
