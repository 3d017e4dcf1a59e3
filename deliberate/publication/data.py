"""The same pages for programs: plain JSON at the same addresses with `.json`, described by an OpenAPI document."""

from typing import Any

from flask import Response, current_app, jsonify, request, url_for

from deliberate.core import typed
from deliberate.core.clock import now
from deliberate.core.current import settings
from deliberate.core.database import db
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import Charter, CharterVersion
from deliberate.journal.queries import as_published, search
from deliberate.people.rules import VISITOR
from deliberate.process import queries as process_queries
from deliberate.process.models import Process
from deliberate.publication import queries, reading
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import process_at

PER_PAGE = 100


@blueprint.get("/processes.json")
def processes_data() -> Response:
    """Every process that is public."""
    return jsonify(
        [_process(one) for one in process_queries.processes(db.session(), VISITOR) if one.locked_at]
    )


@blueprint.get("/processes/<slug>.json")
def process_data(slug: str) -> Response:
    """A process: its texts, its protocol, its phases, who may do what now, its last publication."""
    process = process_at(slug)
    published = queries.last_publication(db.session(), process)
    return jsonify(
        {
            **_process(process),
            "protocol": process.protocol,
            "may_do_now": process_queries.who_may_do_what(process, now()),
            "charters": [_charter(row.charter) for row in reading.charter_rows(db.session(), process)],
            "published": published and {"at": published.at.isoformat(), "head": published.head},
        }
    )


def _process(process: Process) -> dict[str, Any]:
    texts = ("title", "question", "remit", "commissioned_by", "funded_by")
    return {
        "slug": process.slug,
        **{name: getattr(process, name) for name in texts},
        "level": process.level,
        "territory": process.territory,
        "themes": process.themes,
        "demonstration": process.demonstration,
        "situation": process.situation(now()),
        "protocol_digest": process.protocol_digest,
        "phases": [
            {
                "number": phase.number,
                "round": phase.round,
                "kind": phase.kind,
                "opens_at": phase.opens_at and phase.opens_at.isoformat(),
                "closes_at": phase.closes_at and phase.closes_at.isoformat(),
            }
            for phase in process.phases
        ],
    }


@blueprint.get("/processes/<slug>/charters/<key>.json")
def charter_data(slug: str, key: str) -> Response:
    """A charter and its published versions."""
    return jsonify(_charter(drafting.charter(db.session(), process_at(slug), key)))


def _charter(charter: Charter) -> dict[str, Any]:
    return {
        "key": charter.key,
        "theme": charter.theme,
        "title": charter.title,
        "binding": False,
        "versions": [_version(one) for one in drafting.published_versions(db.session(), charter)],
    }


def _version(version: CharterVersion) -> dict[str, Any]:
    address = url_for(
        "publication.version_file",
        slug=version.charter.process.slug, key=version.charter.key, number=version.number, format="json",
    )  # fmt: skip
    return {
        "number": version.number,
        "content": version.content_digest,
        "digest": version.version_digest,
        "adopted_at": version.adopted_at.isoformat(),
        "published_at": version.published_at and version.published_at.isoformat(),
        "amendments": version.amendments,
        "ballots": version.ballots,
        "address": address,
    }


@blueprint.get("/processes/<slug>/journal.json")
def journal_data(slug: str) -> Response:
    """A page of the journal, newest first: `page`, `q` and `act` as on the page people read."""
    process = process_at(slug)
    page = max(1, request.args.get("page", 1, type=typed.whole))
    entries, total = search(
        db.session(),
        process.slug,
        request.args.get("q", "")[:100],
        request.args.get("act", "")[:60],
        page,
        PER_PAGE,
    )
    pages = queries.pages_of(total, PER_PAGE)
    return jsonify(page=page, pages=pages, total=total, entries=[as_published(entry) for entry in entries])


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """What can be read by programs, and where."""
    paths = {
        rule.rule.replace("<", "{").replace(">", "}").replace("int:", ""): {"get": _operation(rule.endpoint)}
        for rule in current_app.url_map.iter_rules()
        if rule.endpoint in READABLE
    }
    return jsonify(
        openapi="3.1.0",
        info={
            "title": "Deliberate",
            "version": "1",
            "description": "Everything public, to read. Errors have `error` and `detail`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        servers=[{"url": settings().base_url}],
        paths=paths,
    )


JSON, CSV, FEED = "application/json", "text/csv", "application/atom+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What programs may read: endpoint, and the types in which it answers.
READABLE = {
    "publication.processes_data": (JSON,),
    "publication.process_data": (JSON,),
    "publication.protocol_data": (JSON,),
    "inputs.contributions_file": (JSON, CSV, XLSX),
    "inputs.export_lessons": (JSON, CSV, XLSX),
    "publication.lessons_feed": (FEED,),
    "inputs.statements_data": (JSON,),
    "inputs.opinions_json": (JSON,),
    "inputs.export_polis": ("application/zip",),
    "inputs.synthesis_json": (JSON,),
    "inputs.moderation_log_json": (JSON,),
    "inputs.dossier_json": (JSON,),
    "inputs.dossier_pdf": ("application/pdf",),
    "inputs.answers_json": (JSON,),
    "inputs.answers_csv": (CSV,),
    "publication.charter_data": (JSON,),
    "publication.charter_feed": (FEED,),
    "publication.clause_feed": (FEED,),
    "publication.adoptions_data": (JSON,),
    "publication.adoptions_table": (CSV,),
    "publication.adoption_feed": (FEED,),
    "publication.journal_data": (JSON,),
    "publication.journal_lines": ("application/jsonl",),
    "publication.bundle": ("application/zip",),
    "publication.feed": (FEED,),
}


def _operation(endpoint: str) -> dict[str, Any]:
    rule = next(current_app.url_map.iter_rules(endpoint))
    about = (current_app.view_functions[endpoint].__doc__ or "").strip()
    return {
        "operationId": endpoint.replace(".", "_"),
        "summary": about.splitlines()[0],
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "integer" if name == "number" else "string"},
            }
            for name in sorted(rule.arguments)
        ],
        "responses": {
            "200": {"description": about, "content": {media: {} for media in READABLE[endpoint]}},
            "404": {"description": "There is nothing at this address."},
        },
    }
