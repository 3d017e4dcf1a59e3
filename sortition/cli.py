"""The command line: check, prepare, reveal, alternates, verify.

Exit codes: 0 done; 1 the answer is no (infeasible, does not verify); 2 the input is wrong.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sortition.alternates import alternates
from sortition.canonical import canonical
from sortition.check import check
from sortition.documents import Finding
from sortition.files import read_categories, read_respondents
from sortition.folder import read_commitment, read_document, write, write_lottery, write_people
from sortition.lottery import OBJECTIVES, Progress, prepare
from sortition.model import Quota, Respondent
from sortition.problems import Problem, SortitionError
from sortition.randomness import TICKET_RULES
from sortition.reveal import reveal
from sortition.verify import verify_lottery

DONE, NO, WRONG_INPUT = 0, 1, 2
MARKS = {
    "passed": "[ok]         ",
    "failed": "[FAILED]     ",
    "unchecked": "[not checked]",
    "withdrawn": "[withdrawn]  ",
}
SOURCE = "three balls numbered 0 to 9, drawn in public"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Every problem is told in a sentence, never as a traceback."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except SortitionError as error:
        _complain([str(error), *map(str, error.problems)])
        return WRONG_INPUT
    except OSError as error:
        _complain([f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}."])
        return WRONG_INPUT
    except KeyboardInterrupt:
        _complain(["Stopped. Nothing was prepared."])
        return WRONG_INPUT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sortition", description="Draw panels by lot.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    pool = argparse.ArgumentParser(add_help=False)
    pool.add_argument("categories", type=Path, help="categories.csv: category,name,min,max")
    pool.add_argument("respondents", type=Path, help="respondents.csv: an id and one column per category")
    pool.add_argument("--size", type=int, required=True, help="seats on the panel")
    pool.add_argument("--id-column", help="the column that identifies people (id, nationbuilder_id)")
    pool.add_argument(
        "--household",
        metavar="COL,COL",
        help="columns that agree for people of one household: at most one sits",
    )
    command = commands.add_parser(
        "check", parents=[pool], help="can the quotas be met, and if not, what to do"
    )
    command.set_defaults(run=_check)
    command = commands.add_parser("prepare", parents=[pool], help="seal a lottery before the public draw")
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
    command.set_defaults(run=_prepare)
    command = commands.add_parser("reveal", help="draw the panel from public randomness")
    command.add_argument("folder", type=Path)
    command.add_argument("--randomness", required=True, help="the digits drawn, or the text agreed on")
    command.set_defaults(run=_reveal)
    command = commands.add_parser("alternates", help="draw alternates for the revealed panel")
    command.add_argument("folder", type=Path)
    command.add_argument("--number", type=int, required=True, help="how many alternates")
    command.add_argument("--randomness", help="by default the randomness that drew the panel")
    command.set_defaults(run=_alternates)
    command = commands.add_parser("verify", help="check a lottery and its draw")
    command.add_argument("lottery", type=Path, help="lottery.json; documents beside it are used too")
    command.add_argument("--commitment", help="the digest published before the draw")
    command.set_defaults(run=_verify)
    return parser


def _check(arguments: argparse.Namespace) -> int:
    answer = check(*_read_pool(arguments), arguments.size)
    for problem in answer.problems:
        print(problem)
    return DONE if answer.feasible else NO


def _prepare(arguments: argparse.Namespace) -> int:
    quotas, respondents = _read_pool(arguments)
    answer = check(quotas, respondents, arguments.size)
    if not answer.feasible:
        _complain(list(map(str, answer.problems)))
        return NO
    lottery = prepare(
        quotas,
        respondents,
        arguments.size,
        objective=arguments.objective,
        panels=arguments.panels,
        randomness_source=arguments.randomness_source,
        ticket=arguments.ticket,
        entropy=_entropy(arguments.entropy),
        progress=_show,
    )
    print(file=sys.stderr)
    write_lottery(arguments.out, lottery, respondents)
    print(
        f"Least chance {float(lottery.least):.6f}; no lottery can give more than {float(lottery.bound):.6f}."
    )
    print(f"Largest difference to the most equal chances: {float(lottery.largest_difference):.6f}.")
    print(f"Publish this digest before the draw: {lottery.commitment}")
    return DONE


def _reveal(arguments: argparse.Namespace) -> int:
    folder = arguments.folder
    lottery = _sound_lottery(folder)
    earlier = read_document(folder / "reveal.json", required=False)
    drawn = reveal(lottery, arguments.randomness, earlier)
    remaining = [name for name in lottery["pseudonyms"] if name not in set(drawn.people)]
    write_people(folder, {"selected.csv": drawn.people, "remaining.csv": remaining})
    write(folder / "reveal.json", canonical(drawn.document))
    print(f"Panel {drawn.ticket} is drawn: see {folder / 'selected.csv'}.")
    return DONE


def _alternates(arguments: argparse.Namespace) -> int:
    folder = arguments.folder
    lottery = _sound_lottery(folder)
    attributes = read_document(folder / "attributes.json")
    told = read_document(folder / "reveal.json")
    drawn = reveal(lottery, told["randomness"], told)
    found = alternates(lottery, attributes, drawn, arguments.number, arguments.randomness)
    _refuse_second_alternates(folder, found.document)
    taken = {*drawn.people, *found.people}
    remaining = [name for name in lottery["pseudonyms"] if name not in taken]
    write_people(folder, {"alternates.csv": found.people, "remaining.csv": remaining})
    write(folder / "alternates.json", canonical(found.document))
    print(f"{len(found.people)} alternates are drawn, in calling order: see {folder / 'alternates.csv'}.")
    print(
        f"Expected quota deviation if each member drops out with a chance of 10 %: {found.deviation:.2f} "
        f"seats with them, {found.deviation_without:.2f} without."
    )
    return DONE


def _verify(arguments: argparse.Namespace) -> int:
    path = arguments.lottery / "lottery.json" if arguments.lottery.is_dir() else arguments.lottery
    findings = _findings(path, arguments.commitment)
    for finding in findings:
        print(MARKS[finding.outcome], finding)
    return NO if any(finding.outcome == "failed" for finding in findings) else DONE


def _findings(path: Path, commitment: str | None = None) -> list[Finding]:
    beside = {
        name: read_document(path.parent / f"{name}.json", required=False)
        for name in ("attributes", "reveal", "alternates")
    }
    return verify_lottery(
        read_document(path), **beside, commitment=commitment or read_commitment(path.parent)
    )


def _sound_lottery(folder: Path) -> dict[str, list[str]]:
    """lottery.json, once it verifies with everything that lies beside it."""
    failed = [finding for finding in _findings(folder / "lottery.json") if finding.outcome == "failed"]
    if failed:
        problems = tuple(Problem(finding.template, finding.values) for finding in failed)
        raise SortitionError(
            "This lottery does not verify, so nothing can be drawn from it.", problems=problems
        )
    lottery: dict[str, list[str]] = read_document(folder / "lottery.json")
    return lottery


def _refuse_second_alternates(folder: Path, document: dict[str, object]) -> None:
    earlier = read_document(folder / "alternates.json", required=False)
    if earlier is not None and earlier != document:
        raise SortitionError(
            "Alternates were already drawn for this panel. A second draw with another number or another "
            "randomness is refused."
        )


def _read_pool(arguments: argparse.Namespace) -> tuple[list[Quota], list[Respondent]]:
    quotas, problems = read_categories(arguments.categories.read_bytes(), arguments.categories.name)
    respondents: list[Respondent] = []
    if not problems:
        respondents, problems = read_respondents(
            arguments.respondents.read_bytes(),
            arguments.respondents.name,
            quotas,
            arguments.id_column,
            [column.strip() for column in (arguments.household or "").split(",") if column.strip()],
        )
    if problems:
        raise SortitionError("The files cannot be used as they are:", problems=tuple(problems))
    return quotas, respondents


def _entropy(text: str | None) -> bytes | None:
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


def _show(progress: Progress) -> None:
    bound = "" if progress.bound is None else f", bound {progress.bound:.4f}"
    attained = "" if progress.attained is None else f", attained {progress.attained:.4f}"
    print(
        f"\r{progress.fraction:4.0%} {progress.stage}{bound}{attained}   ",
        end="",
        file=sys.stderr,
        flush=True,
    )


def _complain(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
