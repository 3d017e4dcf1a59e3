"""One page that searches everything people said, told, wrote and voted on."""

from math import ceil

from flask import render_template

from deliberate.core.database import db
from deliberate.core.errors import N_
from deliberate.core.i18n import language
from deliberate.core.sending import Page
from deliberate.inputs.blueprint import blueprint, hidden_round, page_asked, text_asked
from deliberate.inputs.searching import queries
from deliberate.process.current import process_here

KIND_NAMES = {
    "contribution": N_("Contributions"),
    "lesson": N_("Experiences"),
    "line": N_("Lines of the synthesis"),
    "statement": N_("Statements"),
}
# What a result without a title is called.
UNTITLED = {
    "contribution": N_("Contribution %(key)s"),
    "lesson": N_("Experience %(key)s"),
    "line": N_("Line %(key)s of the synthesis"),
    "statement": N_("Statement %(key)s"),
}
ENDPOINTS = {
    "contribution": "inputs.contribution",
    "lesson": "inputs.lesson",
    "line": "inputs.line",
    "statement": "inputs.statement",
}


@blueprint.get("/processes/<slug>/contributions/search", endpoint="search")
def search_everything(slug: str) -> Page:
    """What holds the words, best first, of one kind or of every one."""
    process = process_here(slug)
    words = text_asked("words")
    kind = text_asked("kind")
    kind = kind if kind in queries.KINDS else ""
    hidden = hidden_round(process)
    results = queries.search(
        db.session(),
        process,
        words,
        kind=kind,
        hidden_round=hidden,
        language=language(),
        page=page_asked(),
    )
    return render_template(
        "inputs/searching/search.html",
        process=process,
        results=results,
        words=words,
        kind=kind,
        hidden=hidden,
        kinds=KIND_NAMES,
        endpoints=ENDPOINTS,
        untitled=UNTITLED,
        page=page_asked(),
        pages=ceil(results.total / queries.PER_PAGE),
    )
