"""A published version as a file: its canonical JSON, and the formats that the document engine makes of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from charters import FORMATS, Minority, Version, digest, export, minority_to_json
from deliberate.core.errors import N_
from deliberate.drafting.models import Charter, CharterVersion
from deliberate.drafting.queries import printed_statements, published_versions
from deliberate.journal.models import Entry
from deliberate.process.models import Process
from deliberate.publication.bundle import as_json
from deliberate.publication.front import catalogue, text
from deliberate.publication.lineage import keep
from deliberate.publication.reading import as_stored

PRINTED = N_("public journal, entry %(number)s: %(code)s")
# Formats that hold every language at once.
ONE_FOR_ALL = tuple(name for name, known in FORMATS.items() if known.languages == "all")


def languages(version: CharterVersion) -> tuple[str, ...]:
    """The languages a version is written in, that of its title first."""
    return as_stored(version).document.languages


def file_of(session: Session, version: CharterVersion, format: str, language: str, address: str) -> bytes:
    """A version in a format of FORMATS and in a language. `address`: where it stands for good.

    The same bytes for as long as no minority statement on it is added or withdrawn: they are made once.
    """
    if format == "json":
        return as_json(version.document)
    process = version.charter.process
    language = language or languages(version)[0]
    beside = minority(session, version, language)
    line = _process_line(session, process, version, language)
    by = text(process.commissioned_by, language)
    preamble, chain = included(session, process, version), _before(session, version)
    key = ("file", version.version_digest, format, language, tag(beside), preamble.digest if preamble else "")
    return keep(
        (*key, address, line, by, str(len(chain))),
        lambda: export(
            as_stored(version).version, format, language, minority=beside, preamble=preamble, address=address,
            process=line, by=by, chain=chain,
        ),
    )  # fmt: skip


def _before(session: Session, version: CharterVersion) -> list[Version]:
    """The published versions that lead to this one without a gap, oldest first."""
    known = {one.number: one for one in published_versions(session, version.charter)}
    number = version.number
    while number - 1 in known:
        number -= 1
    return [as_stored(known[one]).version for one in range(number, version.number)]


def file_name(number: int, format: str, language: str = "") -> str:
    """The name of a version's file, in a bundle and where it is downloaded: `2.fr.pdf`, `2.json`."""
    return ".".join(filter(None, (str(number), language, FORMATS[format].suffix)))


def tag(statements: list[Minority]) -> str:
    """A digest of what is printed beside a version."""
    return digest("minority", [minority_to_json(one) for one in statements])


def minority(session: Session, version: CharterVersion, language: str) -> list[Minority]:
    """The minority statements printed with a version, in a language or in the one they were written in."""
    return [
        Minority(one.clause, one.text.get(language) or next(iter(one.text.values()), ""), len(one.signatures))
        for one in printed_statements(session, version.charter, version.number)
    ]


def included(session: Session, process: Process, version: CharterVersion) -> Version | None:
    """The common preamble, at the version that this one pins; None while it is not public."""
    pinned = as_stored(version).document.preamble
    if pinned is None:
        return None
    query = select(CharterVersion).join(Charter).where(
        Charter.process_id == process.id, Charter.key == pinned.charter, CharterVersion.number == pinned.version
    )  # fmt: skip
    found = session.scalar(query)
    return as_stored(found).version if found and found.published_at else None


def _process_line(session: Session, process: Process, version: CharterVersion, language: str) -> str:
    """The process, and the journal's digest when the version was published: `verify --head` takes it."""
    name = f"version:{version.charter.key}:{version.number}"
    query = select(Entry).where(Entry.scope == process.slug, Entry.act == "publish", Entry.object == name)
    entry = session.scalar(query)
    title = text(process.title, language)
    if entry is None:
        return title
    said = catalogue(language).gettext(PRINTED) % {"number": entry.number, "code": entry.digest}
    return f"{title} — {said}"


def media_type(format: str) -> str:
    """The media type of a format."""
    return FORMATS[format].media_type
