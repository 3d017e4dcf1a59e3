"""Checking a published bundle without the server: `python -I verify.py` inside it, or `deliberate verify`.

A bundle is taken for hostile: whatever is wrong with it becomes a sentence. The checks are the standard library
alone, and every bundle carries them as one file.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deliberate.publication.ancestry import check_charters
from deliberate.publication.findings import Report, Said
from deliberate.publication.folder import DIGEST, HEAD, MANIFEST, Folder, check_manifest
from deliberate.publication.opinion_check import check_opinions
from deliberate.publication.record import (
    check_chain,
    check_openings,
    check_protocol,
    check_publication,
    read_journal,
)  # fmt: skip
from deliberate.publication.recount import check_ballots, check_dossiers, check_draws
from deliberate.publication.registry import check_adoptions
from deliberate.publication.spoken import check_evidence, check_words

CHECKS = (
    check_openings, check_protocol, check_draws, check_ballots, check_dossiers, check_words, check_evidence, check_opinions, check_charters,
    check_adoptions, check_publication,
)  # fmt: skip
VERIFIES, DOES_NOT, WRONG_INPUT = 0, 1, 2
HEADINGS = {
    "checked": "Checked",
    "faults": "Wrong",
    "withdrawn": "Withdrawn by the person it concerned",
    "unchecked": "Not checked",
}
YES = "This bundle verifies: nothing in it was changed since it was published."
NO = "This bundle does not verify: see what is wrong above."


class NotABundleError(Exception):
    """What was given is not a folder with a bundle in it."""


def verify(bundle: Path, heads: Sequence[str] = ()) -> Report:
    """Check a bundle. `heads`: digests printed elsewhere, which its journal must pass through.

    Raises NotABundleError when there is no bundle to check.
    """
    try:
        folder = Folder(bundle)
    except OSError as error:
        raise NotABundleError(f"{bundle} is not a folder that can be read: {error.strerror}.") from None
    if not {HEAD, MANIFEST} & set(folder.sizes):
        raise NotABundleError(
            f"{bundle} holds no {MANIFEST}: it is not a published bundle. Name the folder of one."
        )
    report = Report()
    report.attempt(check_manifest, folder, report)
    if report.verifies:
        report.say("%(count)d files, each with the digest the manifest lists", count=len(folder.sizes) - 2)
    report.attempt(_check_contents, folder, list(heads), report)
    return report


def _check_contents(folder: Folder, heads: list[str], report: Report) -> None:
    entries = read_journal(folder)
    report.attempt(check_chain, folder, entries, heads, report)
    for check in CHECKS:
        report.attempt(check, folder, entries, report)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a bundle and print what was found: 0 it verifies, 1 it does not, 2 there is nothing to check."""
    parser = argparse.ArgumentParser(description="Check a published bundle: nothing but Python is needed.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(__file__).resolve().parent, help="the bundle"
    )
    parser.add_argument(
        "--head", action="append", default=[], metavar="DIGEST", help="a digest printed elsewhere"
    )
    given = parser.parse_args(arguments)
    for head in given.head:
        if not DIGEST.fullmatch(head):
            return _refuse(f"--head takes sha256: and 64 digits from 0 to f, not {head[:80]!r}.")
    try:
        report = verify(given.folder, given.head)
    except NotABundleError as refusal:
        return _refuse(str(refusal))
    for line in lines(report):
        # A hostile bundle must not write commands to the terminal, nor lines of its own, nor what it cannot show.
        shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
        encoding = sys.stdout.encoding or "utf-8"
        print(shown.encode(encoding, "backslashreplace").decode(encoding))
    return VERIFIES if report.verifies else DOES_NOT


def lines(report: Report) -> list[str]:
    """The report as lines of text, its verdict last."""
    said: list[str] = []
    for name, heading in HEADINGS.items():
        found: list[Said] = getattr(report, name)
        if found:
            said += [f"{heading}:", *(f"  - {sentence}" for sentence in found)]
    return [*said, YES if report.verifies else NO]


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONG_INPUT


if __name__ == "__main__":
    sys.exit(main())
