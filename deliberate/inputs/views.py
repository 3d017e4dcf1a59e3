"""Public pages of the open input: what everyone said. The other pages are in the rooms."""

from math import ceil

from flask import render_template, request

from deliberate.core import typed
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, NotPermitted
from deliberate.core.sending import Page
from deliberate.inputs import downloads, queries
from deliberate.inputs.answers import views as answers
from deliberate.inputs.asking import sheets
from deliberate.inputs.asking import views as asking
from deliberate.inputs.blueprint import blueprint, hidden_round, page_asked, rounds_begun, text_asked
from deliberate.inputs.contributing import receipts
from deliberate.inputs.contributing import views as contributing
from deliberate.inputs.dossiers import views as dossiers
from deliberate.inputs.dossiers.queries import dossiers_of
from deliberate.inputs.entering import group_views as groups
from deliberate.inputs.entering import sheet_views as numbered_sheets
from deliberate.inputs.entering import views as entering
from deliberate.inputs.entering.queries import typed_with
from deliberate.inputs.experience import import_views as lesson_imports
from deliberate.inputs.experience import receipts as lesson_receipts
from deliberate.inputs.experience import views as experience
from deliberate.inputs.moderating import appeal_views as appeals
from deliberate.inputs.moderating import likeness_views as likeness
from deliberate.inputs.moderating import views as moderating
from deliberate.inputs.opinions import import_views as opinion_imports
from deliberate.inputs.opinions import views as opinions
from deliberate.inputs.searching import views as searching
from deliberate.inputs.statements import views as statements
from deliberate.inputs.statements.queries import drawn_from
from deliberate.inputs.synthesis import views as synthesis
from deliberate.process.current import process_here

# Importing a module of pages is what puts them at their addresses.
__all__ = [
    "answers",
    "appeals",
    "asking",
    "blueprint",
    "contributing",
    "dossiers",
    "downloads",
    "entering",
    "experience",
    "groups",
    "lesson_imports",
    "lesson_receipts",
    "likeness",
    "moderating",
    "numbered_sheets",
    "opinion_imports",
    "opinions",
    "receipts",
    "searching",
    "sheets",
    "statements",
    "synthesis",
]


@blueprint.get("/processes/<slug>/contributions")
def contributions(slug: str) -> Page:
    """What everyone said: search and filters."""
    process = process_here(slug)
    asked = {name: text_asked(name) for name in ("words", "question", "theme", "language")}
    number = request.args.get("round", None, typed.whole)
    hidden = hidden_round(process)
    found, total = queries.search(
        db.session(), process, round=number, hidden=hidden, page=page_asked(), **asked
    )
    return render_template(
        "inputs/contributions.html",
        process=process,
        contributions=found,
        total=total,
        page=page_asked(),
        pages=ceil(total / queries.PER_PAGE),
        asked={**asked, "round": number or ""},
        questions=queries.questions_of(db.session(), process),
        values=queries.values_in_use(db.session(), process),
        rounds=rounds_begun(process),
        hidden=hidden,
        dossiers=dossiers_of(db.session(), process),
    )


@blueprint.get("/processes/<slug>/contributions/<key>")
def contribution(slug: str, key: str) -> Page:
    """One contribution: its words, where they were placed, and what became of them."""
    process = process_here(slug)
    found = queries.contribution(db.session(), process, key)
    if found.state == "waiting":
        raise NotFound(N_("There is no contribution at this address."))
    if found.round == hidden_round(process):
        raise NotPermitted(
            N_(
                "Everyone answers alone before reading the others. Answer a question of this round, or come back once its open phase has closed."
            )
        )
    said_with = typed_with(db.session(), found)
    drawn = drawn_from(db.session(), [found.id]).get(found.id, [])
    return render_template(
        "inputs/contribution.html", process=process, contribution=found, said_with=said_with, drawn=drawn
    )
