"""Pages of the team before the open phase: the questions, their order, their wordings."""

from functools import partial

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.fields import CODES, both, choices, texts
from deliberate.core.sending import Page, send, send_form
from deliberate.inputs import queries
from deliberate.inputs.asking import acts, rules
from deliberate.inputs.asking.forms import QuestionForm
from deliberate.inputs.blueprint import blueprint, theme_choices
from deliberate.inputs.models import Question
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/set-up/questions", endpoint="questions", methods=["GET", "POST"])
def questions_asked(slug: str) -> Page:
    """The questions of every round, and the form that adds one."""
    process = process_here(slug)
    require_here(process, "create", "question")
    return _save_question(process, _question_form(process, QuestionForm()), None)


@blueprint.route("/processes/<slug>/set-up/questions/<key>", methods=["GET", "POST"])
def change_question(slug: str, key: str) -> Page:
    """Reword a question before its open phase."""
    process = process_here(slug)
    require_here(process, "change", "question")
    question = queries.question(db.session(), process, key)
    kept = {**both("text", question.text), "theme": question.theme, "key": key, "round": str(question.round)}
    form = QuestionForm(data={**kept, "variants": rules.variant_lines(question.variants)})
    return _save_question(process, _question_form(process, form), question)


def _question_form(process: Process, form: QuestionForm) -> QuestionForm:
    rounds = sorted({phase["round"] for phase in process.protocol.get("phases", [])})
    form.round.choices = choices([(str(number), str(number)) for number in rounds])
    form.theme.choices = theme_choices(process)
    return form


def _questions_page(process: Process, form: QuestionForm, question: Question | None = None) -> str:
    found = queries.questions_of(db.session(), process)
    used = {one.key for one in found}
    shipped = [template for template in acts.templates() if template["key"] not in used]
    return render_template(
        "inputs/asking/questions.html",
        process=process,
        form=form,
        question=question,
        questions=found,
        missing={one.key: rules.missing_languages(one.text, one.variants, CODES) for one in found},
        begun={one.round: acts.begun(process, one.round, now()) for one in found},
        shipped=shipped,
        shared_address=web.outside_address("inputs.contribute", slug=process.slug, shared=1),
    )


def _save_question(process: Process, form: QuestionForm, question: Question | None) -> Page:
    show = partial(_questions_page, process, form, question)
    return send_form(form, lambda: _record_question(process, form, question), show)


def _record_question(process: Process, form: QuestionForm, question: Question | None) -> str:
    text = texts(form, "text")
    more = {"variants": rules.read_variants(form.variants.data or ""), "theme": form.theme.data}
    if question is None:
        key, number = form.key.data.strip(), int(form.round.data)
        acts.add_question(db.session(), actor(), process, key, number, text, now(), **more)
    else:
        acts.change_question(db.session(), actor(), process, question, text, now(), **more)
    flash(gettext("The question is recorded."), "success")
    return url_for("inputs.questions", slug=process.slug)


@blueprint.post("/processes/<slug>/set-up/questions-that-ship")
def add_shipped(slug: str) -> Page:
    """Add the ticked questions that ship to a round."""
    process = process_here(slug)
    require_here(process, "create", "question")
    ticked = request.form.getlist("template")

    def do() -> str:
        for template in acts.templates():
            if template["key"] in ticked:
                acts.add_question(
                    db.session(), actor(), process, template["key"], request.form.get("round", 1, typed.whole),
                    template["text"], now(), variants=template.get("variants"),
                )  # fmt: skip
        return url_for("inputs.questions", slug=slug)

    return send(do)


@blueprint.post("/processes/<slug>/set-up/questions/<key>/move")
def move_question(slug: str, key: str) -> Page:
    """Move a question one place up or down."""
    process = process_here(slug)
    require_here(process, "change", "question")
    question = queries.question(db.session(), process, key)
    places = -1 if request.form.get("to") == "up" else 1

    def do() -> str:
        acts.move_question(db.session(), actor(), process, question, places, now())
        return url_for("inputs.questions", slug=slug, _anchor=f"question-{key}")

    return send(do)


@blueprint.route("/processes/<slug>/set-up/questions/<key>/remove", methods=["GET", "POST"])
def remove_question(slug: str, key: str) -> Page:
    """Remove a question before its open phase: first what that does, then the button."""
    process = process_here(slug)
    require_here(process, "change", "question")
    question = queries.question(db.session(), process, key)
    if request.method == "GET":
        return render_template("inputs/asking/remove.html", process=process, question=question)

    def do() -> str:
        acts.remove_question(db.session(), actor(), process, question, now())
        flash(gettext("The question is removed."), "success")
        return url_for("inputs.questions", slug=slug)

    return send(do)
