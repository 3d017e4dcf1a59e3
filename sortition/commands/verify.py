"""`verify`: check a lottery, or an invitation, and its draw."""

import argparse
from pathlib import Path

from sortition.commands import invitation
from sortition.commands.pool import Commands
from sortition.proofs.program import findings_of, told


def add(commands: Commands) -> None:
    command = commands.add_parser("verify", help="check a lottery or an invitation, and its draw")
    command.add_argument("lottery", type=Path, help="lottery.json; documents beside it are used too")
    command.add_argument("--commitment", help="the digest published before the draw")
    command.add_argument("--person", type=Path, help="one's own file: check what was sealed about oneself")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    path = arguments.lottery
    if invitation.is_invitation(path):
        return told(invitation.findings_of(path, arguments.commitment))
    document = path / "lottery.json" if path.is_dir() else path
    return told(findings_of(document, arguments.commitment, arguments.person))
