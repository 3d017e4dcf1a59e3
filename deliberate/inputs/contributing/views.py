"""Pages of those who answer: the open questions, the answer form, and the receipt that corrects, withdraws, contests.

No account is needed. Opening a receipt changes nothing; its buttons do.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from flask import (
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from itsdangerous import BadSignature, Signer

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import choices
from deliberate.core.i18n import language
from deliberate.core.sending import Page
from deliberate.inputs import queries, rules
from deliberate.inputs.blueprint import blueprint, collecting, input_name, language_choices, mark
from deliberate.inputs.contributing import acts
from deliberate.inputs.contributing.forms import AnswerForm, ContestForm, CorrectionForm
from deliberate.inputs.dossiers.queries import dossier
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.synthesis.acts import contest_placement
from deliberate.inputs.synthesis.models import Placement
from deliberate.people.acts import count_attempt
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process

# Answers per quarter of an hour from one network address: a whole workshop sits behind one.
ANSWERS_PER_ADDRESS = 300


@blueprint.get("/processes/<slug>/questions")
def contribute(slug: str) -> Page:
    """The open questions of the current round."""
    process = process_here(slug)
    number = process.round(now())
    return render_template(
        "inputs/contribute.html",
        process=process,
        questions=queries.questions_of(db.session(), process, number),
        round=number,
        collecting=collecting(process, number),
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
        return _answer_page(process, question, form), 422
    try:
        return _receive(process, question, form)
    except Refusal as refusal:
        db.session.rollback()
        return _answer_page(process, question, web.show_refusal(form, refusal)), refusal.status


def _answer_form(process: Process, question: Question) -> AnswerForm:
    form = AnswerForm(language=language(), theme=question.theme)
    form.language.choices = language_choices()
    themes = [question.theme] if question.theme else ["", *process.themes]
    form.theme.choices = choices(
        [(theme, input_name(theme) if theme else gettext("No theme in particular")) for theme in themes]
    )
    if request.method == "GET":
        form.begun.data = _signer().sign(str(int(now().timestamp()))).decode()
        form.variant.data = request.args.get("wording", "")
    return form


def _answer_page(process: Process, question: Question, form: AnswerForm) -> str:
    return render_template(
        "inputs/answer.html",
        process=process,
        question=question,
        wording=question.wording(form.variant.data or ""),
        form=form,
        collecting=collecting(process, question.round),
        limit=rules.TEXT_LIMIT,
    )


def _receive(process: Process, question: Question, form: AnswerForm) -> Page:
    if form.website.data:
        form.website.data = ""
        raise Refusal(
            N_(
                "A field that people do not see was filled in, as programs do, so nothing was recorded. If you are a person, send it again."
            )
        )
    if rules.too_quick(_begun(form.begun.data), now()):
        raise Refusal(
            N_(
                "This came back faster than a person can write, so nothing was recorded. Wait a few seconds, then send it again."
            )
        )
    secret = _secret_of_form()
    if web.once(db.session(), now()) is not None and secret:
        return redirect(url_for("inputs.receipt", secret=secret))
    count_attempt(db.session(), f"contribution:{request.remote_addr}", ANSWERS_PER_ADDRESS, now())
    _, secret = acts.contribute(
        db.session(), actor(), process, question, form.text.data, form.language.data, "web",
        form.categories() if form.consent.data else {}, form.theme.data, now(),
        variant=form.variant.data or "", secret=secret,
    )  # fmt: skip
    db.session.commit()
    session[mark(process, question.round)] = True
    flash(
        gettext("Thank you. Your answer was received. Keep this page’s address: it is your receipt."),
        "success",
    )
    return redirect(url_for("inputs.receipt", secret=secret))


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
    return urlsafe_b64encode(mac[:16]).rstrip(b"=").decode()


@blueprint.get("/receipts/<secret>")
def receipt(secret: str) -> Response:
    """What a receipt opens; nothing changes by opening it."""
    contribution = acts.contribution_of(db.session(), secret)
    return _receipt_page(
        contribution, secret, CorrectionForm(text=contribution.text), ContestForm(formdata=None)
    )


def _receipt_page(
    contribution: Contribution,
    secret: str,
    form: CorrectionForm,
    contest_form: ContestForm,
    status: int = 200,
) -> Response:
    process = contribution.process
    page = render_template(
        "inputs/receipt.html",
        process=process,
        contribution=contribution,
        secret=secret,
        form=form,
        contest_form=contest_form,
        address=web.outside_address("inputs.receipt", secret=secret),
        settled=dossier(db.session(), process, contribution.round) is not None,
        may_contest=allowed(process, "contest", "contribution"),
        limit=rules.TEXT_LIMIT,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.post("/receipts/<secret>/correct")
def correct(secret: str) -> Page:
    """Replace the text."""
    contribution = acts.contribution_of(db.session(), secret)
    form = CorrectionForm()
    if not form.validate():
        return _receipt_page(contribution, secret, form, ContestForm(formdata=None), 422)
    if web.once(db.session(), now()) is None:
        try:
            acts.correct_contribution(db.session(), secret, form.text.data, now())
        except Refusal as refusal:
            db.session.rollback()
            return _receipt_page(
                contribution,
                secret,
                web.show_refusal(form, refusal),
                ContestForm(formdata=None),
                refusal.status,
            )
        db.session.commit()
        flash(gettext("Your new words replace the first ones, which are forgotten."), "success")
    return redirect(url_for("inputs.receipt", secret=secret))


@blueprint.route("/receipts/<secret>/withdraw", methods=["GET", "POST"])
def withdraw(secret: str) -> Page:
    """Say what withdrawing does, then do it."""
    contribution = acts.contribution_of(db.session(), secret)
    if request.method == "GET":
        return render_template(
            "inputs/withdraw.html", process=contribution.process, contribution=contribution, secret=secret
        )
    if web.once(db.session(), now()) is None:
        acts.withdraw_contribution(db.session(), secret, now())
        db.session.commit()
        flash(gettext("Your words were withdrawn and erased."), "success")
    return redirect(url_for("inputs.receipt", secret=secret))


@blueprint.post("/receipts/<secret>/contest/<int:number>")
def contest(secret: str, number: int) -> Page:
    """Contest where one's words were placed."""
    contribution = acts.contribution_of(db.session(), secret)
    placement = db.session.get(Placement, number)
    if placement is None or placement.contribution_id != contribution.id:
        raise NotFound(
            N_("These words no longer stand on that line. Reload the page to see where they stand.")
        )
    form = ContestForm()
    correction = CorrectionForm(formdata=None, text=contribution.text)
    if not form.validate():
        return _receipt_page(contribution, secret, correction, form, 422)
    if web.once(db.session(), now()) is None:
        try:
            contest_placement(db.session(), secret, placement, form.reason.data, now())
        except Refusal as refusal:
            db.session.rollback()
            return _receipt_page(
                contribution, secret, correction, web.show_refusal(form, refusal), refusal.status
            )
        db.session.commit()
        flash(gettext("Your objection was received. The answer will be shown here."), "success")
    return redirect(url_for("inputs.receipt", secret=secret))
