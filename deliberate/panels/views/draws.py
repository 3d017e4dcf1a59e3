"""Draws: asking for one, watching it being computed, its sealed page, stopping and abandoning."""

from dataclasses import dataclass
from typing import Any

from flask import Response as JsonResponse
from flask import jsonify, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import jobs, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.i18n import localized_text, percent
from deliberate.core.jobs import Job
from deliberate.core.sending import Page, send
from deliberate.panels import acts, queries, vacancies
from deliberate.panels.figures import LIFTING, as_share, chances, is_sealed, is_whole, panel_figures
from deliberate.panels.forms import ReasonForm, RequestForm
from deliberate.panels.models import Draw
from deliberate.panels.views.blueprint import blueprint, do
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

STAGES = {
    "relaxation": N_("Finding the most equal chances that the quotas allow"),
    "panels": N_("Finding panels that give these chances"),
    "rounding": N_("Making a list of equally likely panels"),
    "sealing": N_("Sealing the list"),
}
UNBOUND = {"bound": None}
RUNNING = ("requested", "computing")


def draw_here(process: Process, number: int) -> Draw:
    """A draw for the person who asks: public once sealed or ended, unless it is a rehearsal. Raises NotFound."""
    draw = queries.draw_by_number(db.session(), process, number)
    public = not draw.rehearsal and (draw.commitment is not None or draw.ended_at is not None)
    if not public and not allowed(process, "see", "draw"):
        raise NotFound(N_("There is no draw with this number."))
    return draw


def file_name(draw: Draw, name: str) -> str:
    """What a file of a draw is called on somebody's disk: a rehearsal's says that it is one."""
    return f"rehearsal-{draw.number}-{name}" if draw.rehearsal else name


def sealed_figures(process: Process, draw: Draw | None) -> dict[str, Any]:
    """Whether a draw is sealed, and what its charts show.

    `figures` has a label and rows per category, `chances` everyone's chance, `bound` the proven limit of the least.
    """
    known = draw if is_sealed(draw) else None
    return {
        "sealed": known is not None,
        "figures": [
            {
                "label": localized_text(one.label),
                "rows": [row | {"label": localized_text(row["label"])} for row in one.rows],
            }
            for one in panel_figures(db.session(), process, known)
        ],
        "chances": chances(known) if known else [],
        "bound": as_share(known.figures["bound"]) if known else None,
    }


@dataclass(frozen=True)
class Need:
    """One thing that a draw needs: whether it is there (None: it takes a check to know), in words, and where to act."""

    ready: bool | None
    said: str
    address: str
    act: str


def needs(process: Process) -> list[Need]:
    """What a draw that counts needs beforehand, in the order in which to do it."""
    session, slug = db.session(), process.slug
    quotas, people = len(queries.quotas(session, process)), queries.pool_size(session, process)
    signature = queries.last_signature(session, process)
    signed = signature is not None and signature.digest == queries.digest_of_pool(session, process)
    current = queries.current_draw(session, process)
    quota_page, pool_page = url_for("panels.quotas", slug=slug), url_for("panels.pool", slug=slug)
    found = [
        Need(
            bool(quotas), gettext("Quotas: %(count)s groups", count=quotas), quota_page, gettext("See them")
        ),
        Need(bool(people), gettext("Volunteers: %(count)s", count=people), pool_page, gettext("See them")),
        Need(
            None if quotas and people else False,
            gettext("The quotas can be met with these volunteers"),
            url_for("panels.quotas", slug=slug, check=1),
            gettext("Check it"),
        ),
        Need(signed, _signature_in_words(signature is not None, signed), pool_page, gettext("See the pool")),
    ]
    if current is not None:
        there = url_for("panels.draw", slug=slug, number=current.number)
        said = gettext("No other draw: draw %(number)s is under way or done", number=current.number)
        found.append(Need(False, said, there, gettext("See it")))
    return found


def _signature_in_words(ever: bool, now_valid: bool) -> str:
    if now_valid:
        return str(gettext("A guarantor has signed the pool as it is."))
    if ever:
        return str(gettext("The pool has changed since a guarantor signed it: it has to be signed again"))
    return str(gettext("A guarantor has not signed the pool yet (a rehearsal needs no signature)"))


@blueprint.route("/processes/<slug>/draws", methods=["GET", "POST"])
@auth_required("session")
def draws(slug: str) -> Page:
    """Every draw and rehearsal, and what is needed before the next one."""
    process = process_here(slug)
    require_here(process, "see", "draw")
    declared = process.protocol["panel"].get("randomness") or {}
    form = RequestForm(source_fr=declared.get("fr", ""), source_en=declared.get("en", ""))

    def do() -> str:
        rehearsal = request.form.get("action") == "rehearsal"
        draw = acts.request_draw(
            db.session(), actor(), process, now(), rehearsal=rehearsal, randomness_source=form.source
        )
        return url_for("panels.draw", slug=slug, number=draw.number)

    if not form.validate_on_submit():
        return _draws_page(process, form), 422 if form.is_submitted() else 200
    try:
        return send(do)
    except Refusal as refusal:
        return _draws_page(process, web.show_refusal(form, refusal)), refusal.status


