"""Pages of the charters being written: the list, a new one, the text with its amendments, one clause."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from charters.markdown import read_markdown
from charters.model import Charter as Document
from charters.problems import CharterError
from charters.readable import segments
from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import choices, in_my_language
from deliberate.core.sending import Page, send
from deliberate.drafting import acts, adoption, amendment_views, editor, merging, minority, queries, starts
from deliberate.drafting.blueprint import blueprint, charter_here, latest_text, outline
from deliberate.drafting.forms import CharterForm, StatementForm
from deliberate.drafting.models import Amendment, Charter
from deliberate.drafting.rules import amended
from deliberate.people.current import actor, user
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

# Importing a module of pages is what puts them at their addresses.
__all__ = ["amendment_views", "blueprint", "editor", "merging"]

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
    pending = queries.amendments(db.session(), found, "proposed", "ballot", "accepted")
    return render_template(
        "drafting/charter.html",
        process=process,
        charter=found,
        outline=outline(latest_text(found)),
        by_clause=queries.by_clause(pending),
        stranded=queries.amendments(db.session(), found, "stranded"),
        statements=queries.minority_statements(db.session(), found, found.latest.number),
        may_propose=allowed(process, "create", "amendment"),
        may_adopt=allowed(process, "adopt", "version"),
        may_publish=allowed(process, "publish", "publication"),
        may_state=allowed(process, "create", "minority statement"),
    )


@blueprint.get("/processes/<slug>/drafting/<key>/clauses/<clause>")
@auth_required("session")
def clause(slug: str, key: str, clause: str) -> Page:
    """The amendments of one clause, side by side."""
    process, found = charter_here(slug, key)
    text = latest_text(found)
    here = next((one for one in outline(text) if one[0].id == clause), None)
    if here is None:
        raise NotFound(N_("This version has no clause “%(clause)s”."), clause=clause)
    pending = queries.amendments(db.session(), found, "proposed", "ballot", "accepted")
    concerned = [
        one for one in queries.by_clause(pending).get(clause, []) if one.base_number == found.latest.number
    ]
    return render_template(
        "drafting/clause.html",
        process=process,
        charter=found,
        clause=here[0],
        label=here[1],
        rows=[(one, _words(text, one, clause)) for one in concerned],
        may_propose=allowed(process, "create", "amendment"),
    )


def _words(text: Document, one: Amendment, clause: str) -> dict[str, list[tuple[str, str]]] | None:
    """The clause as an amendment would have it, per language, against the present words; None when it goes."""
    after = {found.id: found for found, _parent, _depth in amended(one.key, one.operations, text).walk()}
    if clause not in after:
        return None
    old, new = text.clause(clause), after[clause]
    langs = dict.fromkeys([*old.text, *new.text])
    return {lang: list(segments(old.text.get(lang, ""), new.text.get(lang, ""))) for lang in langs}


@blueprint.route("/processes/<slug>/drafting/<key>/minority", methods=["GET", "POST"])
@auth_required("session")
def state_minority(slug: str, key: str) -> Page:
    """Write a minority statement on the latest version."""
    process, found = charter_here(slug, key)
    require_here(process, "create", "minority statement")
    form = StatementForm(clause=request.args.get("clause", ""))
    places = [(one.id, label) for one, label, _depth in outline(latest_text(found))]
    form.clause.choices = choices([("", gettext("the whole charter")), *places])
    if form.validate_on_submit():
        return send(lambda: _state(found, form))
    page = render_template("drafting/minority.html", process=process, charter=found, form=form)
    return page, 422 if form.errors else 200


def _state(charter: Charter, form: StatementForm) -> str:
    text = in_my_language(form.text.data)
    minority.state_minority(db.session(), actor(), charter.latest, form.clause.data or None, text, now())
    return url_for("drafting.charter", slug=charter.process.slug, key=charter.key, _anchor="minority")


@blueprint.post("/processes/<slug>/drafting/<key>/minority/<int:number>/sign")
@auth_required("session")
def sign_minority(slug: str, key: str, number: int) -> Page:
    """Sign a minority statement."""
    _process, found = charter_here(slug, key)

    def do() -> str:
        statement = next(
            (one for one in queries.minority_statements(db.session(), found) if one.number == number), None
        )
        if statement is None:
            raise NotFound(N_("There is no minority statement at this address."))
        count = minority.sign_minority(db.session(), actor(), statement, now())
        flash(gettext("Signatures: %(count)s.", count=count), "success")
        return url_for("drafting.charter", slug=slug, key=key, _anchor="minority")

    return send(do)


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
