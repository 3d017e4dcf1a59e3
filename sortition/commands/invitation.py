"""The folder of an invitation, as the commands that draw from it, check it and count its answers find it.

Public: invitation.json, commitment.txt, invited.json. Private: key.csv (entry, nonce and every column), entropy.txt,
and invited.csv, from which the letters are printed.
"""

import csv
import io
from contextlib import suppress
from pathlib import Path

from sortition.commands.lottery import refuse_failed
from sortition.commands.pool import read_entropy
from sortition.files.folder import refuse_taken, write
from sortition.files.registers import Register
from sortition.files.spreadsheet import write_table
from sortition.invitations.draw import Invitation, draw_letters, registration_codes
from sortition.problems import SortitionError
from sortition.proofs.canonical import canonical
from sortition.proofs.documents import Finding
from sortition.proofs.invited import verify_invitation
from sortition.proofs.reading import read_commitment, read_document

ENTRY, NONCE = "entry", "nonce"
LETTER, CODE = "letter", "code"


def is_invitation(path: Path) -> bool:
    """Whether `path` is the folder of an invitation, or a document of one."""
    return path.name == "invitation.json" or (path / "invitation.json").exists()


def write_invitation(folder: Path, invitation: Invitation, register: Register) -> None:
    """All documents; invitation.json last, so that a folder with it is complete. Raises SortitionError if it is."""
    refuse_taken(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "key.csv", _key(invitation, register))
    write(folder / "entropy.txt", f"{invitation.entropy.hex()}\n".encode())
    write(folder / "commitment.txt", f"{invitation.commitment}\n".encode())
    write(folder / "invitation.json", canonical(invitation.public))


def draw_folder(folder: Path, randomness: str) -> int:
    """Draw the letters of the invitation in `folder`, write invited.csv, and return how many there are."""
    refuse_failed(findings_of(folder), "This invitation does not verify, so nothing can be drawn from it.")
    invitation = read_document(folder / "invitation.json")
    earlier = read_document(folder / "invited.json", required=False)
    drawn = draw_letters(invitation, randomness, earlier)
    columns, rows = _read_key(folder)
    codes = registration_codes(_entropy(folder), len(drawn["invited"]))
    own = [f"register {column}" if column in (LETTER, CODE) else column for column in columns]
    letters = [
        {LETTER: str(number), CODE: code, **dict(zip(own, rows[position][2], strict=True))}
        for number, (position, code) in enumerate(zip(drawn["invited"], codes, strict=True), start=1)
    ]
    write(folder / "invited.csv", write_table([LETTER, CODE, *own], letters))
    write(folder / "invited.json", canonical(drawn))
    return len(letters)


def findings_of(path: Path, commitment: str | None = None) -> list[Finding]:
    """What verifying the invitation at `path` (the folder or invitation.json) says."""
    folder = path if path.is_dir() else path.parent
    rows = _read_key(folder)[1] if (folder / "key.csv").exists() else None
    return verify_invitation(
        read_document(folder / "invitation.json"),
        read_document(folder / "invited.json", required=False),
        commitment or read_commitment(folder),
        rows,
    )


def strata_by_code(folder: Path) -> tuple[list[list[str]], dict[str, int]]:
    """The values of each stratum, and the stratum of each registration code of the letters drawn."""
    invitation = read_document(folder / "invitation.json")
    drawn = read_document(folder / "invited.json")
    codes = registration_codes(_entropy(folder), len(drawn["invited"]))
    stratum_of = [invitation["stratum_of"][position] for position in drawn["invited"]]
    strata = [stratum["values"] for stratum in invitation["strata"]]
    return strata, dict(zip(codes, stratum_of, strict=True))


def _entropy(folder: Path) -> bytes:
    path = folder / "entropy.txt"
    if not path.exists():
        raise SortitionError(
            "%(file)s is not there; without it the registration codes cannot be found again. Put it back.",
            {"file": str(path)},
        )
    return read_entropy(path.read_text("utf-8", "replace").strip()) or b""


def _key(invitation: Invitation, register: Register) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([ENTRY, NONCE, *register.columns])
    writer.writerows(
        [entry, nonce, *register.rows[row]]
        for entry, nonce, row in zip(
            invitation.public["entries"], invitation.nonces, invitation.order, strict=True
        )
    )
    return text.getvalue().encode("utf-8-sig")


def _read_key(folder: Path) -> tuple[list[str], list[tuple[str, str, list[str]]]]:
    """The columns of the register, and entry, nonce and cells of each row."""
    path = folder / "key.csv"
    if not path.exists():
        raise SortitionError(
            "%(file)s is not there; without it nobody can say which addresses are invited. Put it back.",
            {"file": str(path)},
        )
    lines: list[list[str]] = []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file, suppress(csv.Error):
        lines = list(csv.reader(file))
    header = lines[0] if lines else []
    if header[:2] != [ENTRY, NONCE] or any(len(line) != len(header) for line in lines):
        raise SortitionError(
            "%(file)s is not the key that `invite` wrote. Put back the copy you kept.", {"file": str(path)}
        )
    return header[2:], [(line[0], line[1], line[2:]) for line in lines[1:]]
