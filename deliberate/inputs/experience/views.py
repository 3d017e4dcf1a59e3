"""Pages of the experience bank."""

from collections.abc import Iterable
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext, ngettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint, language_choices, theme_choices
from deliberate.inputs.experience import acts, queries, rules
from deliberate.inputs.experience.forms import CheckForm, LessonForm
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.forms import FileForm
from deliberate.inputs.rules import faults_of, folded
from deliberate.inputs.uploads import read_upload
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

FILTERS = ("theme", "level", "outcome", "territory", "sdg")


@blueprint.get("/processes/<slug>/lessons", endpoint="lessons")
def bank(slug: str) -> Page:
    """Every public lesson: search and filters."""
    process = process_here(slug)
    every = queries.lessons_of(db.session(), process)
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    words = request.args.get("words", "").strip()
    return render_template(
        "inputs/lessons.html",
        process=process,
        lessons=[one for one in every if _matches(one, asked, words)],
        total=len(every),
        asked={**asked, "words": words},
        levels=rules.LEVELS,
        outcomes=rules.OUTCOMES,
        themes=_used(one.theme for one in every),
        territories=_used(one.territory for one in every),
        goals=sorted({goal for one in every for goal in one.sdg}),
        may_tell=allowed(process, "create", "lesson"),
    )


def _used(values: Iterable[str]) -> list[str]:
    return sorted({value for value in values if value})


def _matches(lesson: Lesson, asked: dict[str, str], words: str) -> bool:
    plain = all(getattr(lesson, name) == value for name, value in asked.items() if value and name != "sdg")
    goal = not asked["sdg"] or asked["sdg"] in [str(number) for number in lesson.sdg]
    parts: list[Any] = [lesson.territory, lesson.country, *lesson.sectors, *lesson.tags]
    parts += [text for name in rules.TEXTS for text in getattr(lesson, name).values()]
    held = folded(" ".join(parts))
    return plain and goal and all(word in held for word in folded(words).split())


@blueprint.get("/processes/<slug>/lessons/<key>")
def lesson(slug: str, key: str) -> Page:
    """One lesson, with the ledger of how it was validated."""
    process = process_here(slug)
    found = _readable(process, key)
    return render_template("inputs/lesson.html", process=process, lesson=found, form=_check_form(process))


def _readable(process: Process, key: str) -> Lesson:
    found = queries.lesson(db.session(), process, key)
    if found.state != "published" and not allowed(process, "moderate", "lesson"):
        raise NotFound(N_("There is no lesson at this address."))
    return found


def _check_form(process: Process) -> CheckForm | None:
    if not allowed(process, "moderate", "lesson"):
        return None
    form = CheckForm(language=language())
    form.language.choices = language_choices()
    return form


@blueprint.post("/processes/<slug>/lessons/<key>")
def validate_lesson(slug: str, key: str) -> Page:
    """Add a line to the ledger."""
    process = process_here(slug)
    require_here(process, "moderate", "lesson")
    found, form = _readable(process, key), _check_form(process)
    if form is None or not form.validate():
        return render_template("inputs/lesson.html", process=process, lesson=found, form=form), 422
    check = form.check()

    def do() -> str:
        acts.validate_lesson(db.session(), actor(), process, found, check, now())
        return url_for("inputs.lesson", slug=slug, key=key)

    return send(do)


@blueprint.route("/processes/<slug>/lessons/new", methods=["GET", "POST"])
def tell_lesson(slug: str) -> Page:
    """Tell a lesson."""
    process = process_here(slug)
    form = LessonForm(language=language())
    form.language.choices = language_choices()
    form.theme.choices = theme_choices(process)
    if request.method == "GET":
        require_here(process, "create", "lesson")
        return render_template("inputs/tell_lesson.html", process=process, form=form, faults=[])
    if not form.validate():
        return render_template("inputs/tell_lesson.html", process=process, form=form, faults=[]), 422
    try:
        return send(lambda: _tell(process, form))
    except Refusal as refusal:
        return _refused("inputs/tell_lesson.html", process, form, refusal)


def _tell(process: Process, form: LessonForm) -> str:
    told = acts.add_lesson(db.session(), actor(), process, form.record(), now())
    if told.state == "waiting":
        flash(gettext("Thank you. It will be public once it has been read."), "success")
        return url_for("inputs.lessons", slug=process.slug)
    flash(gettext("Thank you. It is public now."), "success")
    return url_for("inputs.lesson", slug=process.slug, key=told.key)


def _refused(template: str, process: Process, form: LessonForm | FileForm, refusal: Refusal) -> Page:
    web.show_refusal(form, refusal)
    page = render_template(template, process=process, form=form, faults=faults_of(refusal))
    return page, refusal.status


@blueprint.route("/processes/<slug>/lessons/import", methods=["GET", "POST"])
def import_lessons(slug: str) -> Page:
    """Bring many lessons in, as JSON or CSV: all of them or none."""
    process = process_here(slug)
    require_here(process, "moderate", "lesson")
    form = FileForm()
    if request.method == "GET":
        return render_template("inputs/import_lessons.html", process=process, form=form, faults=[])
    form.content.data = read_upload(form.file.data) or form.content.data

    def do() -> str:
        told = acts.import_lessons(db.session(), actor(), process, form.content.data or "", now())
        flash(ngettext("%(num)s lesson is recorded.", "%(num)s lessons are recorded.", len(told)), "success")
        return url_for("inputs.lessons", slug=slug)

    try:
        return send(do)
    except Refusal as refusal:
        return _refused("inputs/import_lessons.html", process, form, refusal)


@blueprint.get("/processes/<slug>/lessons.<form>")
def export_lessons(slug: str, form: str) -> Response:
    """Every public lesson as JSON or CSV."""
    process = process_here(slug)
    kinds = {"json": (acts.export_json, "application/json"), "csv": (acts.export_csv, "text/csv")}
    if form not in kinds:
        raise NotFound(N_("Lessons can be downloaded as JSON or as CSV."))
    export, mimetype = kinds[form]
    return web.file(export(db.session(), process), mimetype, f"{process.slug}-lessons.{form}")
