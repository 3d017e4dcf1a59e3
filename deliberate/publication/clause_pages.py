"""The page of a clause: its whole life, from the version that brought it to the one in force."""

from flask import render_template

from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.drafting import queries as drafting
from deliberate.inputs.queries import answers_for
from deliberate.publication import naming, reading
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import charter_at
from deliberate.publication.remembering import remembered


@blueprint.get("/processes/<slug>/charters/<key>/clauses/<id>")
@remembered
def clause(slug: str, key: str, id: str) -> str:
    """The whole life of a clause: every wording, what changed it, whose words are behind it."""
    process, charter = charter_at(slug, key)
    session = db.session()
    public = {version.number for version in drafting.published_versions(session, charter)}
    life = [
        moment for moment in drafting.clause_life(session, charter, id) if moment.version.number in public
    ]
    if not life:
        raise NotFound(N_("No published version of this charter has a clause at this address."))
    shown = naming.shown_language(life[-1].text or life[-1].heading)
    return render_template(
        "publication/clause.html",
        process=process,
        charter=charter,
        id=id,
        life=life[::-1],
        sources=reading.sources(session, process, charter),
        answers=[answer for answer in answers_for(session, process, key, id) if answer.contribution.text],
        status_names=naming.STATUS_NAMES,
        shown=shown,
        words=reading.word_by_word(reading.stored(session, charter, max(public)), id, shown),
    )
