"""`responses`: how many of those invited volunteered, by stratum, and what to expect next time."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sortition.commands.invitation import strata_by_code
from sortition.commands.pool import DONE, Commands
from sortition.files.folder import write
from sortition.files.spreadsheet import read_table, write_table
from sortition.invitations.responses import Response, responses
from sortition.problems import unusable
from sortition.proofs.reading import read_document


def add(commands: Commands) -> None:
    command = commands.add_parser("responses", help="who answered an invitation, by stratum")
    command.add_argument("invitation", type=Path, help="the folder of the invitation")
    command.add_argument("pool", type=Path, help="the volunteers, with the code of their letter")
    command.add_argument("--code-column", default="code", help="the column with the code (code)")
    command.add_argument("--out", type=Path, help="by default response.csv in the folder")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    folder = arguments.invitation
    strata, stratum_of = strata_by_code(folder)
    codes = _codes(arguments.pool, arguments.code_column)
    known = {code for code in codes if code in stratum_of}
    found = responses(strata, stratum_of.values(), [stratum_of[code] for code in known])
    for one in found:
        print(_line(one))
    print(f"Altogether {len(known)} answers to {len(stratum_of)} letters.")
    if len(known) < len(codes):
        print(
            f"Not counted: {len(codes) - len(known)} rows of {arguments.pool.name} without a code of this invitation, "
            "or with the code of another row."
        )
    out = arguments.out or folder / "response.csv"
    write(out, _file(read_document(folder / "invitation.json")["strata_columns"], found))
    print(f"For the next invitation to the same strata: --response {out}")
    return DONE


def _codes(path: Path, column: str) -> list[str]:
    """The code in each row, in the form it was printed in; empty where there is none."""
    table, problems = read_table(path.read_bytes(), path.name)
    if table is not None:
        name = table.column(column)
        if name is not None:
            return ["-".join(cells[name].upper().replace("-", " ").split()) for _, cells in table.rows]
        problems = [table.lacks(path.name, column)]
    raise unusable(problems)


def _line(one: Response) -> str:
    where = f"{', '.join(one.values)}: " if one.values else ""
    return (
        f"{where}{one.answers} of {one.letters} letters, {_percent(one.answers / one.letters)} "
        f"(95 % interval {_percent(one.low)} to {_percent(one.high)}); plan with {_percent(float(one.expected))}"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _file(columns: Sequence[str], found: Sequence[Response]) -> bytes:
    rows = [
        {
            **dict(zip(columns, one.values, strict=True)),
            "letters": str(one.letters),
            "answers": str(one.answers),
            "low": f"{one.low:.6f}",
            "high": f"{one.high:.6f}",
            "response": f"{one.expected.numerator}/{one.expected.denominator}",
        }
        for one in found
    ]
    return write_table(list(dict.fromkeys([*columns, *rows[0]])), rows)
