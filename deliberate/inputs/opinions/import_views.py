"""Bringing a conversation in: look at what the files hold, then record it."""

from base64 import b64decode, b64encode

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint, language_choices
from deliberate.inputs.opinions.forms import ConversationForm
from deliberate.inputs.opinions.importing import (
    conversation_in,
    import_conversation,
    kept_for_later,
    unpacked,
)
from deliberate.inputs.opinions.mapping.polis import Conversation
from deliberate.inputs.rules import faults_of
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/opinions/import", methods=["GET", "POST"])
def import_polis(slug: str) -> Page:
    """Take the files of a Polis export, show what is in them and everything that is wrong, then record it."""
    process = process_here(slug)
    require_here(process, "create", "conversation")
    form = ConversationForm(language=language())
    form.language.choices = language_choices()
    if request.method == "GET":
        return _page(process, form)
    if not form.validate():
        return _page(process, form), 422
    try:
        found = conversation_in(_files(form))
        if "record" not in request.form:
            form.held.data = b64encode(kept_for_later(found)).decode()
            return _page(process, form, found)
        return send(lambda: _record(process, form, found))
    except Refusal as refusal:
        return _page(process, web.show_refusal(form, refusal), refusal=refusal), refusal.status


def _files(form: ConversationForm) -> dict[str, bytes]:
    """The files just sent, or those that the page of the preview sent back."""
    sent = [(one.filename, one.read()) for one in form.files.data or [] if one and one.filename]
    return unpacked(sent or [("held.zip", _held(form.held.data))])


def _held(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise Refusal(N_("Choose the files of the export once more: this page has lost them.")) from error


def _record(process: Process, form: ConversationForm, found: Conversation) -> str:
    kept = import_conversation(db.session(), actor(), process, found, form.language.data, now())
    said = gettext(
        "Recorded: %(statements)s statements, %(participants)s participants, %(votes)s votes. The map follows in a moment.",
        statements=kept.statements, participants=kept.participants, votes=kept.votes,
    )  # fmt: skip
    flash(said, "success")
    return url_for("inputs.opinions", slug=process.slug)


def _page(
    process: Process,
    form: ConversationForm,
    found: Conversation | None = None,
    refusal: Refusal | None = None,
) -> str:
    return render_template(
        "inputs/opinions/import.html",
        process=process,
        form=form,
        found=found,
        faults=faults_of(refusal) if refusal else [],
    )
