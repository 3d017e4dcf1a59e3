"""What a bundle holds, path by path, as bytes: everything public, and nothing else."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from charters import FORMATS
from deliberate.deliberation.ballots.queries import ballot_content, ballots
from deliberate.drafting.queries import charters, published_versions
from deliberate.inputs.answers.queries import answers_of
from deliberate.inputs.answers.queries import as_record as answer_record
from deliberate.inputs.dossiers.queries import dossiers_of
from deliberate.inputs.dossiers.reading import read
from deliberate.inputs.entering.queries import made_from
from deliberate.inputs.experience.queries import as_record, lessons_of
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.queries import log_records
from deliberate.inputs.opinions.exporting import polis_files
from deliberate.inputs.opinions.publishing import map_document
from deliberate.inputs.opinions.queries import closed_maps, rows_of
from deliberate.inputs.opinions.rules import votes_public
from deliberate.inputs.queries import ANSWERING, kept_back, told
from deliberate.inputs.synthesis.records import rounds_with_lines, synthesis_record
from deliberate.journal.canonical import canonical, digest
from deliberate.journal.models import Entry
from deliberate.journal.queries import chain, openings
from deliberate.panels.figures import is_whole
from deliberate.panels.queries import draws
from deliberate.process.models import Process
from deliberate.process.queries import protocol_versions
from deliberate.publication.adoption.queries import adoptions
from deliberate.publication.adoption.queries import as_record as as_adoption
from deliberate.publication.bundle import as_json
from deliberate.publication.composition import verifier
from deliberate.publication.documents import ONE_FOR_ALL, file_name, file_of, languages
from deliberate.publication.evidence.queries import as_record as as_evidence
from deliberate.publication.evidence.queries import published as published_evidence
from deliberate.publication.record import JOURNAL, OPENINGS
from deliberate.publication.registry import ADOPTIONS
from deliberate.publication.site.files import site_files
from deliberate.publication.spoken import CONTRIBUTIONS, EVIDENCE, LESSONS

Files = Iterator[tuple[str, bytes]]


def content_files(session: Session, process: Process) -> dict[str, bytes]:
    """Every file but the journal, which the act of publishing still adds to."""
    files = {"verify.py": verifier().encode(), OPENINGS: as_json(_openings(session, process))}
    for part in PARTS:
        files.update(part(session, process))
    files.update(site_files(session, process, files))
    return files


def journal_file(session: Session, process: Process) -> tuple[str, bytes]:
    """The whole journal, one entry a line."""
    return JOURNAL, b"".join(json_line(entry) for entry in chain(session, process.slug))


def json_line(value: Any) -> bytes:
    """One line of JSON lines."""
    return canonical(value) + b"\n"


def _openings(session: Session, process: Process) -> dict[str, dict[str, Any]]:
    """What the journal opens to anyone, but for the answers of a round that are kept back."""
    found, hidden = openings(session, process.slug), kept_back(process)
    if hidden is None:
        return found
    answers = select(Entry).where(Entry.scope == process.slug, Entry.act.in_(ANSWERING))
    held = {str(entry.number) for entry in session.scalars(answers) if entry.public.get("round") == hidden}
    return {number: opening for number, opening in found.items() if number not in held}


def _protocol(session: Session, process: Process) -> Files:
    for version in protocol_versions(session, process):
        yield (
            f"protocol/{version.number}.json",
            as_json(
                {
                    "number": version.number,
                    "digest": version.digest,
                    "reason": version.reason,
                    "at": version.at.isoformat(),
                    "content": version.content,
                }
            ),
        )


def _draws(session: Session, process: Process) -> Files:
    for draw in draws(session, process, rehearsals=False):
        if not draw.lottery:
            continue
        documents = {
            "lottery": draw.lottery,
            **{name: draw.outcome.get(name) for name in ("reveal", "alternates")},
        }
        if process.protocol["panel"].get("attributes_public") and is_whole(draw):
            documents["attributes"] = draw.attributes
        for name, document in documents.items():
            if document:
                yield f"draws/{draw.number}/{name}.json", as_json(document)


def _ballots(session: Session, process: Process) -> Files:
    for ballot in ballots(session, process):
        if ballot.closed_at is not None:
            yield f"ballots/{ballot.number}.json", as_json(ballot_content(ballot))


def _dossiers(session: Session, process: Process) -> Files:
    for dossier in dossiers_of(session, process):
        yield f"dossiers/{dossier.round}.json", as_json(dossier.content)
        if "version" in dossier.content:
            reading = read(session, dossier)
            texts = {"lessons": reading.lessons, "reviews": reading.reviews}
            yield f"dossiers/{dossier.round}-texts.json", as_json(texts)


def _synthesis(session: Session, process: Process) -> Files:
    for number in rounds_with_lines(session, process):
        yield f"synthesis/{number}.json", as_json(synthesis_record(session, process, number))


def _words(session: Session, process: Process) -> Files:
    query = told(process).order_by(Contribution.key)
    contributions = session.scalars(
        query.options(joinedload(Contribution.question), joinedload(Contribution.answer))
    )
    found = contributions.unique().all()
    members = made_from(session, process)
    yield CONTRIBUTIONS, as_json([_contribution(one, members.get(one.key, [])) for one in found])
    yield LESSONS, as_json([as_record(one) for one in lessons_of(session, process)])
    given = answers_of(session, process, kept_back(process))
    yield "answers.json", as_json([answer_record(*one) for one in given])
    yield "moderation.json", as_json(log_records(session, process))


def _contribution(one: Contribution, made_from: list[str]) -> dict[str, Any]:
    return {
        "key": one.key,
        "question": one.question.key,
        "variant": one.variant,
        "round": one.round,
        "theme": one.theme,
        "language": one.language,
        "channel": one.channel,
        "count": one.count,
        "collective": one.collective,
        "made_from": made_from,
        "text": one.text,
    }


def _opinions(session: Session, process: Process) -> Files:
    """The maps of closed rounds as the journal names them, with single votes where these are public."""
    for found in closed_maps(session, process):
        rows = rows_of(session, process, found.round)
        content = map_document(found, rows)
        if content is None or digest("opinions", content) != found.digest:
            continue  # votes changed since, and the next map is not there yet
        yield f"opinions/{found.round}.json", as_json(content)
        public = votes_public(process.protocol, found.report["participants"])
        for name, file in polis_files(session, process, found.round, public).items():
            yield f"opinions/{found.round}/{name}", file


def _charters(session: Session, process: Process) -> Files:
    for charter in charters(session, process):
        for version in published_versions(session, charter):
            for name in FORMATS:
                for language in ("",) if name in ONE_FOR_ALL else languages(version):
                    path = f"charters/{charter.key}/{file_name(version.number, name, language)}"
                    yield path, file_of(session, version, name, language, "")


def _evidence(session: Session, process: Process) -> Files:
    yield EVIDENCE, as_json([as_evidence(one) for one in session.scalars(published_evidence(process))])


def _adoptions(session: Session, process: Process) -> Files:
    yield ADOPTIONS, as_json([as_adoption(row.adoption) for row in adoptions(session, process)])


PARTS: tuple[Callable[[Session, Process], Files], ...] = (
    _protocol,
    _draws,
    _ballots,
    _dossiers,
    _synthesis,
    _words,
    _opinions,
    _charters,
    _evidence,
    _adoptions,
)
