"""`tables`: seat a panel at tables over several rounds."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sortition.commands.plan import read_plan, written
from sortition.commands.pool import DONE, NO, Commands, complain, read_entropy
from sortition.files.folder import write
from sortition.files.pool import read_respondents
from sortition.files.spreadsheet import Table, read_table
from sortition.model import Respondent
from sortition.problems import SortitionError, unusable
from sortition.tables import ContradictionError, Tables, repair, tables

NEVER_MET = 5


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "tables", help="seat people at tables, so that they meet as many as possible"
    )
    command.add_argument("selected", type=Path, help="the people: an id and any columns (CSV or XLSX)")
    command.add_argument("--tables", type=int, help="how many tables")
    command.add_argument("--rounds", type=int, help="how many times people change tables")
    command.add_argument(
        "--repair",
        type=Path,
        metavar="FILE",
        help="a plan that `tables` wrote, to be mended for the people who are there now: as few as possible move",
    )
    command.add_argument(
        "--from-round",
        type=int,
        default=1,
        metavar="N",
        help="the first round to mend (1); those before are over",
    )
    command.add_argument("--out", type=Path, required=True, help="a CSV with everyone's table in each round")
    command.add_argument("--balance", metavar="COL,COL", help="columns whose values every table mixes")
    command.add_argument(
        "--apart",
        metavar="FILE|COL",
        help="who never shares a table: a file with the ids of one group per row, or a column in which they agree",
    )
    command.add_argument(
        "--together", metavar="FILE|COL", help="who always shares a table, said in the same way"
    )
    command.add_argument(
        "--facilitator", metavar="ID", action="append", default=[], help="stays at a table; may be repeated"
    )
    command.add_argument(
        "--seat", metavar="ID=TABLE", action="append", default=[], help="sits at this table; may be repeated"
    )
    command.add_argument("--id-column", help="the column that identifies people (id, nationbuilder_id)")
    command.add_argument("--entropy", help="hexadecimal; another one gives other tables")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    people = _read_people(arguments)
    before: dict[str, dict[str, str]] = {}
    try:
        if arguments.repair:
            found, before = _mended(arguments, people)
        else:
            found = _made(arguments, people)
    except ContradictionError as error:
        complain([str(error), *map(str, error.problems)])
        return NO
    write(arguments.out, written(people, found, before))
    _report(found, arguments.out)
    return DONE


def _made(arguments: argparse.Namespace, people: Sequence[Respondent]) -> Tables:
    if arguments.tables is None or arguments.rounds is None:
        raise SortitionError("Say how many tables and rounds there are: --tables and --rounds.")
    return tables(
        people,
        tables=arguments.tables,
        rounds=arguments.rounds,
        balance=_columns(arguments.balance),
        apart=_groups(people, arguments.apart),
        together=_groups(people, arguments.together),
        seats=_seats(arguments.seat),
        facilitators=arguments.facilitator,
        entropy=read_entropy(arguments.entropy) or b"",
    )


def _mended(
    arguments: argparse.Namespace, people: Sequence[Respondent]
) -> tuple[Tables, dict[str, dict[str, str]]]:
    """The plan for the people who are there, and the rows of those it was made for."""
    hosts, balance, first = arguments.facilitator, _columns(arguments.balance), arguments.from_round
    plan, before = read_plan(arguments.repair, arguments.id_column, hosts, balance)
    if not 1 <= first <= len(plan.rounds):
        raise SortitionError(
            "%(file)s has %(rounds)d rounds; there is no round %(first)d to mend.",
            {"file": arguments.repair.name, "rounds": len(plan.rounds), "first": first},
        )
    found = repair(
        plan,
        [person for person in people if person.id not in hosts],
        first=first,
        balance=balance,
        apart=_groups(people, arguments.apart),
        together=_groups(people, arguments.together),
        seats=_seats(arguments.seat),
    )
    _say_moved(plan, found, first)
    return found, before


def _say_moved(plan: Tables, found: Tables, first: int) -> None:
    """Who sits elsewhere than planned, of those who were expected."""
    moved = [
        f"{one} ({', '.join(rounds)})"
        for one, places in found.places.items()
        if (rounds := _elsewhere(plan.places.get(one, ()), places, first))
    ]
    print(f"People who sit elsewhere than planned, with the rounds: {', '.join(moved) or 'none'}.")


def _elsewhere(planned: Sequence[int], places: Sequence[int], first: int) -> list[str]:
    pairs = enumerate(zip(planned, places, strict=True), start=1) if planned else ()
    return [str(round_) for round_, (old, new) in pairs if round_ >= first and new and old != new]


def _read_people(arguments: argparse.Namespace) -> list[Respondent]:
    data, name = arguments.selected.read_bytes(), arguments.selected.name
    people, problems = read_respondents(data, name, (), arguments.id_column)
    balance = _columns(arguments.balance)
    if not problems:
        table = Table(tuple(people[0].row), ())
        problems = [table.lacks(name, column) for column in balance if column not in table.columns]
    if problems:
        raise unusable(problems)
    spelling: dict[str, str] = {}
    return [
        Respondent(
            person.id,
            {name: spelling.setdefault(person.row[name].casefold(), person.row[name]) for name in balance},
            person.row,
        )
        for person in people
    ]


def _columns(text: str | None) -> list[str]:
    return [column.strip() for column in (text or "").split(",") if column.strip()]


def _groups(people: Sequence[Respondent], given: str | None) -> list[list[str]]:
    """Groups of ids: from a column of the people where there is one of this name, else from a file."""
    if given is None:
        return []
    if given in people[0].row:
        found: dict[str, list[str]] = {}
        for person in people:
            found.setdefault(person.row[given].casefold(), []).append(person.id)
        return [group for value, group in found.items() if value and len(group) > 1]
    path = Path(given)
    if not path.exists():
        raise SortitionError(
            "“%(given)s” is neither a column of the people nor a file. The columns are: %(found)s.",
            {"given": given, "found": ", ".join(people[0].row)},
        )
    table, problems = read_table(path.read_bytes(), path.name)
    if table is None:
        raise unusable(problems)
    # A first row of ids is a group, not a header.
    header = set(table.columns) <= {person.id for person in people}
    rows = ([list(table.columns)] if header else []) + [list(cells.values()) for _, cells in table.rows]
    return [[one for one in row if one] for row in rows]


def _seats(given: Sequence[str]) -> dict[str, int]:
    seats = {}
    for text in given:
        one, sign, table = text.rpartition("=")
        if not (sign and one and table.isascii() and table.isdigit()):
            raise SortitionError("“%(text)s” is not ID=TABLE, such as ana=3.", {"text": text})
        seats[one.strip()] = int(table)
    return seats


def _report(found: Tables, out: Path) -> None:
    share = 100 * found.pairs / found.bound if found.bound else 100.0
    print(
        f"{len(found.people)} people, {len(found.rounds[0])} tables, {len(found.rounds)} rounds: see {out}."
    )
    print(f"{found.pairs} different pairs meet: {share:.1f} % of {found.bound}, which no tables can exceed.")
    print(f"Pairs that meet more than once: {len(found.repeats)}.")
    never = {one: len(found.never_met(one)) for one in found.people}
    most = sorted(never.items(), key=lambda item: (-item[1], item[0]))[:NEVER_MET]
    print(
        "Who meets fewest others: " + ", ".join(f"{one} (never meets {count})" for one, count in most) + "."
    )
    for problem in found.relaxed:
        print(problem)
    if found.relaxed and not found.smallest:
        print("Fewer exceptions may be possible: the search for them was ended.")
    for round_, tables_ in enumerate(found.rounds, start=1):
        print(f"Round {round_}")
        for number, table in enumerate(tables_, start=1):
            mix = ", ".join(
                f"{value or '–'} {count}" for (_, value), count in found.composition(round_, number).items()
            )
            hosts = "".join(f" + {one}" for one in found.facilitators[number - 1])
            print(f"  table {number}: {', '.join(table)}{hosts}" + (f"  [{mix}]" if mix else ""))
