"""The queue of those who moderate, and the public log with reasons for everyone."""

from math import ceil
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import format_timedelta, gettext

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.sending import Page, send_form
from deliberate.inputs.blueprint import blueprint, filled_in, page_asked, text_asked
from deliberate.inputs.contributing.queries import bursts
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating import acts, queries, rules
from deliberate.inputs.moderating.forms import DecisionForm
from deliberate.inputs.moderating.things import KINDS, thing_named
from deliberate.inputs.queries import questions_of
from deliberate.inputs.rules import CHANNELS, LANGUAGES
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

STATES = ("waiting", "published", "refused")


@blueprint.app_template_filter("duration")
def duration(time: Any) -> str:
    """A length of time in the reader's language: “4 hours”."""
    return str(format_timedelta(time))


@blueprint.app_template_global("may_moderate")
def may_moderate(process: Process) -> bool:
    """Whether the reader may decide on contributions now."""
    return allowed(process, "moderate", "contribution")


@blueprint.route("/processes/<slug>/moderation", methods=["GET", "POST"])
def moderation(slug: str) -> Page:
    """Decide on what waits, or again on what was decided, many at once; everyone else reads the log."""
    process = process_here(slug)
    kinds = _kinds(process)
    form = DecisionForm()
    if request.method == "GET":
        return _queue_page(process, kinds, form) if kinds else moderation_log(slug)
    if not kinds:
        require_here(process, "moderate", "contribution")

    def do() -> str:
        things = [thing_named(db.session(), process, name) for name in request.form.getlist("thing")]
        decision, reason = request.form.get("decision", ""), form.reason.data or ""
        acts.moderate_all(
            db.session(), actor(), process, things, decision, reason, now(), rule=form.rule.data or ""
        )
        flash(gettext("Your decision is recorded, and stands in the public log."), "success")
        return url_for("inputs.moderation", slug=slug, **filled_in(_asked(kinds)), page=page_asked())

    return send_form(form, do, lambda: _queue_page(process, kinds, form))


def _kinds(process: Process) -> tuple[str, ...]:
    """The kinds of thing that the person who asks may decide on."""
    return tuple(name for name in KINDS if allowed(process, "moderate", name))


def _asked(kinds: tuple[str, ...]) -> queries.Asked:
    said = {name: text_asked(name) for name in ("words", "question", "language", "channel")}
    kind, state = text_asked("kind"), text_asked("state")
    return queries.Asked(
        kind=kind if kind in kinds else "",
        state=state if state in STATES else "waiting",
        round=request.args.get("round", None, typed.whole),
        **said,
    )


def _queue_page(process: Process, kinds: tuple[str, ...], form: DecisionForm) -> str:
    asked = _asked(kinds)
    found = queries.queue(db.session(), process, asked, kinds)
    begun = (page_asked() - 1) * queries.PER_PAGE
    shown = found[begun : begun + queries.PER_PAGE]
    contributions = [one for one in shown if isinstance(one, Contribution)]
    return render_template(
        "inputs/moderating/queue.html",
        process=process,
        queue=shown,
        total=len(found),
        page=page_asked(),
        pages=ceil(len(found) / queries.PER_PAGE),
        asked=filled_in(asked),
        state=asked.state,
        states=STATES,
        kinds={name: KINDS[name].label for name in kinds},
        questions=questions_of(db.session(), process),
        channels=CHANNELS,
        languages=LANGUAGES,
        similar=queries.similar_things(db.session(), process, shown),
        bursts=bursts(db.session(), process, contributions, now()),
        form=form,
        ticked=[one.object for one in shown]
        if request.args.get("tick") == "all"
        else request.form.getlist("thing"),
        log=queries.moderation_log(db.session(), process)[0][:5],
        may_link=allowed(process, "change", "likeness"),
    )


@blueprint.get("/processes/<slug>/moderation/log")
def moderation_log(slug: str) -> str:
    """What was decided, by whom nobody says, and why: for everyone."""
    process = process_here(slug)
    asked = {name: text_asked(name) for name in ("kind", "called", "rule")}
    log, total = queries.moderation_log(db.session(), process, page=page_asked(), **asked)
    return render_template(
        "inputs/moderating/log.html",
        process=process,
        log=log,
        total=total,
        page=page_asked(),
        pages=ceil(total / queries.PER_PAGE),
        asked={name: value for name, value in asked.items() if value},
        kinds={name: kind.label for name, kind in KINDS.items()},
        called=rules.CALLED,
        decisions=rules.DECISION_NAMES,
        rule_names=rules.RULE_NAMES,
        figures=queries.figures(db.session(), process),
        may_moderate=bool(_kinds(process)),
    )


@blueprint.get("/processes/<slug>/moderation/log.json")
def moderation_log_json(slug: str) -> Page:
    """The whole public log, for programs."""
    process = process_here(slug)
    return web.download(queries.log_records(db.session(), process), f"{slug}-moderation.json")
