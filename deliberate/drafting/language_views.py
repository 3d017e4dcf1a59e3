"""Pages on the languages of a charter, the preamble that it includes, and what it recommends to whom."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from charters.labels import COMMITTED
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import in_my_language
from deliberate.core.i18n import sentence
from deliberate.core.sending import Page, send
from deliberate.drafting import recommendations, translating
from deliberate.drafting.blueprint import blueprint, charter_here, latest_text, outline, shown_changes
from deliberate.drafting.editing import languages, open_in
from deliberate.drafting.models import Charter
from deliberate.drafting.rules import document
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here


@blueprint.route("/processes/<slug>/drafting/<key>/translations/<lang>", methods=["GET", "POST"])
@auth_required("session")
def translation(slug: str, key: str, lang: str) -> Page:
    """Two languages side by side, clause by clause; what one of them lacks is written or confirmed here."""
    process, charter = charter_here(slug, key)
    if lang not in languages(latest_text(charter)):
        raise NotFound(N_("This charter is not written in this language."))
    if request.method == "GET":
        return _translations(charter, lang)
    require_here(process, "create", "translation")

    def do() -> str:
        reason = in_my_language(request.form.get("reason"))
        found = translating.translate(
            db.session(), actor(), charter, lang, request.form.to_dict(), reason, now()
        )
        return url_for("drafting.amendment", slug=slug, key=found.key)

    try:
        return send(do)
    except Refusal as refusal:
        return _translations(charter_here(slug, key)[1], lang, refusal), refusal.status


def _translations(charter: Charter, lang: str, refusal: Refusal | None = None) -> str:
    text = latest_text(charter)
    others = [one for one in languages(text) if one != lang]
    source = request.args.get("from", "")
    rows = outline(text)
    waiting = [clause.id for clause, _label, _depth in rows if open_in(clause, lang)]
    return render_template(
        "drafting/translation.html",
        process=charter.process,
        charter=charter,
        title=text.title,
        lang=lang,
        source=source if source in others else others[0],
        languages=languages(text),
        rows=[row for row in rows if row[0].id in waiting or not request.args.get("waiting")],
        waiting=waiting,
        typed=request.form,
        problem=sentence(refusal.template, refusal.values) if refusal else None,
        may_translate=allowed(charter.process, "create", "translation"),
    )


@blueprint.route("/processes/<slug>/drafting/<key>/preamble", methods=["GET", "POST"])
@auth_required("session")
def preamble(slug: str, key: str) -> Page:
    """A newer common preamble, offered to this charter: what it would change, and a button that proposes it."""
    process, charter = charter_here(slug, key)
    if request.method == "GET":
        return _preamble(charter)
    require_here(process, "create", "amendment")

    def do() -> str:
        reason = in_my_language(request.form.get("reason"))
        found = translating.propose_preamble(db.session(), actor(), charter, reason, now())
        flash(gettext("The preamble is proposed. The panel decides on it like on any amendment."), "success")
        return url_for("drafting.amendment", slug=slug, key=found.key)

    try:
        return send(do)
    except Refusal as refusal:
        return _preamble(charter_here(slug, key)[1], refusal), refusal.status


def _preamble(charter: Charter, refusal: Refusal | None = None) -> str:
    found = translating.offer(db.session(), charter)
    newest = document(found.newest.content) if found else None
    pinned = document(found.pinned.content) if found and found.pinned else None
    return render_template(
        "drafting/preamble.html",
        process=charter.process,
        charter=charter,
        included=latest_text(charter).preamble,
        offer=found,
        shown=shown_changes(pinned, newest) if pinned and newest else [],
        newest=outline(newest) if newest and not pinned else [],
        problem=sentence(refusal.template, refusal.values) if refusal else None,
        may_propose=allowed(charter.process, "create", "amendment"),
    )


@blueprint.get("/processes/<slug>/recommendations")
def recommended(slug: str) -> Page:
    """What the charters in force recommend, by those whom it commits. Everyone may read it."""
    process = process_here(slug)
    found = recommendations.by_addressee(recommendations.recommendations(db.session(), process))
    return render_template(
        "drafting/recommendations.html", process=process, found=found, addressees=COMMITTED
    )
