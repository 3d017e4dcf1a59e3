"""Pages that go through all charters of a process: what they lean on, and where words stand in them."""

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from deliberate.core.database import db
from deliberate.core.errors import N_
from deliberate.core.i18n import language
from deliberate.publication.blueprint import blueprint
from deliberate.publication.charter_search import LONGEST, MOST, find
from deliberate.publication.current import process_at
from deliberate.publication.instruments import Instrument, instrument
from deliberate.publication.reading import current_texts
from deliberate.publication.references import leanings
from deliberate.publication.remembering import remembered

FAMILY_NAMES = {
    "charter": N_("Other charters of this process"),
    "treaty": N_("Treaties of the Council of Europe"),
    "recommendation": N_("Recommendations of the Council of Europe"),
    "act": N_("Law of the European Union"),
    "goal": N_("Sustainable development goals of the United Nations"),
    "other": N_("Other texts"),
}


@blueprint.get("/processes/<slug>/references")
@remembered
def references(slug: str) -> str:
    """The instruments that the charters in force lean on, and the passages that do."""
    process = process_at(slug)
    return render_template(
        "publication/references.html",
        process=process,
        families=leanings(db.session(), process),
        family_names=FAMILY_NAMES,
    )


@blueprint.get("/processes/<slug>/search")
def search(slug: str) -> str | AnyResponse:
    """Words in the charters in force."""
    process = process_at(slug)
    asked = request.args.get("q", "").strip()[:LONGEST]
    texts = current_texts(db.session(), process)
    found = find(texts, asked, language())
    return render_template(
        "publication/search.html",
        process=process,
        asked=asked,
        found=found[:MOST],
        total=len(found),
        charters=len(texts),
    )


@blueprint.app_template_filter("instrument")
def as_instrument(reference: str) -> Instrument:
    """What a reference names, in words and with its address."""
    return instrument(reference)
