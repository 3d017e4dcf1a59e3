"""`verify.py` in the folder of a lottery: everything that lies there, checked with Python alone."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from sortition.problems import SortitionError
from sortition.proofs.documents import Finding
from sortition.proofs.reading import read_commitment, read_document, read_key
from sortition.proofs.verify import verify_lottery

MARKS = {
    "passed": "[ok]         ",
    "failed": "[FAILED]     ",
    "unchecked": "[not checked]",
    "withdrawn": "[withdrawn]  ",
}
VERIFIES, DOES_NOT, WRONG_INPUT = 0, 1, 2


def findings_of(path: Path, commitment: "str | None" = None, person: "Path | None" = None) -> list[Finding]:
    """What verifying the lottery at `path` says, with everything that lies beside it.

    `person` is the file by which somebody checks what was sealed about them. Raises SortitionError for a file that
    cannot be read.
    """
    folder = path.parent
    beside = {
        name: read_document(folder / f"{name}.json", required=False)
        for name in ("attributes", "reveal", "alternates")
    }
    return verify_lottery(
        read_document(path),
        **beside,
        sets=read_document(folder / "alternates-sets.json", required=False),
        commitment=commitment or read_commitment(folder),
        person=None if person is None else read_document(person),
        key=read_key(folder),
    )


def told(findings: Iterable[Finding]) -> int:
    """Print every finding, and return the exit code. A hostile document must not write commands to the terminal."""
    code = VERIFIES
    for finding in findings:
        text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(finding))
        print(MARKS[finding.outcome], text)
        if finding.outcome == "failed":
            code = DOES_NOT
    return code


def main(argv: "Sequence[str] | None" = None) -> int:
    """Check the lottery in the folder of this file, or the one named."""
    parser = argparse.ArgumentParser(description="Check a lottery and its draw.")
    parser.add_argument("lottery", type=Path, nargs="?", default=Path(sys.argv[0]).parent / "lottery.json")
    parser.add_argument("--commitment", help="the digest published before the draw")
    parser.add_argument("--person", type=Path, help="one's own file: check what was sealed about oneself")
    arguments = parser.parse_args(argv)
    path = arguments.lottery / "lottery.json" if arguments.lottery.is_dir() else arguments.lottery
    try:
        return told(findings_of(path, arguments.commitment, arguments.person))
    except SortitionError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT


if __name__ == "__main__":
    sys.exit(main())
