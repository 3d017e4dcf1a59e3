"""Pages of the tables of a session: who sits where, the form that makes them, cards to print."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.i18n import localized_text, sentence
from deliberate.core.sending import Page, send
from deliberate.deliberation import queries as hall
from deliberate.deliberation.blueprint import blueprint
from deliberate.deliberation.models import Sitting
from deliberate.deliberation.queries import members
from deliberate.deliberation.tables import queries
from deliberate.deliberation.tables.acts import Rules, TablesRefused, make_tables
from deliberate.deliberation.tables.forms import TablesForm
from deliberate.deliberation.tables.models import TablePlan
from deliberate.deliberation.tables.queries import Guest
from deliberate.panels.queries import categories
from deliberate.people.current import actor, user
from deliberate.people.models import User
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

AT_A_TABLE = 7
ROUNDS = 3


@blueprint.get("/processes/<slug>/sittings/<int:number>/tables")
@auth_required("session")
def tables(slug: str, number: int) -> Page:
    """Everyone's table in each round. Names are read by those who run the session, seat numbers by the members."""
    process = process_here(slug)
    require_here(process, "see", "amendment")
    sitting = hall.sitting(db.session(), process, number)
    return _seating("deliberation/tables.html", process, sitting)


@blueprint.get("/processes/<slug>/sittings/<int:number>/tables/cards")
@auth_required("session")
def table_cards(slug: str, number: int) -> Page:
    """A card to print for each table: who sits there in each round."""
    process = process_here(slug)
    require_here(process, "change", "session")
    sitting = hall.sitting(db.session(), process, number)
    return _seating("deliberation/table_cards.html", process, sitting)


def _seating(template: str, process: Process, sitting: Sitting) -> str:
    plan = queries.plan_of(db.session(), sitting)
    guests = queries.guests(db.session(), plan, now()) if plan else []
    named = allowed(process, "change", "session")
    me = user()
    return render_template(
        template,
        process=process,
        sitting=sitting,
        plan=plan,
        labels={one.user.id: _label(one, named, place) for place, one in enumerate(guests, start=1)},
        guests=guests,
        me=me.id if me else None,
        widened=_widened(process, plan) if plan and named else [],
        may_change=named,
    )


def _label(guest: Guest, named: bool, place: int) -> str:
    """Who someone is, for those who run the session; for members the number of a seat, as names are shown by consent."""
    name = guest.user.name or (guest.user.email if named else "")
    if guest.host:
        return name or gettext("Facilitator")
    seat = gettext("Seat %(number)s", number=guest.seat) if guest.seat else ""
    if named:
        return " · ".join(part for part in (seat, name) if part)
    return seat or gettext("Member %(number)s", number=place)


def _widened(process: Process, plan: TablePlan) -> list[dict[str, Any]]:
    """Where shares could not be kept, categories and values in the reader's words."""
    said = {
        (quota.category, quota.value): (localized_text(quota.category_label), localized_text(quota.label))
        for quotas in categories(db.session(), process).values()
        for quota in quotas
    }
    found = []
    for limit in plan.figures["widened"]:
        category, value = said.get((limit["category"], limit["value"]), ("", ""))
        found.append(
            limit | {"category": category or limit["category"], "value": value or limit["value"] or "–"}
        )
    return found


@blueprint.get("/processes/<slug>/sittings/<int:number>/tables/new")
@auth_required("session")
def new_tables(slug: str, number: int) -> Page:
    """The form that makes tables; it begins with what was asked for before."""
    process = process_here(slug)
    require_here(process, "change", "session")
    sitting = hall.sitting(db.session(), process, number)
    plan = queries.plan_of(db.session(), sitting)
    form = TablesForm(formdata=None, data=_typed_before(plan) if plan else _proposed(process))
    return _form_page(process, sitting, form)


