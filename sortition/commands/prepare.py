"""`prepare`: seal a lottery before the public draw."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sortition.check import check
from sortition.commands.pool import DONE, NO, Commands, complain, pool_arguments, read_entropy, read_pool
from sortition.folder import write_lottery
from sortition.lottery import Progress, prepare
from sortition.model import Quota, Respondent
from sortition.objectives import OBJECTIVES
from sortition.randomness import TICKET_RULES

SOURCE = "three balls numbered 0 to 9, drawn in public"


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "prepare", parents=[pool_arguments()], help="seal a lottery before the public draw"
    )
    lottery_arguments(command)
    command.set_defaults(run=run)


def lottery_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of every command that seals a lottery."""
    command.add_argument("--out", type=Path, required=True, help="a new folder for the lottery")
    command.add_argument("--objective", default="leximin", choices=OBJECTIVES)
    command.add_argument("--panels", type=int, default=1000, help="equally likely panels (1000)")
    command.add_argument(
        "--randomness-source", default=SOURCE, help="the future public draw that will decide"
    )
    command.add_argument(
        "--ticket", default="digits", choices=TICKET_RULES, help="how the draw names a panel"
    )
    command.add_argument("--entropy", help="hexadecimal; the same entropy gives the same bytes")


def run(arguments: argparse.Namespace) -> int:
    quotas, respondents = read_pool(arguments)
    answer = check(quotas, respondents, arguments.size)
    if not answer.feasible:
        complain(list(map(str, answer.problems)))
        return NO
    seal(arguments, quotas, respondents, arguments.size)
    return DONE


def seal(
    arguments: argparse.Namespace,
    quotas: Sequence[Quota],
    respondents: Sequence[Respondent],
    size: int,
    **more: Any,
) -> None:
    """Prepare the lottery, write its folder and say what to publish; `more` goes to `prepare`."""
    lottery = prepare(
        quotas,
        respondents,
        size,
        objective=arguments.objective,
        panels=arguments.panels,
        randomness_source=arguments.randomness_source,
        ticket=arguments.ticket,
        entropy=read_entropy(arguments.entropy),
        progress=_show,
        **more,
    )
    print(file=sys.stderr)
    write_lottery(arguments.out, lottery, respondents, quotas)
    print(
        f"Least chance {float(lottery.least):.6f}; no lottery can give more than {float(lottery.bound):.6f}."
    )
    print(f"Largest difference to the most equal chances: {float(lottery.largest_difference):.6f}.")
    print(f"Publish this digest before the draw: {lottery.commitment}")


def _show(progress: Progress) -> None:
    bound = "" if progress.bound is None else f", bound {progress.bound:.4f}"
    attained = "" if progress.attained is None else f", attained {progress.attained:.4f}"
    print(
        f"\r{progress.fraction:4.0%} {progress.stage}{bound}{attained}   ",
        end="",
        file=sys.stderr,
        flush=True,
    )
