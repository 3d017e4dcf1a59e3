"""Pages of a session with a group: begin it, type what is said one answer after the other, record it all."""

from collections.abc import Callable

from flask import flash, render_template, request, url_for
from flask_babel import gettext, ngettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send, send_form
from deliberate.inputs.blueprint import blueprint, language_choices
from deliberate.inputs.entering import queries, sessions
from deliberate.inputs.entering.forms import GroupAnswerForm, SessionForm
from deliberate.inputs.entering.models import GroupAnswer, GroupSession
from deliberate.inputs.entering.wordings import question_choices, received_at, today, wording_of
from deliberate.inputs.synthesis.queries import grid_rows
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/groups", methods=["GET", "POST"])
def groups(slug: str) -> Page:
    """The sessions with groups, and the form that begins one."""
    process = process_here(slug)
    require_here(process, "enter", "contribution")
    form = SessionForm(received=today(process), language=language())
    form.language.choices = language_choices()
    form.question.choices = question_choices(process)

    def page() -> str:
        found = queries.group_sessions(db.session(), process)
        return render_template("inputs/entering/groups.html", process=process, form=form, sessions=found)

    def do() -> str:
        question, variant = wording_of(process, form.question.data)
        # Before the moment of the act is taken: a session that is held now was not held after it.
        held = received_at(process, question, form.received.data)
        begun = sessions.begin_session(
            db.session(), actor(), process, question, form.group.data or "", form.people.data or 0,
            form.language.data, now(), held=held, variant=variant, place=form.place.data or "",
            categories=form.categories(),
        )  # fmt: skip
        return url_for("inputs.group", slug=slug, key=begun.key)

    return send_form(form, do, page)


def _session(slug: str, key: str) -> tuple[Process, GroupSession]:
    process = process_here(slug)
    require_here(process, "enter", "contribution")
    return process, queries.group_session(db.session(), process, key)


def _page(
    process: Process, held: GroupSession, form: GroupAnswerForm, answer: GroupAnswer | None = None
) -> str:
    return render_template(
        "inputs/entering/group.html",
        process=process,
        held=held,
        form=form,
        answer=answer,
        wording=held.question.wording(held.variant),
        grid=grid_rows(db.session(), process),
    )


@blueprint.route("/processes/<slug>/groups/<key>", methods=["GET", "POST"])
def group(slug: str, key: str) -> Page:
    """The screen of a session: the question in large letters, and one answer typed after the other."""
    process, held = _session(slug, key)
    form = GroupAnswerForm()

    def do() -> str:
        token = request.form.get(web.ONCE_FIELD, "")[: web.TOKEN_LENGTH]
        sessions.add_answer(
            db.session(), actor(), process, held, form.text.data or "", now(),
            count=form.count.data or 1, component=form.component.data or "", token=token,
        )  # fmt: skip
        return url_for("inputs.group", slug=slug, key=key)

    return send_form(form, do, lambda: _page(process, held, form))


@blueprint.route("/processes/<slug>/groups/<key>/answers/<int:number>", methods=["GET", "POST"])
def group_answer(slug: str, key: str, number: int) -> Page:
    """Mend an answer that was typed, or take it out."""
    process, held = _session(slug, key)
    answer = sessions.answer_of(held, number)
    kept = {"text": answer.text, "count": answer.count, "component": answer.component}
    form = GroupAnswerForm(data=kept)

    address = url_for("inputs.group", slug=slug, key=key)

    def drop() -> str:
        sessions.drop_answer(db.session(), actor(), process, held, answer, now())
        return address

    def change() -> str:
        sessions.change_answer(
            db.session(), actor(), process, held, answer, form.text.data or "", now(),
            count=form.count.data or 1, component=form.component.data or "",
        )  # fmt: skip
        return address

    if request.form.get("action") == "drop":
        return _send_or_show(process, held, drop)
    return send_form(form, change, lambda: _page(process, held, form, answer))


@blueprint.post("/processes/<slug>/groups/<key>/step")
def group_step(slug: str, key: str) -> Page:
    """From what each said to what the group answers together, or back."""
    process, held = _session(slug, key)

    def do() -> str:
        sessions.change_step(db.session(), actor(), process, held, request.form.get("step", ""), now())
        return url_for("inputs.group", slug=slug, key=key)

    return _send_or_show(process, held, do)


@blueprint.route("/processes/<slug>/groups/<key>/close", methods=["GET", "POST"])
def close_group(slug: str, key: str) -> Page:
    """Look at everything once more, then record it, or give the session up."""
    process, held = _session(slug, key)
    if request.method == "GET":
        return render_template("inputs/entering/close_group.html", process=process, held=held)

    def do() -> str:
        if request.form.get("action") == "give up":
            sessions.give_up_session(db.session(), actor(), process, held, now())
            flash(gettext("The session was given up. Nothing of it is kept."), "success")
            return url_for("inputs.groups", slug=slug)
        batch = sessions.close_session(db.session(), actor(), process, held, now())
        count = len(batch.contributions)
        flash(ngettext("%(num)s answer is recorded.", "%(num)s answers are recorded.", count), "success")
        return url_for("inputs.batch", slug=slug, number=batch.number)

    return _send_or_show(process, held, do)


def _send_or_show(process: Process, held: GroupSession, do: Callable[[], str]) -> Page:
    try:
        return send(do)
    except Refusal as refusal:
        form = web.show_refusal(GroupAnswerForm(formdata=None), refusal)
        return _page(process, held, form), refusal.status