@blueprint.post("/processes/<slug>/sittings/<int:number>/tables")
@auth_required("session")
def make(slug: str, number: int) -> Page:
    """Make the tables of a session."""
    process = process_here(slug)
    require_here(process, "change", "session")
    sitting = hall.sitting(db.session(), process, number)
    form = TablesForm()
    _offer(process, form)

    def do() -> str:
        plan = make_tables(
            db.session(), actor(), sitting, form.tables.data or 0, form.rounds.data or 0, _rules(form), now(),
            anew=bool(form.anew.data),
        )  # fmt: skip
        flash(
            gettext(
                "The tables are made: %(pairs)s pairs of people meet.",
                pairs=plan.figures["pairs"],
            ),
            "success",
        )
        return url_for("deliberation.tables", slug=slug, number=number)

    if not form.validate_on_submit():
        return _form_page(process, sitting, form), 422
    try:
        return send(do)
    except TablesRefused as refused:
        process = process_here(slug)
        sitting = hall.sitting(db.session(), process, number)
        return _form_page(process, sitting, form, refused), refused.status
    except Refusal as refusal:
        process = process_here(slug)
        sitting = hall.sitting(db.session(), process, number)
        return _form_page(process, sitting, web.show_refusal(form, refusal)), refusal.status


def _rules(form: TablesForm) -> Rules:
    return Rules(
        balance=tuple(form.balance.data or ()),
        apart=form.pairs("apart"),
        together=form.pairs("together"),
        fixed=form.places(),
        hosts=tuple(form.hosts.data or ()),
        present=bool(form.present.data),
    )


def _form_page(
    process: Process, sitting: Sitting, form: TablesForm, refused: TablesRefused | None = None
) -> str:
    _offer(process, form)
    names = _names(process)
    return render_template(
        "deliberation/new_tables.html",
        process=process,
        sitting=sitting,
        form=form,
        plan=queries.plan_of(db.session(), sitting),
        refused=refused,
        problems=[_said(problem.template, problem.values, names) for problem in refused.problems]
        if refused
        else [],
        people=len(members(db.session(), process, now())),
    )


def _said(template: str, values: Mapping[str, object], names: Mapping[str, str]) -> str:
    """A sentence of the engine, with people's names where it says their account ids."""
    told = dict(values)
    for name in ("people", "id"):
        if name in told:
            told[name] = ", ".join(names.get(one, one) for one in str(told[name]).split(", "))
    return sentence(template, told)


def _offer(process: Process, form: TablesForm) -> None:
    session = db.session()
    names = _names(process)
    form.offer(
        [(one.id, names[str(one.id)]) for one in members(session, process, now())],
        [(one.id, names[str(one.id)]) for one in queries.hosts_of(session, process, now())],
        [
            (category, localized_text(quotas[0].category_label) or category)
            for category, quotas in categories(session, process).items()
        ],
    )


def _names(process: Process) -> dict[str, str]:
    """Account id → who that is, for those who run the session."""
    session = db.session()
    numbers = queries.seat_numbers(session, process, now())
    found: dict[str, str] = {}
    everyone: list[User] = [
        *members(session, process, now()), *queries.hosts_of(session, process, now())
    ]  # fmt: skip
    for place, one in enumerate(everyone):
        guest = Guest(one, numbers.get(one.id), False, ())
        found[str(one.id)] = _label(guest, True, place)
    return found


def _proposed(process: Process) -> dict[str, Any]:
    people = len(members(db.session(), process, now()))
    return {
        "tables": max(1, round(people / AT_A_TABLE)),
        "rounds": ROUNDS,
        "balance": list(categories(db.session(), process)),
    }


def _typed_before(plan: TablePlan) -> dict[str, Any]:
    rules = plan.rules
    return {
        "tables": plan.tables,
        "rounds": plan.rounds,
        "balance": rules["balance"],
        "hosts": rules["hosts"],
        "present": rules["present"],
        "fixed": [{"one": one, "table": table} for one, table in rules["fixed"]],
        **{
            name: [{"one": one, "other": other} for one, other in rules[name]]
            for name in ("apart", "together")
        },
    }
