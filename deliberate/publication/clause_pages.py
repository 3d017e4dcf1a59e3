"""The page of a clause: what it says, and its whole life from the version that brought it on."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, render_template, url_for
from sqlalchemy.orm import Session

from charters import CharterError
from charters.tracing.life import Moment
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import Amendment, Charter, CharterVersion, MinorityStatement
from deliberate.inputs.answers.queries import answers_for
from deliberate.process.current import allowed
from deliberate.publication import naming, reading
from deliberate.publication.adoption.queries import adoptions_of
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import asked_day, charter_at, whole_address
from deliberate.publication.evidence.acts import OBJECT
from deliberate.publication.evidence.queries import evidence_on
from deliberate.publication.lineage import Stored, lives_of, words_of
from deliberate.publication.remembering import remembered

DECLINED = {
    "rejected": N_("voted down"),
    "withdrawn": N_("withdrawn"),
    "stranded": N_("could not follow a later version"),
}


@dataclass(frozen=True)
class Event:
    """What a version did to a clause: the version, the change, what was said against it, what it did not take up."""

    version: CharterVersion
    moment: Moment
    statements: Sequence[MinorityStatement]
    declined: Sequence[Amendment]


@blueprint.get("/processes/<slug>/charters/<key>/clauses/<id>")
@remembered
def clause(slug: str, key: str, id: str) -> Response:
    """The whole life of a clause; with `?at=2026-06-01`, as it stood and had lived on that day."""
    process, charter = charter_at(slug, key)
    session = db.session()
    day = asked_day()
    version = reading.in_force(session, charter, day)
    if version is None:
        raise (
            _unknown()
            if day is None
            else NotFound(
                N_("No version of this charter was in force on %(day)s. Ask for a later day."), day=day
            )
        )
    known = reading.stored(session, charter, version.number)
    events = life(session, charter, known, id)
    passage = next((one for one in reading.passages(known[-1]) if one.clause.id == id), None)
    shown = naming.shown_language(passage.clause.text) if passage else ""
    answer = make_response(
        render_template(
            "publication/clause.html",
            process=process,
            charter=charter,
            id=id,
            day=day,
            version=version,
            passage=passage,
            statements=reading.statements_by_clause(session, charter, version.number).get(id, []),
            events=events[::-1],
            sources=reading.sources(session, process, charter),
            answers=[
                one for one in answers_for(session, process, key, id) if one.contribution.state == "published"
            ],
            adoptions=adoptions_of(session, charter, id),
            evidence=evidence_on(session, charter, id),
            may_attach=passage is not None and day is None and allowed(process, "create", OBJECT),
            declined_names=DECLINED,
            runs=words_of(known).passages(id, shown) if passage and shown in passage.clause.text else [],
        )
    )
    return _related(answer, slug, key, id, version)


def _related(answer: Response, slug: str, key: str, id: str, version: CharterVersion) -> Response:
    """Say to programs where the clause itself and the version it was read in stand."""
    here = url_for("publication.clause", slug=slug, key=key, id=id)
    text = url_for("publication.version", slug=slug, key=key, number=version.number, _anchor=id)
    answer.headers["Link"] = (
        f'<{whole_address(here)}>; rel="canonical", <{whole_address(text)}>; rel="bookmark"'
    )
    return answer


def life(session: Session, charter: Charter, known: Sequence[Stored], id: str) -> list[Event]:
    """The life of a clause in these versions, oldest first; raises NotFound where none of them ever had it."""
    try:
        moments = lives_of(known).of(id)
    except CharterError as error:
        raise _unknown() from error
    versions = {version.number: version for version in drafting.versions(session, charter)}
    declined = drafting.by_clause(drafting.amendments(session, charter, *DECLINED))
    said = drafting.printed_statements(session, charter)
    ends = [*(one.version for one in moments[1:]), known[-1].number + 1]
    found = []
    for moment, end in zip(moments, ends, strict=True):
        lasted = range(moment.version, max(end, moment.version + 1))
        statements = [one for one in said if one.clause == moment.clause and one.version_number in lasted]
        refused = [one for one in declined.get(moment.clause, ()) if one.base_number in lasted]
        found.append(Event(versions[moment.version], moment, statements, refused))
    return found


def _unknown() -> NotFound:
    return NotFound(N_("No published version of this charter has a clause at this address."))
