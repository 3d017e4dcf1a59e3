"""`verify`: check a lottery, or an invitation, and its draw."""

import argparse
from pathlib import Path

from sortition.commands import invitation
from sortition.commands.lottery import findings_of
from sortition.commands.pool import DONE, NO, Commands

MARKS = {
    "passed": "[ok]         ",
    "failed": "[FAILED]     ",
    "unchecked": "[not checked]",
    "withdrawn": "[withdrawn]  ",
}


def add(commands: Commands) -> None:
    command = commands.add_parser("verify", help="check a lottery or an invitation, and its draw")
    command.add_argument("lottery", type=Path, help="lottery.json; documents beside it are used too")
    command.add_argument("--commitment", help="the digest published before the draw")
    command.add_argument("--person", type=Path, help="one's own file: check what was sealed about oneself")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    path = arguments.lottery
    if invitation.is_invitation(path):
        findings = invitation.findings_of(path, arguments.commitment)
    else:
        findings = findings_of(
            path / "lottery.json" if path.is_dir() else path, arguments.commitment, arguments.person
        )
    for finding in findings:
        # A hostile document must not write commands to the terminal.
        print(
            MARKS[finding.outcome],
            "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(finding)),
        )
    return NO if any(finding.outcome == "failed" for finding in findings) else DONE
