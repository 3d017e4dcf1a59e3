"""Pages of processes: the list of all, one of them, and the rules it stands under."""

from typing import Any

from flask import Response, jsonify, render_template
from flask_babel import gettext, ngettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.i18n import language, localdate, localized_text
from deliberate.panels.views.register import can_register
from deliberate.people.current import actor
from deliberate.process import queries as process_queries
from deliberate.process.current import allowed
from deliberate.process.models import Process
from deliberate.publication import queries, reading
from deliberate.publication.abilities import abilities
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import lasting, process_at

PHASE_NAMES = {"open": N_("Listening %(round)s"), "deliberation": N_("Deliberation %(round)s")}

# What a person can do now: capability, object, endpoint, label. Those at the end are of the team.
INVITATIONS = (
    ("create", "contribution", "inputs.contribute", N_("Answer the open questions")),
    ("vote", "statement", "inputs.vote", N_("Vote on statements")),
    ("create", "registration", "panels.register", N_("Volunteer for the draw")),
    ("create", "lesson", "inputs.tell_lesson", N_("Tell an experience")),
    ("contest", "contribution", "inputs.contributions", N_("Find where your words were placed")),
    ("vote", "ballot", "deliberation.ballots", N_("Ballots")),
    ("create", "amendment", "drafting.amendments", N_("Propose amendments")),
)


@blueprint.get("/")
def home() -> str:
    """Every process with its phases."""
    found = process_queries.processes(db.session(), actor())
    rows = [(process, ribbon_of(process), process.situation(now())) for process in found]
    return render_template("publication/home.html", rows=rows)


@blueprint.get("/processes/<slug>")
def process(slug: str) -> str:
    """What a process asks, where it stands, who sits on the panel, who may do what."""
    process = process_at(slug)
    situation = process.situation(now())
    may_do = abilities(process_queries.who_may_do_what(process, now()))
    return render_template(
        "publication/process.html",
        process=process,
        phases=ribbon_of(process),
        situation=situation,
        invitations=_invitations(process),
        may_do=may_do,
        figures=_figures(process),
        commitments=queries.promises(process, language()),
        charters=_charters(process),
        heard=queries.heard(db.session(), process, now()),
        holders=queries.holders(db.session(), process, now()),
        published=queries.last_publication(db.session(), process),
        mine=process_queries.roles_of(db.session(), actor(), process, now()),
    )


def _happened(process: Process, phase: dict[str, Any]) -> str:
    """« 63 contributions », « 31 votes »: what a phase has brought so far."""
    count = queries.happened(db.session(), process, phase["kind"], phase["round"])
    if not count:
        return ""
    if phase["kind"] == "open":
        return str(ngettext("%(num)s contribution", "%(num)s contributions", count))
    return str(ngettext("%(num)s ballot", "%(num)s ballots", count))


def _charters(process: Process) -> list[dict[str, Any]]:
    """The charters as the process page lists them: where each stands, in words."""
    found = []
    for row in reading.charter_rows(db.session(), process):
        last = row.versions[-1] if row.versions else None
        said = gettext("Being written: no version is published yet.")
        if last is not None:
            said = gettext(
                "Version %(number)s, published on %(date)s",
                number=last.number,
                date=localdate(last.published_at),
            )
        found.append({"key": row.charter.key, "title": row.charter.title, "said": said})
    return found


def _figures(process: Process) -> list[dict[str, Any]]:
    """The figures of the panel as the chart takes them, in the reader's language."""
    return [
        {
            "heading": localized_text(figure["label"]),
            "caption": gettext(
                "%(category)s. Full bar: those drawn by lot. Light bar: volunteers. Line: share of the population.",
                category=localized_text(figure["label"]),
            ),
            "rows": [{**row, "label": localized_text(row["label"])} for row in figure["rows"]],
        }
        for figure in queries.panel_figures(db.session(), process)
    ]


def _invitations(process: Process) -> list[tuple[str, str]]:
    found = []
    for capability, thing, endpoint, label in INVITATIONS:
        address = web.url_if(endpoint, slug=process.slug)
        open_now = thing != "registration" or can_register(process)
        if address and open_now and allowed(process, capability, thing):
            found.append((address, label))
    return found


def ribbon_of(process: Process) -> list[dict[str, Any]]:
    """The phases as the ribbon shows them."""
    found = []
    for phase in queries.phase_states(process, now()):
        name = PHASE_NAMES[phase["kind"]]
        label = gettext(name, round=phase["round"])
        found.append({**phase, "label": label, "summary": _happened(process, phase)})
    return found


@blueprint.get("/processes/<slug>/protocol")
def protocol(slug: str) -> str:
    """The rules as they stand, and every version of them."""
    process = process_at(slug)
    return render_template(
        "publication/protocol.html",
        process=process,
        phases=ribbon_of(process),
        commitments=queries.promises(process, language()),
        versions=list(reversed(process_queries.protocol_versions(db.session(), process))),
    )


@blueprint.get("/processes/<slug>/protocol/<int:number>.json")
def protocol_data(slug: str, number: int) -> Response:
    """A version of the protocol as it was locked: the bytes that anyone can hash."""
    version = queries.protocol_version(db.session(), process_at(slug), number)
    if version is None:
        raise NotFound(N_("The protocol has no version with this number."))
    return lasting(jsonify(version.content), version.digest)
