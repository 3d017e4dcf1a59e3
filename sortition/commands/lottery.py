"""A prepared lottery in its folder, as the commands that draw from it find it."""

from pathlib import Path

from sortition.files.folder import read_commitment, read_document
from sortition.problems import Problem, SortitionError
from sortition.proofs.documents import Finding
from sortition.proofs.verify import verify_lottery


def findings_of(path: Path, commitment: str | None = None, person: Path | None = None) -> list[Finding]:
    """What verifying the lottery at `path` says, with everything that lies beside it.

    `person` is the file by which somebody checks what was sealed about them.
    """
    beside = {
        name: read_document(path.parent / f"{name}.json", required=False)
        for name in ("attributes", "reveal", "alternates")
    }
    return verify_lottery(
        read_document(path),
        **beside,
        sets=read_document(path.parent / "alternates-sets.json", required=False),
        commitment=commitment or read_commitment(path.parent),
        person=None if person is None else read_document(person),
    )


def sound_lottery(folder: Path) -> dict[str, list[str]]:
    """lottery.json, once it verifies with everything that lies beside it."""
    failed = [finding for finding in findings_of(folder / "lottery.json") if finding.outcome == "failed"]
    if failed:
        problems = tuple(Problem(finding.template, finding.values) for finding in failed)
        raise SortitionError(
            "This lottery does not verify, so nothing can be drawn from it.", problems=problems
        )
    lottery: dict[str, list[str]] = read_document(folder / "lottery.json")
    return lottery
