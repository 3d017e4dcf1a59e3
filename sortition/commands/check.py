"""`check`: can the quotas be met, and where not, what to do."""

import argparse

from sortition.checking.check import check
from sortition.commands.pool import DONE, NO, Commands, pool_arguments, read_pool


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "check", parents=[pool_arguments()], help="can the quotas be met, and if not, what to do"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    answer = check(*read_pool(arguments), arguments.size)
    for problem in answer.problems:
        print(problem)
    return DONE if answer.feasible else NO
