"""The organisers' and guarantors' pages of the pool: list, paper forms, import, corrections, signature."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.sending import Page, send
from deliberate.panels import households, imports, queries, recruitment, signatures
from deliberate.panels.erasure import erase_registrant
from deliberate.panels.forms import ContactForm, CorrectionForm, ReasonForm, filled_in, with_answers
from deliberate.panels.models import Registrant
from deliberate.panels.views.blueprint import blueprint, do
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

PER_PAGE = 50


@blueprint.get("/processes/<slug>/pool")
@auth_required("session")
def pool(slug: str) -> str:
    """Who volunteered (names for organisers alone), how many of each group, and the guarantor's signature."""
    process = process_here(slug)
    require_here(process, "see", "pool")
    may_change = allowed(process, "change", "pool")
    # A guarantor does not see names, so does not search them either.
    words = request.args.get("q", "").strip() if may_change else ""
    page = max(1, request.args.get("page", 1, type=typed.whole))
    digest = queries.digest_of_pool(db.session(), process)
    found, total = queries.volunteers(db.session(), process, words, page, PER_PAGE)
    return render_template(
        "panels/pool.html",
        process=process,
        volunteers=found,
        total=total,
        page=page,
        pages=-(-total // PER_PAGE),
        words=words,
        people=queries.pool_size(db.session(), process),
        counts=queries.pool_counts(db.session(), process),
        categories=queries.categories(db.session(), process),
        digest=digest,
        signed=signatures.signature_state(db.session(), process, digest),
        may_change=may_change,
        may_sign=allowed(process, "sign", "pool"),
        living=households.living(db.session(), process),
    )


@blueprint.post("/processes/<slug>/pool/sign")
@auth_required("session")
def sign_pool(slug: str) -> Page:
    """A guarantor signs the pool that they were shown."""
    process = process_here(slug)
    return do(
        lambda: imports.sign_pool(db.session(), actor(), process, now(), request.form.get("digest", "")),
        url_for("panels.pool", slug=slug),
        N_("You have signed the pool as it is now; its control code is in the public journal."),
    )


@blueprint.route("/processes/<slug>/pool/add", methods=["GET", "POST"])
@auth_required("session")
def add(slug: str) -> Page:
    """Type a registration received on paper."""
    process = process_here(slug)
    require_here(process, "create", "pool")
    form = with_answers(CorrectionForm, queries.categories(db.session(), process))()
    status = 200
    if form.validate_on_submit():
        if (before := web.once(db.session(), now())) is not None:
            return redirect(before)
        try:
            registrant, secret = recruitment.register(
                db.session(),
                actor(),
                process,
                form.values,
                form.contact,
                now(),
                source="paper",
                reason=form.reason.data or "",
            )
            web.once_done(db.session(), url_for("panels.add", slug=slug))
            db.session.commit()
            return _receipt_letter(process, registrant, secret)
        except Refusal as refusal:
            db.session.rollback()
            form, status = web.show_refusal(form, refusal), refusal.status
    elif form.is_submitted():
        status = 422
    signed = queries.last_signature(db.session(), process) is not None
    return render_template(
        "panels/add.html", process=process, form=form, registrant=None, signed=signed
    ), status


@blueprint.route("/processes/<slug>/pool/<pseudonym>", methods=["GET", "POST"])
@auth_required("session")
def volunteer(slug: str, pseudonym: str) -> Page:
    """One volunteer: correct their answers, or take them out, each with a reason."""
    process = process_here(slug)
    require_here(process, "change", "pool")
    registrant = queries.registrant(db.session(), process, pseudonym)
    categories = queries.categories(db.session(), process)
    form = with_answers(CorrectionForm, categories)(data=filled_in(registrant, list(categories)))

    def do() -> str:
        recruitment.correct_registrant(
            db.session(), actor(), registrant, form.values, form.contact, form.reason.data or "", now()
        )
        flash(gettext("The correction is recorded, with its reason."), "success")
        return url_for("panels.pool", slug=slug)

    if not form.validate_on_submit():
        return _volunteer_page(process, registrant, form), 422 if form.is_submitted() else 200
    try:
        return send(do)
    except Refusal as refusal:
        return _volunteer_page(process, registrant, web.show_refusal(form, refusal)), refusal.status


def _volunteer_page(process: Process, registrant: Registrant, form: ContactForm) -> str:
    return render_template(
        "panels/add.html", process=process, form=form, registrant=registrant, reason=ReasonForm(), signed=True
    )


@blueprint.post("/processes/<slug>/pool/<pseudonym>/remove")
@auth_required("session")
def remove(slug: str, pseudonym: str) -> Page:
    """Take a volunteer out of the pool, with a reason."""
    process = process_here(slug)
    registrant = queries.registrant(db.session(), process, pseudonym)
    reason = request.form.get("reason", "")
    return do(
        lambda: recruitment.remove_registrant(db.session(), actor(), registrant, reason, now()),
        url_for("panels.volunteer", slug=slug, pseudonym=pseudonym),
        N_("This person is no longer in the pool; the reason is in the public journal."),
    )


@blueprint.post("/processes/<slug>/pool/<pseudonym>/erase")
@auth_required("session")
def erase_volunteer(slug: str, pseudonym: str) -> Page:
    """Delete what is held about a volunteer who asked for it."""
    process = process_here(slug)
    registrant = queries.registrant(db.session(), process, pseudonym)
    return do(
        lambda: erase_registrant(db.session(), actor(), registrant, now()),
        url_for("panels.pool", slug=slug),
        N_("What was held about this person is deleted."),
    )


@blueprint.post("/processes/<slug>/pool/<pseudonym>/letter")
@auth_required("session")
def letter(slug: str, pseudonym: str) -> Page:
    """A new link to a volunteer's own page, on a letter to print."""
    process = process_here(slug)
    registrant = queries.registrant(db.session(), process, pseudonym)
    secret = recruitment.invite_to_receipt(db.session(), actor(), registrant, now())
    db.session.commit()
    return _receipt_letter(process, registrant, secret)


def _receipt_letter(process: Process, registrant: Registrant, secret: str) -> str:
    address = web.outside_address("panels.receipt", slug=process.slug, secret=secret)
    return render_template(
        "panels/letters.html", process=process, letters=[(registrant, None, address, None)], kind="receipt"
    )
