"""Pages of an amendment being prepared: its changes, each with its undo, then why, and what it answers."""

from collections.abc import Iterable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from charters.model import Charter as Document
from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import in_my_language
from deliberate.core.i18n import best_language, sentence
from deliberate.core.sending import Page, send
from deliberate.drafting import pending, preparing
from deliberate.drafting.amendment_views import amendment_here
from deliberate.drafting.blueprint import blueprint, charter_here, in_place, outline
from deliberate.drafting.editor import Desk
from deliberate.drafting.forms import ProposalForm
from deliberate.drafting.models import Preparation
from deliberate.drafting.rules import DRAFT, amended
from deliberate.inputs.experience.queries import lessons_by_key, lessons_of
from deliberate.inputs.queries import contributions_by_key, search
from deliberate.inputs.rules import folded
from deliberate.people.current import actor
from deliberate.process.current import require_here
from deliberate.process.models import Process

FOUND = 8
STEPS = {
    "replace": N_("Changed: %(clause)s"),
    "insert": N_("New clause: %(clause)s"),
    "move": N_("Moved: %(clause)s"),
    "strike": N_("Struck: %(clause)s"),
    "split": N_("Split: %(clause)s"),
    "join": N_("Joined with another clause: %(clause)s"),
    "confirm": N_("Translation confirmed: %(clause)s"),
    "describe": N_("Changed: the charter itself"),
}


def draft_here(slug: str, key: str) -> Preparation:
    """The amendment that the person who asks is preparing. Raises NotFound."""
    process, charter = charter_here(slug, key)
    require_here(process, "create", "amendment")
    found = pending.preparation(db.session(), charter, actor().user_id)
    if found is None:
        raise NotFound(N_("You are not preparing an amendment to this charter. Choose a clause to change."))
    return found


@blueprint.route("/processes/<slug>/drafting/<key>/preparation", methods=["GET", "POST"])
@auth_required("session")
def preparation(slug: str, key: str) -> Page:
    """What one is preparing: see it whole, undo, say why, propose."""
    _process, charter = charter_here(slug, key)
    if request.method == "POST" and pending.preparation(db.session(), charter, actor().user_id) is None:
        return send(lambda: _address(draft_here(slug, key)))  # sent twice: it became an amendment meanwhile
    draft = draft_here(slug, key)
    form = ProposalForm()
    if request.method == "GET":
        form.reason.data = draft.reason.get(best_language(draft.reason) or "", "")
        form.answers.data, form.table.data = ", ".join(draft.answers), draft.table
        return _page(draft, form)
    if request.form.get("action") == "search":
        return _page(draft, form)
    if not form.validate_on_submit():
        return _page(draft, form), 422
    try:
        return send(lambda: _propose(draft, form))
    except Refusal as refusal:
        return _page(draft_here(slug, key), web.show_refusal(form, refusal)), refusal.status


@blueprint.post("/processes/<slug>/drafting/<key>/preparation/undo")
@auth_required("session")
def undo(slug: str, key: str) -> Page:
    """Take one change back."""
    draft = draft_here(slug, key)
    index = _numbered(request.form.get("index", ""))

    def do() -> str:
        preparing.undo(db.session(), actor(), draft, index, now())
        return _address(draft)

    try:
        return send(do)
    except Refusal as refusal:
        flash(sentence(refusal.template, refusal.values), "warning")
        return _page(draft_here(slug, key), ProposalForm(formdata=None)), refusal.status


@blueprint.post("/processes/<slug>/drafting/<key>/preparation/drop")
@auth_required("session")
def drop(slug: str, key: str) -> Page:
    """Give up what one was preparing."""

    def do() -> str:
        preparing.drop(db.session(), actor(), draft_here(slug, key), now())
        return url_for("drafting.charter", slug=slug, key=key)

    return send(do)


@blueprint.post("/processes/<slug>/amendments/<key>/change")
@auth_required("session")
def begin_change(slug: str, key: str) -> Page:
    """Begin an amendment to an amendment."""
    _process, found = amendment_here(slug, key)
    return send(lambda: _address(preparing.begin_change(db.session(), actor(), found, now())))


@blueprint.post("/processes/<slug>/amendments/<key>/take-up")
@auth_required("session")
def take_up(slug: str, key: str) -> Page:
    """Prepare anew what is left of an amendment that could not follow."""
    _process, found = amendment_here(slug, key)
    return send(lambda: _address(preparing.take_up(db.session(), actor(), found, now())))


def _numbered(typed_: str) -> int:
    try:
        return typed.whole(typed_)
    except ValueError:
        return -1


def _address(draft: Preparation) -> str:
    return url_for("drafting.preparation", slug=draft.charter.process.slug, key=draft.charter.key)


def _propose(draft: Preparation, form: ProposalForm) -> str:
    slug, reason = draft.charter.process.slug, in_my_language(form.reason.data)
    found = preparing.propose_prepared(
        db.session(), actor(), draft, reason, _sources(form), now(), table=form.table.data or ""
    )
    return url_for("drafting.amendment", slug=slug, key=found.key)


def _sources(form: ProposalForm) -> list[str]:
    """The codes typed and those ticked, each once."""
    return list(dict.fromkeys([*form.sources(), *request.form.getlist("source")]))


def _page(draft: Preparation, form: ProposalForm) -> str:
    desk = Desk(draft.charter)
    chosen = _sources(form)
    process = draft.charter.process
    return render_template(
        "drafting/preparation.html",
        process=process,
        charter=draft.charter,
        draft=draft,
        form=form,
        steps=_steps(desk.base, draft.operations),
        lost=[sentence(*one) for one in draft.lost],
        shown=in_place(desk.base, desk.text),
        outline=outline(desk.text),
        searched=request.form.get("q", ""),
        chosen=chosen,
        sources=_found(process, request.form.get("q", ""), chosen),
    )


def _steps(base: Document, operations: list[dict[str, Any]]) -> list[str]:
    """Each change in a line, with the clause named as it was called when it was made."""
    lines = []
    for place, step in enumerate(operations):
        text = amended(DRAFT, operations[: place + (step["op"] == "insert")], base)
        labels = {one.id: label for one, label, _depth in outline(text)}
        named = step.get("id") or step.get("clause") or next(iter(step.get("clauses", [])), "")
        template = STEPS[step["op"]]
        lines.append(gettext(template, clause=labels.get(named, named)))
    return lines


def _found(process: Process, words: str, chosen: Iterable[str]) -> list[tuple[str, str, str]]:
    """Key, language and words of what was chosen, then of what a search found."""
    session = db.session()
    named = contributions_by_key(session, process, chosen)
    # Those that wait, or were refused, are named and not read.
    rows = [(one.key, one.language, one.text if one.state == "published" else "") for one in named.values()]
    rows += [_lesson(one) for one in lessons_by_key(session, process, chosen).values()]
    if words.strip():
        by_code = contributions_by_key(session, process, words.replace(",", " ").split())
        rows += [(one.key, one.language, one.text) for one in by_code.values() if one.state == "published"]
        rows += [
            (one.key, one.language, one.text) for one in search(session, process, words=words)[0][:FOUND]
        ]
        wanted = folded(words).split()
        told = [_lesson(one) for one in lessons_of(session, process)]
        rows += [row for row in told if all(word in folded(f"{row[0]} {row[2]}") for word in wanted)][:FOUND]
    return list({row[0]: row for row in rows}.values())


def _lesson(lesson: Any) -> tuple[str, str, str]:
    lang = best_language(lesson.title) or ""
    return lesson.key, lang, lesson.title.get(lang, "")
