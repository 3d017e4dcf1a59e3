"""`prepare`: seal a lottery before the public draw."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sortition.checking.check import check
from sortition.commands.pool import DONE, NO, Commands, complain, pool_arguments, read_entropy, read_pool
from sortition.engine.objectives import OBJECTIVES
from sortition.files.folder import refuse_taken, write_lottery
from sortition.lottery import Lottery, Progress, prepare
from sortition.model import Quota, Respondent
from sortition.problems import SortitionError
from sortition.randomness import TICKET_RULES, digits_needed
from sortition.vacancies.dropout import Dropout, read_dropout

BALLS = {1: "one ball", 2: "two balls", 3: "three balls", 4: "four balls"}
ATTAINED = {
    "minimax": "Greatest chance {most:.2f} %; the quotas leave somebody at least {bound:.2f} % in every lottery.",
    "nash": "The chances aimed at have at least {bound:.2f} % of the largest geometric mean that the quotas allow.",
    "goldilocks": (
        "No lottery that meets these quotas brings greatest and least chance together below {bound:.2f} % of what "
        "the chances aimed at come to."
    ),
}
OBJECTIVES_IN_WORDS = (
    "leximin: the least chance as high as it can be, then the next (the usual choice); maximin: the least chance "
    "alone; minimax: the greatest chance as low as it can be; nash: the product of all chances; goldilocks: greatest "
    "and least chance together"
)


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "prepare", parents=[pool_arguments()], help="seal a lottery before the public draw"
    )
    lottery_arguments(command)
    command.set_defaults(run=run)


def lottery_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of every command that seals a lottery."""
    command.add_argument("--out", type=Path, required=True, help="a new folder for the lottery")
    command.add_argument("--objective", default="leximin", choices=OBJECTIVES, help=OBJECTIVES_IN_WORDS)
    command.add_argument("--panels", type=int, default=1000, help="equally likely panels (1000)")
    command.add_argument(
        "--randomness-source",
        help="the future public draw that will decide, sealed with the lottery (balls; to be said for --ticket hash)",
    )
    command.add_argument(
        "--ticket",
        default="digits",
        choices=TICKET_RULES,
        help="digits: balls that are the number of the panel; hash: any text agreed on",
    )
    command.add_argument(
        "--alternates",
        type=int,
        default=0,
        metavar="A",
        help="how many alternates will be drawn for the panel",
    )
    command.add_argument(
        "--dropout",
        type=Path,
        metavar="FILE",
        help="who drops out, so that alternates fit: category,value,multiplier, or category,value,seats,dropped of an "
        "earlier panel; by default everybody alike, one in ten",
    )
    command.add_argument("--entropy", help="hexadecimal; the same entropy gives the same bytes")


def run(arguments: argparse.Namespace) -> int:
    refuse_taken(arguments.out)
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
    source = _source(arguments)
    lottery = prepare(
        quotas,
        respondents,
        size,
        objective=arguments.objective,
        panels=arguments.panels,
        randomness_source=source,
        ticket=arguments.ticket,
        entropy=read_entropy(arguments.entropy),
        progress=_show,
        alternates=arguments.alternates,
        dropout=_dropout(arguments.dropout, quotas),
        **more,
    )
    print(file=sys.stderr)
    write_lottery(arguments.out, lottery, respondents, quotas)
    print(_attained(arguments.objective, lottery))
    print(
        f"Nobody's chance is further than {100 * float(lottery.largest_difference):.2f} percentage points from the one "
        "aimed at."
    )
    print(f"Publish this digest before the draw: {lottery.commitment}")
    print(f"The charts are in {arguments.out / 'report.html'}. The public draw: {source}.")


def _attained(objective: str, lottery: Lottery) -> str:
    """What the lottery gives, and what is proven of its objective: the bound means another thing for each."""
    least, bound = 100 * float(lottery.least), 100 * float(lottery.bound)
    if objective not in ATTAINED:
        return f"Least chance {least:.2f} %; no lottery that meets these quotas can give more than {bound:.2f} %."
    most = 100 * max(float(chance.lottery) for chance in lottery.chances.values())
    return f"Least chance {least:.2f} %. {ATTAINED[objective].format(most=most, bound=bound)}"


def _source(arguments: argparse.Namespace) -> str:
    """The draw that is declared: never other balls than the lottery awaits, nor balls for a text."""
    if arguments.randomness_source is not None:
        return str(arguments.randomness_source)
    if arguments.ticket == "hash":
        raise SortitionError(
            "With --ticket hash, say with --randomness-source which text will decide, for example “the drand round "
            "of 3 March, 18:00”: choosing it later would be a second draw."
        )
    needed = digits_needed(arguments.panels)
    return f"{BALLS.get(needed, f'{needed} balls')} numbered 0 to 9, drawn in public"


def _dropout(path: Path | None, quotas: Sequence[Quota]) -> Dropout | None:
    known = [(one.category, one.value) for one in quotas]
    return None if path is None else read_dropout(path.read_bytes(), path.name, known)


def _show(progress: Progress) -> None:
    bound = "" if progress.bound is None else f", bound {progress.bound:.4f}"
    attained = "" if progress.attained is None else f", attained {progress.attained:.4f}"
    print(
        f"\r{progress.fraction:4.0%} {progress.stage}{bound}{attained}   ",
        end="",
        file=sys.stderr,
        flush=True,
    )
