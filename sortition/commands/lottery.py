"""A prepared lottery in its folder, as the commands that draw from it find it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sortition.problems import Problem, SortitionError
from sortition.proofs.documents import Finding
from sortition.proofs.program import findings_of
from sortition.proofs.reading import read_document


def sound_lottery(folder: Path) -> dict[str, Any]:
    """lottery.json, once it verifies with everything that lies beside it."""
    refuse_failed(
        findings_of(folder / "lottery.json"), "This lottery does not verify, so nothing can be drawn from it."
    )
    lottery: dict[str, Any] = read_document(folder / "lottery.json")
    return lottery


def refuse_failed(findings: Iterable[Finding], sentence: str) -> None:
    """Raise SortitionError with this sentence and everything that failed, if anything did."""
    problems = tuple(Problem(one.template, one.values) for one in findings if one.outcome == "failed")
    if problems:
        raise SortitionError(sentence, problems=problems)


def withdrawn_of(
    lottery: Mapping[str, Any], attributes: Mapping[str, Any], people: Iterable[str]
) -> set[str]:
    """Those of these pseudonyms whose person took their row out of the lottery."""
    gone = {name for name, row in zip(lottery["pseudonyms"], attributes["rows"], strict=True) if row is None}
    return gone & set(people)
