"""`replace`: prepare the lottery of seats that were given up."""

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sortition.checking.check import check
from sortition.commands.lottery import sound_lottery, withdrawn_of
from sortition.commands.pool import DONE, NO, Commands, complain
from sortition.commands.prepare import lottery_arguments, seal
from sortition.files.folder import key_of, refuse_lacking, refuse_taken, write
from sortition.files.pool import ID_COLUMNS, read_categories, read_respondents, write_respondents
from sortition.files.spreadsheet import Table, read_table
from sortition.model import Quota, Respondent, left_to_fill
from sortition.problems import Problem, unusable
from sortition.proofs.documents import SALT
from sortition.proofs.reading import read_document
from sortition.vacancies.replacements import Changes, Vacancy, vacancy

SEATED = "seated.csv"


def add(commands: Commands) -> None:
    command = commands.add_parser("replace", help="prepare the lottery of seats that were given up")
    command.add_argument("folder", type=Path, help="the folder of the lottery that filled the seats")
    command.add_argument(
        "--leaving", default="", metavar="IDS", help="ids of those who give up their seat: a,b,c or a file"
    )
    command.add_argument("--called", default="", metavar="IDS", help="ids of the alternates who took a seat")
    command.add_argument("--gone", default="", metavar="IDS", help="ids of others who are not to be drawn")
    command.add_argument("--categories", type=Path, help="other quotas, where the first can no longer be met")
    command.add_argument("--id-column", help="the column that identifies people (id, nationbuilder_id)")
    lottery_arguments(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    refuse_taken(arguments.out)
    found = _vacancy(arguments)
    quotas = _quotas(arguments.categories, found)
    answer = check(*_left(quotas, found))
    if not answer.feasible:
        print(
            f"Members who stay: {len(found.seated)}. Empty seats: {found.empty}. What follows counts only those who are "
            "drawn for the empty seats.",
            file=sys.stderr,
        )
        complain(list(map(str, answer.problems)))
        return NO
    if found.empty == 1:
        print(
            "One seat alone: once this lottery is published, its quotas beside those of the first tell the answers of the "
            "person who left. If that should stay private, wait until two seats are empty and draw them together.",
            file=sys.stderr,
        )
    arguments.out.mkdir(parents=True, exist_ok=True)
    write(arguments.out / SEATED, write_respondents(found.seated))
    seal(arguments, quotas, found.pool, found.size, seated=found.seated, replaces=found.replaces)
    print(
        f"Members who stay: {len(found.seated)}. Empty seats: {found.empty}, drawn among {len(found.pool)} people."
    )
    return DONE


def _left(quotas: Sequence[Quota], found: Vacancy) -> tuple[list[Quota], Sequence[Respondent], int]:
    left, empty = left_to_fill(quotas, found.size, found.seated)
    return left, found.pool, empty


def _vacancy(arguments: argparse.Namespace) -> Vacancy:
    folder = arguments.folder
    public: Mapping[str, Any] = sound_lottery(folder)
    revealed = read_document(folder / "reveal.json")
    attributes = read_document(folder / "attributes.json")
    gone = withdrawn_of(public, attributes, public["pseudonyms"])
    column, people = _people(folder, arguments.id_column, set(public["pseudonyms"]) - gone)
    quotas = [Quota(one["category"], one["value"], one["min"], one["max"]) for one in public["quotas"]]
    changes = Changes(*(_ids(text, column) for text in (arguments.leaving, arguments.called, arguments.gone)))
    return vacancy(
        public,
        attributes,
        people,
        revealed["people"],
        changes,
        _earlier(folder, quotas, column),
    )


def _people(
    folder: Path, id_column: str | None, wanted: Collection[str]
) -> tuple[str, dict[str, tuple[str, dict[str, str]]]]:
    """The column that identifies people; id and row by pseudonym. Raises SortitionError when one wanted is not there."""
    refuse_lacking(folder, wanted)
    key = key_of(folder)
    columns = list(dict.fromkeys(name for row in key.values() for name in row if name != SALT))
    table = Table(tuple(columns), ())
    column = table.column(*([id_column] if id_column else ID_COLUMNS))
    if column is None:
        raise unusable([table.lacks("key.csv", id_column or "id")])
    return column, {
        own: (row[column], {name: cell for name, cell in row.items() if name != SALT})
        for own, row in key.items()
    }


def _earlier(folder: Path, quotas: Sequence[Quota], column: str) -> list[Respondent]:
    """Who was seated before this lottery, if it filled empty seats itself."""
    path = folder / SEATED
    if not path.exists():
        return []
    seated, problems = read_respondents(path.read_bytes(), path.name, quotas, column)
    if problems:
        raise unusable(problems)
    return seated


def _ids(text: str, column: str) -> list[str]:
    """Ids typed with commas, or in a file: under the column of ids, or one per line."""
    path = Path(text.strip())
    if "," in text or not text.strip() or not path.is_file():
        return [one.strip() for one in text.split(",") if one.strip()]
    table, problems = read_table(path.read_bytes(), path.name)
    if table is None:
        raise unusable(problems)
    if column in table.columns:
        return [cells[column] for _, cells in table.rows]
    if len(table.columns) == 1:
        return [*table.columns, *(cells[table.columns[0]] for _, cells in table.rows)]
    raise unusable([table.lacks(path.name, column)])


def _quotas(path: Path | None, found: Vacancy) -> Sequence[Quota]:
    """The quotas of the first lottery, or others for the same values."""
    if path is None:
        return found.quotas
    quotas, problems = read_categories(path.read_bytes(), path.name)
    named, before = ({(one.category, one.value) for one in some} for some in (quotas, found.quotas))
    if not problems:
        sentence = "%(file)s has no quota for “%(category)s: %(value)s”, which the first lottery had."
        problems = [
            Problem(sentence, {"file": path.name, "category": category, "value": value})
            for category, value in sorted(before - named)
        ]
    if problems:
        raise unusable(problems)
    return quotas
