"""`invite`: seal the draw of letters to an address file or a register."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sortition.commands.invitation import write_invitation
from sortition.commands.pool import DONE, Commands, read_entropy
from sortition.files.registers import Register, read_register, with_population, with_response
from sortition.invitations.draw import Invitation, invite
from sortition.problems import SortitionError
from sortition.randomness import fresh_entropy

SOURCE, BALLS = "three balls numbered 0 to 9, drawn in public", 3


def add(commands: Commands) -> None:
    command = commands.add_parser("invite", help="seal the draw of letters to addresses or a register")
    command.add_argument("addresses", type=Path, help="the file to draw from: any columns, CSV or XLSX")
    command.add_argument("--number", type=int, required=True, help="how many letters")
    command.add_argument("--out", type=Path, required=True, help="a new folder for the invitation")
    command.add_argument("--strata", metavar="COL,COL", default="", help="columns whose values share letters")
    command.add_argument("--population", type=Path, help="a file: the columns of the strata, and population")
    response = command.add_mutually_exclusive_group()
    response.add_argument("--response", type=Path, help="a file: the columns of the strata, and response")
    response.add_argument("--response-column", metavar="COL", help="the expected response of each entry")
    command.add_argument("--one-per", metavar="COL", help="at most one letter where this column agrees")
    command.add_argument(
        "--randomness-source",
        help="the future public draw that will decide; by default three balls, and nothing else will then do",
    )
    command.add_argument("--entropy", help="hexadecimal; the same entropy gives the same bytes")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    register = _register(arguments)
    entropy = read_entropy(arguments.entropy) or fresh_entropy()
    said = arguments.randomness_source
    source, digits = (SOURCE, BALLS) if said is None else (said, 0)
    invitation = invite(register, arguments.number, randomness_source=source, entropy=entropy, digits=digits)
    write_invitation(arguments.out, invitation, register)
    print(_plan(invitation))
    print(f"Publish this digest before the draw: {invitation.commitment}")
    print(f"Then: python -m sortition reveal {arguments.out} --randomness TEXT", file=sys.stderr)
    return DONE


def _register(arguments: argparse.Namespace) -> Register:
    strata = [column.strip() for column in arguments.strata.split(",") if column.strip()]
    if not strata and (arguments.population or arguments.response):
        raise SortitionError(
            "Population and response are given per stratum. Name the columns that make the strata with --strata."
        )
    file = arguments.addresses
    register = read_register(
        file.read_bytes(), file.name, strata, arguments.one_per, arguments.response_column
    )
    if arguments.population:
        register = with_population(register, arguments.population.read_bytes(), arguments.population.name)
    if arguments.response:
        register = with_response(register, arguments.response.read_bytes(), arguments.response.name)
    return register


def _plan(invitation: Invitation) -> str:
    """How the letters are shared, a line per stratum."""
    strata: Sequence[dict[str, Any]] = invitation.public["strata"]
    number, entries = invitation.public["number"], len(invitation.public["entries"])
    lines = [f"{number} letters to {entries} entries."]
    for stratum in strata if len(strata) > 1 else []:
        full = " (everybody)" if stratum["letters"] == stratum["entries"] else ""
        lines.append(
            f"  {', '.join(stratum['values'])}: {stratum['letters']} of {stratum['entries']}{full}, population "
            f"{stratum['population']}, expected response {_percent(stratum['response'])}"
        )
    if len(strata) > 1:
        lines.append(
            "Letters go to each stratum in proportion to its population divided by its expected response; none gets "
            "more than it has entries, and what is over is shared again among the others."
        )
    return "\n".join(lines)


def _percent(ratio: str) -> str:
    numerator, denominator = map(int, ratio.split("/"))
    return f"{100 * numerator / denominator:.1f} %"
