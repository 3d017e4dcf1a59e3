"""How a ballot is counted: pure decisions on plain figures.

A rule comes from the protocol of the process and is frozen into the ballot when it opens:
`{"name", "method", "threshold", "denominator", "quorum", "secrecy", "tie"}`, shares as fractions in text ("3/4").

What the shares are counted against:
- cast: the votes for and against (an abstention is not a vote for or against); for an approval, the papers handed in;
- present: those present when the ballot opened;
- seated: those who hold a seat, present or not.

A yes-no ballot adopts when the votes for reach the share *and* outnumber the votes against, so that a share of one
half never adopts on a tie. An approval chooses the option that most approve when it reaches the share; on a tie
nothing is chosen and the ballot may be held again, since any other rule would favour an option by its place.
The quorum is a share of the seats that must be present when the ballot opens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from deliberate.core.errors import N_

Sentence = tuple[str, dict[str, Any]]


Counts = Mapping[str, int]


YES, NO, ABSTAIN = "yes", "no", "abstain"


YES_NO_OPTIONS: list[dict[str, Any]] = [
    {"key": YES, "label": {"fr": "Pour", "en": "For"}},
    {"key": NO, "label": {"fr": "Contre", "en": "Against"}},
    {"key": ABSTAIN, "label": {"fr": "Abstention", "en": "Abstention"}},
]


TIE = "again"
NEEDED = {
    "cast": N_(
        "At least %(share)s of the %(base)d votes for and against had to be in favour, and more than were against."
    ),
    "present": N_(
        "At least %(share)s of the %(base)d people present had to be in favour, and more than were against."
    ),
    "seated": N_("At least %(share)s of the %(base)d seats had to be in favour, and more than were against."),
}


APPROVED = {
    "cast": N_("An option had to be approved on at least %(share)s of the %(base)d papers."),
    "present": N_("An option had to be approved by at least %(share)s of the %(base)d people present."),
    "seated": N_("An option had to be approved by at least %(share)s of the %(base)d seats."),
}


QUORUM = N_(
    "%(present)d of %(seated)d were present when the ballot opened; %(quorum_needed)d were needed for it to count."
)


@dataclass(frozen=True)
class Result:
    """What a ballot decided. `winner` is an option's key in an approval; `reading` explains it, headline first."""

    adopted: bool
    winner: str | None
    figures: dict[str, int]
    reading: tuple[Sentence, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data for the database and the journal."""
        return asdict(self) | {"reading": [[template, values] for template, values in self.reading]}


def frozen_rule(name: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule of the protocol as a ballot keeps it. Unknown parts are left out."""
    return {
        "name": name,
        "method": str(rule["method"]),
        "threshold": str(rule.get("threshold", "1/2")),
        "denominator": str(rule.get("denominator", "present")),
        "quorum": str(rule.get("quorum", "0")),
        "secrecy": str(rule.get("secrecy", "open")),
        "tie": TIE,
    }


def result(
    rule: Mapping[str, Any], counts: Counts, present: int, seated: int, papers: int | None = None
) -> Result:
    """Count a ballot. `counts`: votes by option key; `papers`: how many handed in a paper (approval only).

    Raises ValueError for a method that is not known.
    """
    if rule["method"] == "yes-no":
        return _yes_no(rule, counts, present, seated)
    if rule["method"] == "approval":
        return _approval(rule, counts, present, seated, papers or 0)
    raise ValueError(f"no such method: {rule['method']}")


def needed(share: str, base: int) -> int:
    """The smallest whole number that reaches a share of a base, never 0: 3/4 of 22 needs 17."""
    return max(1, ceil(Fraction(share) * base))


def _yes_no(rule: Mapping[str, Any], counts: Counts, present: int, seated: int) -> Result:
    yes, no, abstain = (counts.get(key, 0) for key in (YES, NO, ABSTAIN))
    figures = _figures(rule, yes + no, present, seated) | {"yes": yes, "no": no, "abstain": abstain}
    reached = yes >= figures["needed"] and yes > no
    adopted = reached and _quorate(figures)
    figures["papers"] = yes + no + abstain
    headline = N_("%(yes)d for out of %(base)d; %(needed)d were needed.")
    return Result(
        adopted,
        None,
        figures,
        _reading(rule, headline, NEEDED, figures, adopted, N_("Adopted."), N_("Not adopted.")),
    )


def _approval(rule: Mapping[str, Any], counts: Counts, present: int, seated: int, papers: int) -> Result:
    figures = _figures(rule, papers, present, seated) | {"papers": papers}
    most = max(counts.values(), default=0)
    first = [key for key, count in counts.items() if count == most]
    figures["most"] = most
    chosen = len(first) == 1 and most >= figures["needed"] and _quorate(figures)
    headline = (
        N_("The most approved option has %(most)d approvals out of %(base)d; %(needed)d were needed.")
        if len(first) == 1
        else N_(
            "Several options have %(most)d approvals each: a tie chooses none, and the ballot may be held again."
        )
    )
    ending = (N_("An option is chosen."), N_("No option is chosen."))
    return Result(
        chosen,
        first[0] if chosen else None,
        figures,
        _reading(rule, headline, APPROVED, figures, chosen, *ending),
    )


def _figures(rule: Mapping[str, Any], cast: int, present: int, seated: int) -> dict[str, int]:
    base = {"cast": cast, "present": present, "seated": seated}[rule["denominator"]]
    return {
        "cast": cast,
        "present": present,
        "seated": seated,
        "base": base,
        "needed": needed(rule["threshold"], base),
        "quorum_needed": ceil(Fraction(rule["quorum"]) * seated),
    }


def _quorate(figures: Mapping[str, int]) -> bool:
    return figures["present"] >= figures["quorum_needed"]


def _reading(
    rule: Mapping[str, Any],
    headline: str,
    bases: Mapping[str, str],
    figures: dict[str, int],
    done: bool,
    yes: str,
    no: str,
) -> tuple[Sentence, ...]:
    values: dict[str, Any] = figures | {"share": rule["threshold"]}
    parts: list[Sentence] = [(headline, values), (bases[rule["denominator"]], values)]
    if figures["quorum_needed"]:
        parts.append((QUORUM, values))
    return (*parts, (yes if done else no, {}))


def tally(options: Sequence[Mapping[str, Any]], choices: Iterable[Sequence[str]]) -> dict[str, int]:
    """Votes by option key, every option present, in the order of the options."""
    counts = {str(option["key"]): 0 for option in options}
    for choice in choices:
        for key in choice:
            counts[key] += 1
    return counts


def choice_fault(
    rule: Mapping[str, Any], options: Sequence[Mapping[str, Any]], choice: Sequence[str]
) -> str | None:
    """What is wrong with a vote, as a sentence, or None. An approval may approve several options, or none."""
    known = {option["key"] for option in options}
    if len(set(choice)) != len(choice) or not set(choice) <= known:
        return N_("Choose among the options of this ballot.")
    if rule["method"] == "yes-no" and len(choice) != 1:
        return N_("Choose one of the options before sending your vote.")
    return None


def count_fault(rule: Mapping[str, Any], counts: Counts, papers: int, present: int) -> str | None:
    """What cannot be true of a count of papers, as a sentence, or None."""
    if papers > present:
        return N_("There are more papers (%(papers)d) than people present (%(present)d). Count again.")
    if rule["method"] == "yes-no" and sum(counts.values()) != papers:
        return N_("The votes add up to %(votes)d, but there are %(papers)d papers. Count again.")
    if any(not 0 <= count <= papers for count in counts.values()):
        return N_("An option cannot have more votes than there are papers (%(papers)d). Count again.")
    return None


def differences(first: Counts, second: Counts) -> dict[str, tuple[int, int]]:
    """Where two counts of the same papers differ: option key → (first, second)."""
    return {key: (first[key], second.get(key, 0)) for key in first if first[key] != second.get(key, 0)}
