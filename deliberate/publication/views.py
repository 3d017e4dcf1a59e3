"""Public pages: the journal of a process, its bundle, and what this site says of itself."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.current import settings
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import hidden_round
from deliberate.journal.queries import acts_used, chain, search
from deliberate.people.current import actor
from deliberate.process import queries as process_queries
from deliberate.process.appointments import remark
from deliberate.process.current import allowed, require_here
from deliberate.process.models import Process
from deliberate.process.rules import ROLE_NAMES
from deliberate.publication import (
    charter_pages,
    clause_pages,
    comparison_pages,
    coverage_pages,
    data,
    feeds,
    jobs,
    process_pages,
    queries,
    reference_pages,
    version_files,
    words,
)
from deliberate.publication.adoption import desk, downloads
from deliberate.publication.adoption import views as adoption_pages
from deliberate.publication.blueprint import blueprint
from deliberate.publication.bundle import archive
from deliberate.publication.contents import json_line
from deliberate.publication.current import process_at
from deliberate.publication.evidence import views as evidence_pages
from deliberate.publication.forms import REMARK_LENGTH, RemarkForm

# The modules whose pages hang on the same blueprint.
PAGES = (
    adoption_pages, charter_pages, clause_pages, comparison_pages, coverage_pages, data, desk, downloads, evidence_pages, feeds,
    process_pages, reference_pages, version_files,
)  # fmt: skip
PER_PAGE = 40


@blueprint.route("/processes/<slug>/journal", methods=["GET", "POST"])
def journal(slug: str) -> Page:
    """Every act, newest first; a guarantor appends a remark here."""
    process = process_at(slug)
    form = RemarkForm()
    status = 200
    if request.method == "POST":
        require_here(process, "remark", "journal")
    if form.validate_on_submit():
        try:
            return send(lambda: _remark(process, form))
        except Refusal as refusal:
            form, status = web.show_refusal(form, refusal), refusal.status
    elif request.method == "POST":
        status = 422
    return _journal_page(process, form), status


def _remark(process: Process, form: RemarkForm) -> str:
    remark(db.session(), actor(), process, form.text.data or "", now())
    return url_for("publication.journal", slug=process.slug)


def _journal_page(process: Process, form: RemarkForm) -> str:
    asked, act = request.args.get("q", "").strip()[:100], request.args.get("act", "")[:60]
    page = max(1, request.args.get("page", 1, type=typed.whole))
    entries, total = search(db.session(), process.slug, asked, act, page, PER_PAGE)
    return render_template(
        "publication/journal.html",
        process=process,
        entries=[
            (entry, *words.entry_in_words(entry.act, entry.object, entry.public, gettext))
            for entry in entries
        ],
        opened=queries.opened(entries, hidden_round(process)),
        acts=acts_used(db.session(), process.slug),
        asked=asked,
        act=act,
        page=page,
        pages=queries.pages_of(total, PER_PAGE),
        total=total,
        head=queries.journal_head(db.session(), process),
        may_remark=allowed(process, "remark", "journal"),
        form=form,
        remark_length=REMARK_LENGTH,
    )


@blueprint.get("/processes/<slug>/journal.jsonl")
def journal_lines(slug: str) -> Response:
    """The whole journal, one entry a line, as the bundle holds it."""
    lines = b"".join(json_line(entry) for entry in chain(db.session(), process_at(slug).slug))
    return Response(lines, mimetype="application/jsonl")


@blueprint.get("/processes/<slug>/bundle.zip")
def bundle(slug: str) -> AnyResponse:
    """The last publication, to be checked without this server."""
    process = process_at(slug)
    path = archive(bundles(), process.slug)
    if not path.is_file():
        raise NotFound(
            N_("Nothing was published yet. The journal can be read, and downloaded, in the meantime.")
        )
    return send_file(path, "application/zip", as_attachment=True, download_name=f"{process.slug}.zip")


def bundles() -> Path:
    """Where this instance keeps its bundles."""
    return jobs.bundles(settings().instance)


@blueprint.route("/processes/<slug>/publication", methods=["GET", "POST"])
def publishing(slug: str) -> Page:
    """Have everything public written into a new bundle."""
    process = process_at(slug)
    require_here(process, "publish", "publication")
    if request.method == "POST":
        return send(lambda: _ask_to_publish(process))
    published = queries.last_publication(db.session(), process)
    return render_template("publication/publishing.html", process=process, published=published)


def _ask_to_publish(process: Process) -> str:
    jobs.ask_to_publish(db.session(), process, now(), actor().user_id)
    return url_for("publication.verification", _anchor=process.slug)


@blueprint.get("/verification")
def verification() -> str:
    """How anyone can check what is published here."""
    found = [process for process in process_queries.processes(db.session(), actor()) if process.locked_at]
    rows = [
        (process, queries.last_publication(db.session(), process), archive(bundles(), process.slug).is_file())
        for process in found
    ]
    return render_template("publication/verification.html", rows=rows)


@blueprint.get("/accessibility")
def accessibility() -> str:
    """What can be expected of these pages, and whom to tell."""
    return render_template("publication/accessibility.html", contact=_contact())


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept about people, why, for how long, and how to have it erased."""
    return render_template("publication/privacy.html", contact=_contact())


def _contact() -> str:
    return settings().mail_from


@blueprint.app_template_filter("as_json")
def as_readable_json(value: Any) -> str:
    """Plain data as a person can read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


@blueprint.app_template_filter("as_date")
def as_date(value: str | None) -> date | None:
    """A day of the protocol, which writes it as ISO text."""
    return date.fromisoformat(value) if value else None


blueprint.add_app_template_filter(words.short_code, "short_code")


@blueprint.context_processor
def _names() -> dict[str, Any]:
    return {"role_names": ROLE_NAMES, "act_names": words.ACTS, "actor_names": words.ACTORS}
