"""Contests of a draw: filed by anyone, answered in public, with a guarantor's remark."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_security import auth_required
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, Optional, ValidationError

from deliberate.core import mail, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.core.i18n import in_language, language, localized_text
from deliberate.core.sending import Page, send
from deliberate.panels import contests as acts
from deliberate.panels import queries
from deliberate.panels.models import Contest
from deliberate.panels.rules import final_from
from deliberate.panels.views.blueprint import blueprint, do
from deliberate.people.acts import count_attempt
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process

PER_ADDRESS = 10


class ContestForm(FlaskForm):
    """What is wrong, and why."""

    text = TextAreaField(
        _l("What is wrong, and why"),
        [DataRequired(_l("Say what is wrong, and why.")), Length(max=acts.LONGEST)],
    )
    contact = EmailField(
        _l("E-mail address for the answer"),
        [Optional(), Length(max=254), Email(_l("This does not look like an e-mail address: check it."))],
    )
    website = StringField(_l("Leave this empty"))

    def validate_website(self, field: StringField) -> None:
        """Refuse what filled the hidden field."""
        if field.data:
            raise ValidationError(gettext("Leave this field empty: it is there to keep machines out."))


@blueprint.route("/processes/<slug>/contests", methods=["GET", "POST"])
def contests(slug: str) -> Page:
    """Every contest with its answer; while the draw can be contested, the form to file one."""
    process = process_here(slug)
    form = ContestForm()
    if not form.validate_on_submit():
        return _page(process, form), 422 if form.is_submitted() else 200

    def file() -> str:
        draw = queries.current_draw(db.session(), process)
        if draw is None:
            raise Conflict(N_("No draw has been revealed yet."))
        count_attempt(db.session(), f"contest:{request.remote_addr}", PER_ADDRESS, now())
        contest = acts.file_contest(
            db.session(),
            actor(),
            draw,
            form.text.data or "",
            now(),
            language=language(),
            contact=form.contact.data or "",
        )
        flash(
            gettext("Your contest is published, under number %(number)s.", number=contest.number), "success"
        )
        return url_for("panels.contests", slug=slug, _anchor=f"contest-{contest.number}")

    try:
        return send(file)
    except Refusal as refusal:
        return _page(process, web.show_refusal(form, refusal)), refusal.status


def _page(process: Process, form: ContestForm) -> str:
    draw = queries.current_draw(db.session(), process)
    revealed = draw if draw is not None and draw.state == "revealed" else None
    rights = {name: allowed(process, name, "contest") for name in ("answer", "remark", "moderate", "restore")}
    return render_template(
        "panels/contests.html",
        process=process,
        draw=revealed,
        form=form,
        open=revealed is not None and acts.contestable(db.session(), revealed, now()),
        until=final_from(process.protocol, revealed.revealed_at)
        if revealed and revealed.revealed_at
        else None,
        may=rights,
    )


def _contest(slug: str, number: int) -> Contest:
    return acts.contest(db.session(), process_here(slug), number)


def _at(slug: str, number: int) -> str:
    return url_for("panels.contests", slug=slug, _anchor=f"contest-{number}")


@blueprint.post("/processes/<slug>/contests/<int:number>/answer")
@auth_required("session")
def answer_contest(slug: str, number: int) -> Page:
    """The organisers' public answer; it also leaves by mail where an address was given, which is then deleted."""
    contest = _contest(slug, number)

    def answer() -> None:
        contact = acts.answer_contest(db.session(), actor(), contest, request.form.get("answer", ""), now())
        if contact:
            _tell(contest, contact)

    return do(answer, _at(slug, number), N_("The answer is published."))


def _tell(contest: Contest, contact: str) -> None:
    process = contest.draw.process
    with in_language(contest.language):
        body = gettext(
            "You contested the draw of “%(title)s”. The organisers answer:\n\n%(answer)s\n\n"
            "The contest and its answer are public:\n%(address)s\n\nYour e-mail address has now been deleted.",
            title=localized_text(process.title),
            answer=contest.answer,
            address=web.outside_address("panels.contests", slug=process.slug),
        )
        mail.post(db.session(), contact, gettext("The answer to your contest"), body, now())


@blueprint.post("/processes/<slug>/contests/<int:number>/remark")
@auth_required("session")
def remark_contest(slug: str, number: int) -> Page:
    """A guarantor's remark."""
    contest = _contest(slug, number)
    return do(
        lambda: acts.remark_contest(db.session(), actor(), contest, request.form.get("remark", ""), now()),
        _at(slug, number),
        N_("Your remark is published."),
    )


@blueprint.post("/processes/<slug>/contests/<int:number>/hide")
@auth_required("session")
def hide_contest(slug: str, number: int) -> Page:
    """Take out a text that names a person."""
    contest = _contest(slug, number)
    return do(
        lambda: acts.hide_contest(db.session(), actor(), contest, request.form.get("reason", ""), now()),
        _at(slug, number),
        N_("The text is no longer public; the reason is."),
    )


@blueprint.post("/processes/<slug>/contests/<int:number>/show")
@auth_required("session")
def show_contest(slug: str, number: int) -> Page:
    """Bring a text back."""
    contest = _contest(slug, number)
    return do(
        lambda: acts.show_contest(db.session(), actor(), contest, now()),
        _at(slug, number),
        N_("The text is public again."),
    )
