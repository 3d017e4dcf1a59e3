"""Pages of those who answer: the open questions, the answer form, and leaving a computer that others use.

No account is needed. What a browser remembers of a visit is in `visit`; receipts have pages of their own.
"""

import hmac
from datetime import UTC, datetime

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from itsdangerous import BadSignature, Signer

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.fields import choices
from deliberate.core.i18n import language
from deliberate.core.sending import Page
from deliberate.inputs import queries, rules
from deliberate.inputs.blueprint import blueprint, collecting, input_name, language_choices
from deliberate.inputs.contributing import acts, visit
from deliberate.inputs.contributing.forms import AnswerForm
from deliberate.inputs.contributing.rules import progress, source
from deliberate.inputs.forms import refuse_program
from deliberate.inputs.models import Question
from deliberate.inputs.statements.current import forget_secret
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process


@blueprint.get("/processes/<slug>/questions")
def contribute(slug: str) -> Page:
    """The open questions of the current round, in the wordings this visitor gets."""
    process = process_here(slug)
    number = process.round(now())
    asked = queries.questions_of(db.session(), process, number)
    answered = visit.answered(process, number)
    return render_template(
        "inputs/contributing/contribute.html",
        process=process,
        questions=[(question, visit.wording(process, question)) for question in asked],
        round=number,
        collecting=collecting(process, number),
        answered=answered,
        progress=progress([question.key for question in asked], answered),
        shared=visit.shared(),
        remembered=visit.anything(),
    )


@blueprint.route("/processes/<slug>/questions/<key>", methods=["GET", "POST"])
def answer(slug: str, key: str) -> Page:
    """One question, and the form that answers it."""
    process = process_here(slug)
    question = queries.question(db.session(), process, key)
    form = _answer_form(process, question)
    if request.method == "GET":
        return _answer_page(process, question, form)
    if not form.validate():
        return _answer_page(process, question, form, 422)
    try:
        return _receive(process, question, form)
    except Refusal as refusal:
        db.session.rollback()
        return _answer_page(process, question, web.show_refusal(form, refusal), refusal.status)


def _answer_form(process: Process, question: Question) -> AnswerForm:
    about = visit.about() if request.method == "GET" else {}
    form = AnswerForm(
        language=language(), theme=question.theme, **about, consent=bool(about), remember=bool(about)
    )
    form.language.choices = language_choices()
    themes = [question.theme] if question.theme else ["", *process.themes]
    form.theme.choices = choices(
        [(theme, input_name(theme) if theme else gettext("No theme in particular")) for theme in themes]
    )
    if request.method == "GET":
        form.begun.data = _signer().sign(str(int(now().timestamp()))).decode()
        form.variant.data = visit.wording(process, question)
    return form


def _answer_page(process: Process, question: Question, form: AnswerForm, status: int = 200) -> Response:
    collects = collecting(process, question.round)
    page = render_template(
        "inputs/contributing/answer.html",
        process=process,
        question=question,
        variant=form.variant.data or "",
        form=form,
        collecting=collects,
        preview=not collects and allowed(process, "change", "question"),
        shared=visit.shared(),
        limit=rules.TEXT_LIMIT,
    )
    response = make_response(page, status)
    # What was typed must not come back to the next person by the back button.
    response.headers["Cache-Control"] = "no-store"
    return response


def _receive(process: Process, question: Question, form: AnswerForm) -> Page:
    _refuse_programs(form)
    secret = _secret_of_form()
    if web.once(db.session(), now()) is not None and secret:
        return redirect(_receipt_address(process, secret))
    said = form.categories() if form.consent.data else {}
    _, secret = acts.contribute(
        db.session(), actor(), process, question, form.text.data, form.language.data, "web", said,
        form.theme.data, now(), variant=form.variant.data or "", secret=secret,
        source=source(current_app.config["SECRET_KEY"], process.slug, request.remote_addr),
    )  # fmt: skip
    address = _receipt_address(process, secret)
    visit.remember_answer(process, question)
    visit.remember_about(rules.clean_categories(said) if form.remember.data and not visit.shared() else {})
    # Last: whatever reads a row after the commit begins a transaction anew, and on SQLite waits for its lock.
    db.session.commit()
    flash(_thanks(), "success")
    return redirect(address)


def _thanks() -> str:
    if visit.shared():
        return str(
            gettext("Thank you. Your answer was received. Note or print your code: it is your receipt.")
        )
    return str(gettext("Thank you. Your answer was received. Keep this page’s address: it is your receipt."))


def _receipt_address(process: Process, secret: str) -> str:
    """Where a receipt is shown: on a shared computer at an address that the next person may find in the history."""
    if not visit.shared():
        return url_for("inputs.receipt", secret=secret)
    visit.remember_receipt(secret)
    return url_for("inputs.received", slug=process.slug)


def _refuse_programs(form: AnswerForm) -> None:
    refuse_program(form)
    if rules.too_quick(_begun(form.begun.data), now()):
        raise Refusal(
            N_(
                "This came back faster than a person can write, so nothing was recorded. Wait a few seconds, then send it again."
            )
        )


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="begun")


def _begun(signed: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(_signer().unsign(signed or "")), UTC)
    except (BadSignature, ValueError):
        return None


def _secret_of_form() -> str:
    """The receipt of the form being sent: the same when it is sent twice, and nowhere in the database."""
    token = request.form.get(web.ONCE_FIELD, "")[: web.TOKEN_LENGTH]
    if not token:
        return ""
    mac = hmac.digest(current_app.config["SECRET_KEY"].encode(), f"receipt\n{token}".encode(), "sha256")
    return rules.receipt_of(mac)


@blueprint.post("/processes/<slug>/finished")
def finish(slug: str) -> Response:
    """Leave a computer that others use: this browser forgets the visit, and the next person begins afresh."""
    process = process_here(slug)
    together = visit.shared()
    visit.forget()
    flash(gettext("Nothing of you is left in this browser. Take your receipts with you."), "notice")
    address = url_for("inputs.contribute", slug=process.slug, shared=1 if together else None)
    return forget_secret(make_response(redirect(address, 303)), process)
