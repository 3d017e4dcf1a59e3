"""Households as the commands settle them: doubtful addresses are listed, and a review file says what they are."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sortition.files.folder import write
from sortition.files.households import Doubt, doubtful, merged, read_review, write_review
from sortition.model import Respondent
from sortition.problems import SortitionError, unusable

SHOWN = 20


def household_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--household",
        metavar="COL,COL",
        help="columns that agree for people of one household (an address): at most one sits",
    )
    parser.add_argument(
        "--households-review",
        metavar="FILE",
        type=Path,
        help="CSV of addresses nearly alike, written here; say yes or no in its first column, then run again",
    )


def household_columns(arguments: argparse.Namespace) -> list[str]:
    """The columns that name a household. Raises SortitionError when a review is asked for without any."""
    columns = [column.strip() for column in (arguments.household or "").split(",") if column.strip()]
    if arguments.households_review and not columns:
        raise SortitionError("--households-review needs --household: say which columns hold the address.")
    return columns


def settled(arguments: argparse.Namespace, respondents: Sequence[Respondent]) -> list[Respondent]:
    """The respondents under the households that a person decided on; what is undecided is listed and kept apart."""
    doubts = doubtful(respondent.household for respondent in respondents)
    decided = _decided(arguments.households_review)
    homes = merged(
        [respondent.household for respondent in respondents], [one for one, same in decided.items() if same]
    )
    living: dict[str, list[str]] = {}
    for respondent in respondents:
        living.setdefault(respondent.household, []).append(respondent.id)
    if arguments.household:
        shared = [people for people in living.values() if len(people) > 1]
        print(
            f"{sum(map(len, shared))} of {len(respondents)} people live in {len(shared)} shared households: at most one "
            "of each sits."
        )
    if arguments.households_review and doubts:
        write(arguments.households_review, write_review(doubts, decided, living))
    _list([doubt for doubt in doubts if doubt not in decided], living, arguments.households_review)
    return [replace(one, household=home) for one, home in zip(respondents, homes, strict=True)]


def _decided(path: Path | None) -> dict[Doubt, bool]:
    if path is None or not path.exists():
        return {}
    decided, problems = read_review(path.read_bytes(), path.name)
    if problems:
        raise unusable(problems)
    return decided


def _list(doubts: Sequence[Doubt], living: dict[str, list[str]], path: Path | None) -> None:
    if not doubts:
        return
    for doubt in doubts[:SHOWN]:
        first, second = (f"“{one}” ({' '.join(living[one])})" for one in (doubt.first, doubt.second))
        print(f"Perhaps one household: {first} and {second}.")
    number = f"{len(doubts)} pairs of addresses are" if len(doubts) > 1 else "1 pair of addresses is"
    where = f"in {path}" if path else "with --households-review FILE"
    print(f"{number} nearly alike. Say {where} whether each is the same home; until then they are two.")
