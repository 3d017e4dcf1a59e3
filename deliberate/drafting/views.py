"""Pages of the charters being written: the list, a new one, the text with its amendments, one clause."""

from flask import render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from charters.files.markdown import read_markdown
from charters.model import Charter as Document
from charters.problems import CharterError
from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.fields import choices
from deliberate.core.sending import Page, send
from deliberate.drafting import (
    acts,
    adoption,
    amendment_views,
    clause_views,
    editor,
    language_views,
    merging,
    minority_views,
    pending,
    preparation_views,
    queries,
    starts,
    translating,
)
from deliberate.drafting.blueprint import blueprint, charter_here, latest_text, outline
from deliberate.drafting.editing import languages, open_in
from deliberate.drafting.forms import CharterForm
from deliberate.people.current import actor, user
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

# Importing a module of pages is what puts them at their addresses.
__all__ = [
    "amendment_views",
    "blueprint",
    "clause_views",
    "editor",
    "language_views",
    "merging",
    "minority_views",
    "preparation_views",
]

OPEN = ("proposed", "ballot", "accepted", "stranded")


@blueprint.get("/processes/<slug>/drafting")
@auth_required("session")
def charters(slug: str) -> Page:
    """The charters being written."""
    process = process_here(slug)
    require_here(process, "see", "amendment")
    found = queries.charters(db.session(), process)
    me = user()
    return render_template(
        "drafting/charters.html",
        process=process,
        rows=[(one, len(queries.amendments(db.session(), one, *OPEN))) for one in found],
        to_support=queries.to_support(db.session(), process, me.id)
        if me and allowed(process, "support", "amendment")
        else [],
        may_create=allowed(process, "create", "charter"),
    )


@blueprint.get("/processes/<slug>/amendments")
@auth_required("session")
def amendments(slug: str) -> Page:
    """Every amendment of the process: to propose one, go through the text."""
    process = process_here(slug)
    require_here(process, "see", "amendment")
    rows = [(one, queries.amendments(db.session(), one)) for one in queries.charters(db.session(), process)]
    return render_template("drafting/amendments.html", process=process, rows=rows)


@blueprint.route("/processes/<slug>/drafting/new", methods=["GET", "POST"])
@auth_required("session")
def new_charter(slug: str) -> Page:
    """Begin a charter from a first text."""
    process = process_here(slug)
    require_here(process, "create", "charter")
    form = CharterForm()
    form.template.choices = choices(
        [
            *((name, gettext(said)) for name, said in starts.NAMES.items()),
            ("", gettext("the Markdown text below")),
        ]
    )
    if not form.validate_on_submit():
        return render_template("drafting/new.html", process=process, form=form), 422 if form.errors else 200
    try:
        return send(lambda: _begin(process, form))
    except Refusal as refusal:
        page = render_template(
            "drafting/new.html", process=process_here(slug), form=web.show_refusal(form, refusal)
        )
        return page, refusal.status


def _begin(process: Process, form: CharterForm) -> str:
    key = (form.key.data or "").strip()
    text = starts.start(form.template.data) if form.template.data else _read(form.text.data or "")
    act = (form.act.data or "").strip() or f"create charter:{key}"
    made = acts.create_charter(db.session(), actor(), process, key, text.theme, text, act, now())
    return url_for("drafting.charter", slug=process.slug, key=made.key)


def _read(markdown: str) -> Document:
    try:
        return read_markdown(markdown)
    except CharterError as error:
        refusal = acts.refused(error)
        raise Refusal(refusal.template, "text", **refusal.values) from error


@blueprint.get("/processes/<slug>/drafting/<key>")
@auth_required("session")
def charter(slug: str, key: str) -> Page:
    """The present text, with the amendments on each clause."""
    process, found = charter_here(slug, key)
    text = latest_text(found)
    open_ = queries.amendments(db.session(), found, *amendment_views.OPEN)
    me = user()
    return render_template(
        "drafting/charter.html",
        process=process,
        charter=found,
        outline=outline(text),
        by_clause=queries.by_clause(open_),
        open=open_,
        me=me,
        draft=pending.preparation(db.session(), found, me.id if me else None),
        offer=translating.offer(db.session(), found),
        waiting=[
            (lang, count)
            for lang in languages(text)
            if (count := sum(open_in(clause, lang) for clause, _parent, _depth in text.walk()))
        ],
        languages=languages(text),
        stranded=queries.amendments(db.session(), found, "stranded"),
        statements=queries.minority_statements(db.session(), found, found.latest.number),
        may_propose=allowed(process, "create", "amendment"),
        may_adopt=allowed(process, "adopt", "version"),
        may_publish=allowed(process, "publish", "publication"),
        may_state=allowed(process, "create", "minority statement"),
    )


@blueprint.route("/processes/<slug>/drafting/<key>/versions/<int:number>/publish", methods=["GET", "POST"])
@auth_required("session")
def publish(slug: str, key: str, number: int) -> Page:
    """Publish a version, after a page that says so."""
    process = process_here(slug)
    require_here(process, "publish", "publication")
    version = queries.version(db.session(), queries.charter(db.session(), process, key), number)
    if request.method == "GET":
        return render_template("drafting/publish.html", process=process, version=version)

    def do() -> str:
        adoption.publish(db.session(), actor(), version, now())
        return web.url_if("publication.charter", slug=slug, key=key) or url_for(
            "drafting.charter", slug=slug, key=key
        )

    return send(do)
