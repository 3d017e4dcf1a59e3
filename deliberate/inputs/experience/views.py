"""Pages of the experience bank: searching it, reading a lesson, checking it, telling and correcting one."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import choices
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint, input_name, language_choices, page_asked, theme_choices
from deliberate.inputs.contributing.rules import network
from deliberate.inputs.experience import acts, files, queries, rules
from deliberate.inputs.experience.facets import FILTERS, SORTS
from deliberate.inputs.experience.forms import CheckForm, CorrectionForm, LessonForm, typed
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.forms import refuse_program
from deliberate.inputs.rules import LANGUAGES, faults_of, new_receipt
from deliberate.inputs.similarity import similar
from deliberate.people.acts import count_attempt
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

TOLD_PER_ADDRESS = 60
MOST_ALIKE = 5
FILTER_NAMES = {
    "theme": N_("Theme"),
    "level": N_("Level"),
    "outcome": N_("How it ended"),
    "country": N_("Country"),
    "territory": N_("Place"),
    "sdg": N_("Development goal"),
    "sector": N_("Sector"),
}
SORT_NAMES = {"best": N_("Best match first"), "newest": N_("Newest first"), "title": N_("By title")}


@blueprint.get("/processes/<slug>/lessons", endpoint="lessons")
def bank(slug: str) -> Page:
    """The public lessons: words, filters that combine, and how many each would leave."""
    process = process_here(slug)
    asked = {name: request.args.get(name, "").strip()[:120] for name in FILTERS}
    words = request.args.get("words", "").strip()[:200]
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else "best" if words else "newest"
    shelf = queries.shelf(db.session(), process, asked, words, sort, page_asked(), language())
    used = {name: value for name, value in asked.items() if value}
    return render_template(
        "inputs/experience/lessons.html",
        process=process,
        shelf=shelf,
        page=page_asked(),
        pages=ceil(shelf.total / queries.PER_PAGE),
        asked=asked,
        words=words,
        used=used,
        sort=sort,
        address={**used, **({"words": words} if words else {}), "sort": sort},
        filters=FILTER_NAMES,
        sorts=SORT_NAMES,
        said=_said,
        without=_without,
        may_tell=allowed(process, "create", "lesson"),
        may_import=allowed(process, "moderate", "lesson"),
    )


def _said(name: str, value: str) -> str:
    """A value of a filter in the reader's words."""
    if name == "sdg":
        goal = rules.GOAL_NAMES.get(int(value)) if value.isdecimal() and len(value) < 3 else None
        return f"{value}. {gettext(goal)}" if goal else value
    return value if name in ("country", "territory", "sector") else input_name(value)


def _without(address: Mapping[str, str], name: str) -> dict[str, str]:
    return {other: value for other, value in address.items() if other != name}


@blueprint.get("/processes/<slug>/lessons/<key>")
def lesson(slug: str, key: str) -> Page:
    """One lesson, with the ledger of how it was validated, and what it said before."""
    process = process_here(slug)
    return lesson_page(process, readable(process, key), _check_form(process))


def lesson_page(process: Process, found: Lesson, form: CheckForm | None, status: int = 200) -> Page:
    """The page of a lesson; `form` is for whoever may check it."""
    record = queries.as_record(found)
    contents = [*(one.content for one in found.versions), record]
    history = [
        (one, rules.changed(one.content, after))
        for one, after in zip(found.versions, contents[1:], strict=True)
    ]
    page = render_template(
        "inputs/experience/lesson.html",
        process=process,
        lesson=found,
        form=form,
        history=history[::-1],
        fields=rules.NAMES_OF_FIELDS,
        goals=rules.GOAL_NAMES,
        languages=sorted({code for name in rules.TEXTS for code in getattr(found, name)}),
    )
    return page, status


def readable(process: Process, key: str) -> Lesson:
    """A lesson that the reader may see. Raises NotFound."""
    found = queries.lesson(db.session(), process, key)
    if found.state == "waiting" and not allowed(process, "moderate", "lesson"):
        raise NotFound(N_("There is no experience at this address."))
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
    found, form = readable(process, key), _check_form(process)
    if form is None or not form.validate():
        return lesson_page(process, found, form, 422)
    check = form.check()

    def do() -> str:
        acts.validate_lesson(db.session(), actor(), process, found, check, now())
        flash(gettext("The check is in the ledger."), "success")
        return url_for("inputs.lesson", slug=slug, key=key)

    return send(do)


def prepared(form: LessonForm, process: Process) -> LessonForm:
    """A form with the languages, themes and goals to choose from."""
    form.language.choices = language_choices()
    form.sdg.choices = choices((str(number), _said("sdg", str(number))) for number in rules.SDGS)
    form.theme.choices = theme_choices(process)
    return form


