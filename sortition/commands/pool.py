"""What several commands share: reading the pool, exit codes, sentences for people."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from sortition.commands.homes import household_arguments, household_columns, settled
from sortition.files.pool import read_categories, read_respondents
from sortition.model import Quota, Respondent
from sortition.problems import SortitionError, unusable

DONE, NO, WRONG_INPUT = 0, 1, 2

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def pool_arguments() -> argparse.ArgumentParser:
    """The arguments of every command that reads quotas and a pool."""
    pool = argparse.ArgumentParser(add_help=False)
    pool.add_argument("categories", type=Path, help="categories.csv: category,name,min,max")
    pool.add_argument("respondents", type=Path, help="respondents.csv: an id and one column per category")
    pool.add_argument("--size", type=int, required=True, help="seats on the panel")
    pool.add_argument("--id-column", help="the column that identifies people (id, nationbuilder_id)")
    household_arguments(pool)
    return pool


def read_pool(arguments: argparse.Namespace) -> tuple[list[Quota], list[Respondent]]:
    """Quotas and pool, households settled. Raises SortitionError with every problem of both files."""
    quotas, problems = read_categories(arguments.categories.read_bytes(), arguments.categories.name)
    respondents, more = read_respondents(
        arguments.respondents.read_bytes(),
        arguments.respondents.name,
        quotas,  # none when they have problems: ids and columns are looked at all the same
        arguments.id_column,
        household_columns(arguments),
    )
    if problems or more:
        raise unusable([*problems, *more])
    return quotas, settled(arguments, respondents)


def read_entropy(text: str | None) -> bytes | None:
    """Bytes from hexadecimal digits; None where none were given."""
    if text is None:
        return None
    try:
        entropy = bytes.fromhex(text)
    except ValueError:
        entropy = b""
    if not entropy:
        raise SortitionError(
            "The entropy “%(text)s” is not hexadecimal. Give an even number of digits 0–9 and a–f.",
            {"text": text},
        )
    return entropy


def complain(sentences: Sequence[str]) -> None:
    """Say what is wrong where errors are read."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)
