"""Pages of the receipt of whoever told a lesson: it shows what became of it; its buttons correct and withdraw."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.dossiers.queries import is_settled
from deliberate.inputs.experience import acts, queries
from deliberate.inputs.experience.forms import LessonForm, typed
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.experience.views import language_of, prepared
from deliberate.inputs.rules import faults_of


@blueprint.get("/lesson-receipts/<secret>")
def lesson_receipt(secret: str) -> Page:
    """What a receipt opens; nothing changes by opening it."""
    found = acts.lesson_of(db.session(), secret)
    settled = is_settled(db.session(), found.process, found.round)
    address = web.outside_address("inputs.lesson_receipt", secret=secret)
    return _page("receipt", found, secret, settled=settled, address=address)


def _page(name: str, found: Lesson, secret: str, status: int = 200, **more: Any) -> Page:
    page = render_template(
        f"inputs/experience/{name}.html", process=found.process, lesson=found, secret=secret, **more
    )
    return page, status


@blueprint.route("/lesson-receipts/<secret>/correct", methods=["GET", "POST"])
def correct_own_lesson(secret: str) -> Page:
    """Replace what one told; the first words are forgotten."""
    found = acts.lesson_of(db.session(), secret)
    record = queries.as_record(found)
    form = prepared(LessonForm(data=typed(record, language_of(found))), found.process)
    if request.method == "GET":
        return _page("correct_own", found, secret, form=form, faults=[])
    if not form.validate():
        return _page("correct_own", found, secret, 422, form=form, faults=[])
    receipt = url_for("inputs.lesson_receipt", secret=secret)

    def do() -> str:
        acts.correct_own_lesson(db.session(), secret, form.record(record), now())
        flash(gettext("Your new words replace the first ones, which are forgotten."), "success")
        return receipt

    try:
        return send(do, again=receipt)
    except Refusal as refusal:
        web.show_refusal(form, refusal)
        return _page("correct_own", found, secret, refusal.status, form=form, faults=faults_of(refusal))


@blueprint.route("/lesson-receipts/<secret>/withdraw", methods=["GET", "POST"])
def withdraw_lesson(secret: str) -> Page:
    """Say what withdrawing does, then do it."""
    found = acts.lesson_of(db.session(), secret)
    if request.method == "GET":
        return _page("withdraw", found, secret)
    receipt = url_for("inputs.lesson_receipt", secret=secret)

    def do() -> str:
        acts.withdraw_lesson(db.session(), secret, now())
        flash(gettext("Your words were withdrawn and erased."), "success")
        return receipt

    return send(do, again=receipt)
