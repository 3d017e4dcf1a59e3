"""Proposing a statement: first those in similar words are shown, then it is sent."""

from flask import flash, make_response, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint, language_choices
from deliberate.inputs.forms import refuse_program
from deliberate.inputs.similarity import similar
from deliberate.inputs.statements import acts, queries, rules
from deliberate.inputs.statements.current import keep_secret, new_secret, secret_here
from deliberate.inputs.statements.forms import ProposalForm
from deliberate.inputs.statements.models import Statement
from deliberate.inputs.statements.views.voting import voting_open, welcome
from deliberate.people.current import actor
from deliberate.process.current import process_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/statements/propose", methods=["GET", "POST"])
def propose_statement(slug: str) -> Page:
    """Write a statement, see whether it is there already, send it."""
    process = process_here(slug)
    form = ProposalForm(language=language())
    form.language.choices = language_choices()
    if request.method == "GET":
        return _first(process, form)
    if not form.validate():
        return _page(process, form), 422
    try:
        near = [] if request.form.get("step") == "send" else _similar(process, form)
        if near:
            return _page(process, form, near)
        return send(lambda: _propose(process, form))
    except Refusal as refusal:
        return _page(process, web.show_refusal(form, refusal)), refusal.status


def _first(process: Process, form: ProposalForm) -> Page:
    response = make_response(_page(process, form))
    if actor().user_id is None and not secret_here(process):
        keep_secret(response, process, new_secret())
    return response


def _page(process: Process, form: ProposalForm, near: list[Statement] | None = None) -> str:
    return render_template(
        "inputs/statements/propose.html",
        process=process,
        form=form,
        near=near or [],
        limit=rules.TEXT_LIMIT,
        open=voting_open(process),
        before=process.protocol.get("moderation", "before") != "after",
    )


def _similar(process: Process, form: ProposalForm) -> list[Statement]:
    """Statements that everyone votes on already and that use similar words."""
    said = rules.clean_statement({form.language.data: form.text.data or ""})[form.language.data]
    there = {one.key: one for one in queries.statements_of(db.session(), process, process.round(now()))}
    texts = {key: "\n".join(one.text.values()) for key, one in there.items()}
    return [there[key] for key, _ in similar(said, texts)]


def _propose(process: Process, form: ProposalForm) -> str:
    refuse_program(form)
    welcome(process)
    text = {form.language.data: form.text.data or ""}
    proposed = acts.propose(
        db.session(), actor(), process, text, form.language.data, now(), secret=secret_here(process)
    )
    if proposed.state == "published":
        flash(gettext("Thank you. Everyone can vote on your statement from now on."), "success")
    else:
        flash(gettext("Thank you. A moderator reads your statement before everyone votes on it."), "success")
    return url_for("inputs.my_votes", slug=process.slug)
