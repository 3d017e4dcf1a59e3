"""The folder of a lottery: which documents it holds, how they are read and written.

Public: lottery.json, commitment.txt, verify.py, reveal.json, alternates.json. For guarantors: attributes.json,
alternates-sets.json. For one person each: what `person` writes. Private: key.csv (pseudonym and every column of the
person), entropy.txt, chances.csv, selected.csv, alternates.csv, remaining.csv, report.html until it is published.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sortition.files.spreadsheet import write_table
from sortition.lottery import Lottery
from sortition.model import Quota, Respondent
from sortition.problems import SortitionError
from sortition.proofs.canonical import canonical
from sortition.proofs.composition import verifier
from sortition.proofs.documents import PSEUDONYM, SALT
from sortition.proofs.reading import read_key
from sortition.report import report


def write_lottery(
    folder: Path, lottery: Lottery, respondents: Sequence[Respondent], quotas: Sequence[Quota] = ()
) -> None:
    """All documents of a prepared lottery; lottery.json last, so that a folder with it is complete.

    `quotas` tell the report each group's share of the population, where they know it. Raises SortitionError when the
    folder holds a lottery already.
    """
    refuse_taken(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "attributes.json", canonical(lottery.attributes))
    write(folder / "key.csv", _key(lottery, respondents))
    write(folder / "entropy.txt", f"{lottery.entropy.hex()}\n".encode())
    write(folder / "chances.csv", _chances(lottery))
    shares = {
        (one.category, one.value): float(one.population) for one in quotas if one.population is not None
    }
    write(folder / "report.html", report(lottery, population=shares).encode())
    write(folder / "verify.py", verifier().encode())
    write(folder / "commitment.txt", f"{lottery.commitment}\n".encode())
    write(folder / "lottery.json", lottery.public_bytes)


def refuse_taken(folder: Path) -> None:
    """Raise SortitionError when the folder holds a lottery or an invitation already."""
    if any((folder / name).exists() for name in ("lottery.json", "invitation.json")):
        raise SortitionError(
            "%(folder)s already holds a lottery. Choose another folder; delete this one only if its digest "
            "was never published.",
            {"folder": str(folder)},
        )


def write(path: Path, data: bytes) -> None:
    """Write the whole file or nothing."""
    partial = path.with_name(path.name + ".part")
    # Whatever lies there, a link above all, is not written through.
    partial.unlink(missing_ok=True)
    with partial.open("xb") as file:
        file.write(data)
    partial.replace(path)


def write_people(folder: Path, name: str, chosen: Sequence[str], remaining: Sequence[str]) -> None:
    """The people chosen in the file `name`, those who remain in remaining.csv, with every column they came with.

    Whoever withdrew is no longer in the key, and is left out.
    """
    known = key_of(folder)
    columns = list(dict.fromkeys(column for row in known.values() for column in row if column != SALT))
    for file, pseudonyms in ((name, chosen), ("remaining.csv", remaining)):
        write(folder / file, write_table(columns, [known[one] for one in pseudonyms if one in known]))


def key_of(folder: Path) -> dict[str, dict[str, str]]:
    """The key, by pseudonym. Raises SortitionError when it is not there."""
    known = read_key(folder)
    if known is None:
        raise SortitionError(
            "%(file)s is not there; without it nobody can say who the pseudonyms are. Put it back.",
            {"file": str(folder / "key.csv")},
        )
    return known


def refuse_lacking(folder: Path, pseudonyms: Iterable[str]) -> None:
    """Raise SortitionError when the key lacks one of these people."""
    lacking = sorted(set(pseudonyms) - set(key_of(folder)))
    if lacking:
        raise SortitionError(
            "%(file)s does not know the pseudonym %(pseudonym)s: it belongs to another lottery, or its person withdrew.",
            {"file": str(folder / "key.csv"), "pseudonym": lacking[0]},
        )


def pseudonym_of(folder: Path, column: str, person: str) -> str:
    """The pseudonym of whoever has `person` in `column` of key.csv. Raises SortitionError when that is not one."""
    found = [name for name, columns in key_of(folder).items() if columns.get(column) == person]
    if len(found) != 1:
        raise SortitionError(
            "%(file)s has %(number)d people with “%(person)s” in the column “%(column)s”. Write an id as it stands "
            "there, and name its column with --id-column.",
            {"file": str(folder / "key.csv"), "number": len(found), "person": person, "column": column},
        )
    return found[0]


def _key(lottery: Lottery, respondents: Sequence[Respondent]) -> bytes:
    by_id = {respondent.id: respondent for respondent in respondents}
    columns = list(dict.fromkeys(column for respondent in respondents for column in respondent.row))
    rows = [
        {PSEUDONYM: name, SALT: lottery.salts[name], **by_id[person].row}
        for name, person in lottery.key.items()
    ]
    return write_table([PSEUDONYM, SALT, *columns], rows)


def _chances(lottery: Lottery) -> bytes:
    rows = [
        {
            "id": person,
            "probability": f"{float(chance.probability):.9f}",
            "lottery_probability": f"{float(chance.lottery):.9f}",
            "panels": " ".join(str(number) for number in chance.panels),
        }
        for person, chance in lottery.chances.items()
    ]
    return write_table(["id", "probability", "lottery_probability", "panels"], rows)