def _draws_page(process: Process, form: RequestForm) -> str:
    return render_template(
        "panels/draws.html",
        process=process,
        form=form,
        draws=queries.draws(db.session(), process),
        needs=needs(process),
        panel=process.protocol["panel"],
        panels=process.protocol["panel"].get("panels", acts.DEFAULT_PANELS),
        may_create=allowed(process, "create", "draw"),
    )


@blueprint.get("/processes/<slug>/draws/<int:number>")
def draw(slug: str, number: int) -> str:
    """One draw: its progress, its seal, its result, or why it ended."""
    process = process_here(slug)
    found = draw_here(process, number)
    return render_template(
        "panels/draw.html",
        process=process,
        draw=found,
        progress=_progress(found),
        computing=found.state in RUNNING,
        search=vacancies.search(db.session(), found),
        killed=found.figures.get("error") == jobs.DIED,
        attempts=jobs.MAX_ATTEMPTS,
        **sealed_figures(process, found),
        may_create=allowed(process, "create", "draw"),
        may_see=allowed(process, "see", "draw"),
        may_see_rows=may_see_rows(process, found),
        form=ReasonForm(),
    )


def may_see_rows(process: Process, draw: Draw | None) -> bool:
    """Whether the person who asks may read everybody's rows: guarantors and organisers, or all if the protocol says.

    No longer all once somebody of the draw was erased.
    """
    public = bool(process.protocol["panel"].get("attributes_public"))
    return (public and draw is not None and is_whole(draw)) or allowed(process, "see", "pool")


@blueprint.get("/processes/<slug>/draws/<int:number>/progress.json")
def draw_progress(slug: str, number: int) -> JsonResponse:
    """How far the computation is."""
    return jsonify(_progress(draw_here(process_here(slug), number)))


def _progress(draw: Draw) -> dict[str, Any]:
    job = db.session().get(Job, draw.job_id) if draw.job_id else None
    known = job.progress if job else {}
    return {
        "done": known.get("done", 0),
        "total": known.get("total", 0),
        "text": _in_words(known if draw.settings.get("objective", "leximin") in LIFTING else known | UNBOUND)
        if draw.state in RUNNING
        else gettext("Looking for the alternates"),
        "finished": draw.state not in RUNNING and vacancies.search(db.session(), draw) != "under way",
    }


def _in_words(known: dict[str, Any]) -> str:
    if "stage" not in known:
        return str(gettext("Waiting for a worker"))
    stage = STAGES[known["stage"]]
    said: str = gettext(stage)
    if known.get("bound") is None:
        return said
    bound = percent(known["bound"] / 1e6, 2)
    if known.get("attained") is None:
        least = gettext("no lottery can give those with the least chance more than %(bound)s", bound=bound)
    else:
        attained = percent(known["attained"] / 1e6, 2)
        least = gettext(
            "least chance reached: %(attained)s of at most %(bound)s", attained=attained, bound=bound
        )
    return f"{said} – {least}"


@blueprint.post("/processes/<slug>/draws/<int:number>/cancel")
@auth_required("session")
def cancel_draw(slug: str, number: int) -> Page:
    """Stop a computation."""
    process = process_here(slug)
    found = queries.draw_by_number(db.session(), process, number)
    reason = request.form.get("reason", "")
    return do(
        lambda: acts.cancel_draw(db.session(), actor(), found, now(), reason),
        url_for("panels.draw", slug=slug, number=number),
        N_("The computation is stopped; nothing was sealed."),
    )


@blueprint.post("/processes/<slug>/draws/<int:number>/alternates")
@auth_required("session")
def seek_alternates(slug: str, number: int) -> Page:
    """Have the alternates looked for again, when the search failed."""
    process = process_here(slug)
    found = queries.draw_by_number(db.session(), process, number)
    return do(
        lambda: acts.seek_alternates(db.session(), actor(), found, now()),
        url_for("panels.draw", slug=slug, number=number),
        N_("The alternates are looked for again."),
    )


@blueprint.post("/processes/<slug>/draws/<int:number>/abandon")
@auth_required("session")
def abandon_draw(slug: str, number: int) -> Page:
    """Give up a sealed lottery; it stays public, with the reason."""
    process = process_here(slug)
    found = queries.draw_by_number(db.session(), process, number)
    reason = request.form.get("reason", "")
    return do(
        lambda: acts.abandon_draw(db.session(), actor(), found, reason, now()),
        url_for("panels.draw", slug=slug, number=number),
        N_("The draw is abandoned. It stays public, with its reason."),
    )
