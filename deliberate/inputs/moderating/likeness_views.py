"""Contributions in nearly the same words, and those that somebody said are alike."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating import likeness as acts
from deliberate.inputs.moderating import queries
from deliberate.inputs.queries import contribution, contributions_by_key
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process

GROUPS_SHOWN = 30


@blueprint.app_template_filter("said_alike")
def said_alike(one: Contribution) -> list[Contribution]:
    """The public contributions that somebody linked to this one as saying the same."""
    return list(queries.said_alike(db.session(), one))


@blueprint.route("/processes/<slug>/moderation/alike", methods=["GET", "POST"])
def alike(slug: str) -> Page:
    """Say that contributions say the same; what is in nearly the same words is proposed, nothing is linked by itself."""
    process = process_here(slug)
    require_here(process, "change", "likeness")
    if request.method == "GET":
        return _page(process)

    def do() -> str:
        if taken_out := request.form.get("unlink"):
            one = contribution(db.session(), process, taken_out)
            acts.unlink(db.session(), actor(), process, one, now())
            flash(gettext("%(key)s is no longer linked.", key=one.key), "success")
        else:
            ticked = contributions_by_key(db.session(), process, request.form.getlist("contribution"))
            acts.link(db.session(), actor(), process, list(ticked.values()), now())
            flash(gettext("Linked. Each keeps its own words, place and answer."), "success")
        return url_for("inputs.alike", slug=slug)

    try:
        return send(do)
    except Refusal as refusal:
        return _page(process, refusal), refusal.status


def _page(process: Process, refusal: Refusal | None = None) -> str:
    keys = request.args.get("contributions", "").split()
    chosen = list(contributions_by_key(db.session(), process, keys).values()) if keys else []
    suggested = queries.suggested_groups(db.session(), process)
    return render_template(
        "inputs/moderating/alike.html",
        process=process,
        suggested=suggested[:GROUPS_SHOWN],
        more=max(0, len(suggested) - GROUPS_SHOWN),
        linked=queries.linked_groups(db.session(), process),
        chosen=chosen,
        keys=" ".join(keys),
        refusal=refusal,
        ticked=request.form.getlist("contribution"),
    )
