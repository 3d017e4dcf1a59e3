"""Pages of a minority: writing a statement, signing it, taking a signature back."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_security import auth_required

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import choices, in_my_language
from deliberate.core.sending import Page, send
from deliberate.drafting import minority, queries
from deliberate.drafting.blueprint import blueprint, charter_here, latest_text, outline
from deliberate.drafting.forms import StatementForm
from deliberate.drafting.models import Charter, MinorityStatement
from deliberate.people.current import actor
from deliberate.process.current import require_here


@blueprint.route("/processes/<slug>/drafting/<key>/minority", methods=["GET", "POST"])
@auth_required("session")
def state_minority(slug: str, key: str) -> Page:
    """Write a minority statement on the latest version."""
    process, found = charter_here(slug, key)
    require_here(process, "create", "minority statement")
    form = StatementForm(clause=request.args.get("clause", ""))
    places = [(one.id, label) for one, label, _depth in outline(latest_text(found))]
    form.clause.choices = choices([("", gettext("the whole charter")), *places])
    if form.validate_on_submit():
        try:
            return send(lambda: _state(found, form))
        except Refusal as refusal:
            process, found = charter_here(slug, key)
            page = render_template(
                "drafting/minority.html", process=process, charter=found, form=web.show_refusal(form, refusal)
            )
            return page, refusal.status
    page = render_template("drafting/minority.html", process=process, charter=found, form=form)
    return page, 422 if form.errors else 200


def _state(charter: Charter, form: StatementForm) -> str:
    text = in_my_language(form.text.data)
    minority.state_minority(db.session(), actor(), charter.latest, form.clause.data or None, text, now())
    return url_for("drafting.charter", slug=charter.process.slug, key=charter.key, _anchor="minority")


@blueprint.post("/processes/<slug>/drafting/<key>/minority/<int:number>/sign")
@auth_required("session")
def sign_minority(slug: str, key: str, number: int) -> Page:
    """Sign a minority statement."""
    charter, statement = _statement_here(slug, key, number)

    def do() -> str:
        count = minority.sign_minority(db.session(), actor(), statement, now())
        flash(gettext("Signatures: %(count)s.", count=count), "success")
        return url_for("drafting.charter", slug=slug, key=charter.key, _anchor="minority")

    return send(do)


@blueprint.route("/processes/<slug>/drafting/<key>/minority/<int:number>/withdraw", methods=["GET", "POST"])
@auth_required("session")
def withdraw_signature(slug: str, key: str, number: int) -> Page:
    """Take one's signature back, after a page that says what goes with it."""
    charter, statement = _statement_here(slug, key, number)
    require_here(charter.process, "support", "minority statement")
    if request.method == "GET":
        return render_template(
            "drafting/unsign.html", process=charter.process, charter=charter, statement=statement
        )

    def do() -> str:
        left = minority.withdraw_signature(db.session(), actor(), statement, now())
        if left:
            flash(ngettext("%(num)s signature is left.", "%(num)s signatures are left.", left), "success")
        else:
            flash(gettext("Nobody signs this statement any more: its words are gone."), "success")
        return url_for("drafting.charter", slug=slug, key=charter.key, _anchor="minority")

    return send(do)


def _statement_here(slug: str, key: str, number: int) -> tuple[Charter, MinorityStatement]:
    _process, charter = charter_here(slug, key)
    for one in queries.minority_statements(db.session(), charter):
        if one.number == number:
            return charter, one
    raise NotFound(N_("There is no minority statement at this address."))