@blueprint.route("/processes/<slug>/lessons/new", methods=["GET", "POST"])
def tell_lesson(slug: str) -> Page:
    """Tell a lesson; those that say nearly the same are shown before it is sent."""
    process = process_here(slug)
    form = prepared(LessonForm(language=language()), process)
    if request.method == "GET":
        require_here(process, "create", "lesson")
        return _telling(process, form)
    if not form.validate():
        return _telling(process, form, status=422)
    alike = [] if request.form.get("seen") else _alike(process, form.record())
    if alike:
        return _telling(process, form, alike=alike)
    try:
        secret = new_receipt()
        return send(lambda: _tell(process, form, secret), again=url_for("inputs.lessons", slug=slug))
    except Refusal as refusal:
        web.show_refusal(form, refusal)
        return _telling(process, form, faults=faults_of(refusal), status=refusal.status)


def _telling(process: Process, form: LessonForm, *, status: int = 200, **more: Any) -> Page:
    return render_template(
        "inputs/experience/tell.html", process=process, form=form, **{"faults": [], "alike": [], **more}
    ), status


def _alike(process: Process, record: Mapping[str, Any]) -> list[Lesson]:
    """The public lessons in nearly the same words, for whoever tells one to read first."""
    told = {one.key: one for one in queries.lessons_of(db.session(), process)}
    texts = {key: _whole(queries.as_record(one)) for key, one in told.items()}
    return [told[key] for key, _share in similar(_whole(record), texts, most=MOST_ALIKE)]


def _whole(record: Mapping[str, Any]) -> str:
    return "\n".join(text for name in ("title", "tried", "teaches") for text in record[name].values())


def _tell(process: Process, form: LessonForm, secret: str) -> str:
    refuse_program(form)
    trusted = allowed(process, "moderate", "lesson")
    if not trusted:
        count_attempt(db.session(), f"lesson:{network(request.remote_addr or '')}", TOLD_PER_ADDRESS, now())
    told = acts.add_lesson(
        db.session(), actor(), process, form.record(), now(), secret="" if trusted else secret
    )
    if trusted:
        flash(gettext("It is recorded, and public."), "success")
        return url_for("inputs.lesson", slug=process.slug, key=told.key)
    flash(
        gettext("Thank you. Your experience was received. Keep this page’s address: it is your receipt."),
        "success",
    )
    return url_for("inputs.lesson_receipt", secret=secret)


@blueprint.route("/processes/<slug>/lessons/<key>/correct", methods=["GET", "POST"])
def correct_lesson(slug: str, key: str) -> Page:
    """Correct a lesson, or say it in another language; what it said before stays readable."""
    process = process_here(slug)
    require_here(process, "moderate", "lesson")
    found = readable(process, key)
    record = queries.as_record(found)
    asked = request.args.get("language", "")
    code = asked if asked in LANGUAGES else language_of(found)
    form = prepared(CorrectionForm(data=typed(record, code)), process)
    if request.method == "GET":
        return _correcting(process, found, form)
    if not form.validate():
        return _correcting(process, found, form, status=422)

    def do() -> str:
        acts.correct_lesson(
            db.session(), actor(), process, found, form.record(record), form.reason.data, now()
        )
        flash(gettext("It is corrected. What it said before can be read at the foot of its page."), "success")
        return url_for("inputs.lesson", slug=slug, key=key)

    try:
        return send(do)
    except Refusal as refusal:
        web.show_refusal(form, refusal)
        return _correcting(process, found, form, faults=faults_of(refusal), status=refusal.status)


def language_of(found: Lesson) -> str:
    """The reader's language where the lesson is told in it, else the first one it is told in."""
    told = sorted(found.title)
    return language() if language() in told or not told else told[0]


def _correcting(
    process: Process, found: Lesson, form: CorrectionForm, *, status: int = 200, **more: Any
) -> Page:
    page = render_template(
        "inputs/experience/correct.html", process=process, lesson=found, form=form, **{"faults": [], **more}
    )
    return page, status


@blueprint.get("/processes/<slug>/lessons.<form>")
def export_lessons(slug: str, form: str) -> Response:
    """Every public lesson as JSON, CSV or a workbook."""
    process = process_here(slug)
    records = [queries.as_record(one) for one in queries.lessons_of(db.session(), process)]
    return _file(form, records, f"{process.slug}-lessons")


@blueprint.get("/processes/<slug>/lessons/example.<form>")
def example_lessons(slug: str, form: str) -> Response:
    """A file to begin from, with a made-up lesson in it."""
    process_here(slug)
    return _file(form, [files.EXAMPLE], "lessons-example")


def _file(form: str, records: list[Any], name: str) -> Response:
    if form not in files.FORMS:
        raise NotFound(N_("Experiences can be downloaded as JSON, as CSV or as an Excel workbook (.xlsx)."))
    write, mimetype = files.FORMS[form]
    return web.file(write(records), mimetype, f"{name}.{form}")
