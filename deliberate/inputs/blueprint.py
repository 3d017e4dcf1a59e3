"""The blueprint that every page of the open input hangs on, and what its pages share."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Blueprint, request, session
from flask_babel import get_locale, gettext
from wtforms.fields import SelectChoice

from deliberate.core import typed
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.fields import choices
from deliberate.core.i18n import sentence
from deliberate.inputs import rules
from deliberate.inputs.experience.rules import LEVEL_NAMES, OUTCOME_NAMES
from deliberate.inputs.moderating.rules import DECISION_NAMES, RULE_NAMES
from deliberate.inputs.synthesis.rules import KIND_NAMES, POSITION_NAMES
from deliberate.people.current import actor
from deliberate.process.models import Process
from deliberate.process.queries import roles_of

blueprint = Blueprint("inputs", __name__)


THEME_NAMES = {
    "time": N_("Time"),
    "commons": N_("Commons"),
    "democracy": N_("Democracy"),
    "knowledge": N_("Knowledge"),
    "rights": N_("Rights and responsibilities"),
    "income": N_("Universal income"),
    "migration": N_("Migration"),
}


NAMES: tuple[Mapping[str, str], ...] = (
    THEME_NAMES,
    rules.CHANNEL_NAMES,
    rules.OUTCOME_NAMES,
    rules.CATEGORY_NAMES,
    rules.STATE_NAMES,
    rules.AGE_NAMES,
    rules.GENDER_NAMES,
    OUTCOME_NAMES,
    LEVEL_NAMES,
    RULE_NAMES,
    DECISION_NAMES,
    KIND_NAMES,
    POSITION_NAMES,
)


@blueprint.app_template_filter("input_name")
def input_name(value: str) -> str:
    """A code in the reader's words: a theme, a channel, an outcome, a category; other words as they are."""
    found = next((names[value] for names in NAMES if value in names), None)
    return gettext(found) if found else value


@blueprint.app_template_filter("language_in_words")
def language_name(code: str) -> str:
    """A language in the reader's language."""
    try:
        return str(Locale.parse(code).get_display_name(get_locale()) or code)
    except (UnknownLocaleError, ValueError):
        return code


def language_choices() -> list[SelectChoice]:
    """The languages in which someone may write, in the reader's language."""
    return choices((code, language_name(code)) for code in rules.LANGUAGES)


@blueprint.app_template_filter("fault")
def fault_in_words(fault: rules.Fault) -> str:
    """What is wrong in something sent in bulk, in the reader's language."""
    return sentence(fault.template, fault.values)


def mark(process: Process, number: int) -> str:
    """The name under which this browser remembers having answered a question of a round."""
    return f"answered:{process.slug}:{number}"


def collecting(process: Process, number: int) -> bool:
    """Whether answers to the questions of a round are being collected."""
    phase = process.phase(now())
    return phase is not None and phase.kind == "open" and phase.round == number


def hidden_round(process: Process) -> int | None:
    """The round whose answers this reader does not see yet: everyone answers alone before reading the others.

    Nothing is hidden once the phase has closed, from the team, or where the protocol says `answers_visible`.
    """
    number = process.round(now())
    if not collecting(process, number) or process.protocol.get("answers_visible"):
        return None
    if session.get(mark(process, number)) or roles_of(db.session(), actor(), process, now()):
        return None
    return number


@blueprint.app_template_global("takes_part_now")
def takes_part_now(process: Process) -> bool:
    """Whether an open phase is under way, so that whoever reads can answer and vote."""
    return collecting(process, process.round(now()))


@blueprint.app_template_global("rounds_begun")
def rounds_begun(process: Process) -> list[int]:
    """The rounds of which there may be anything to read: those that began, and the one that comes first."""
    return [number for number in process.rounds if number <= process.round(now())]


def text_asked(name: str) -> str:
    """What the address asks for under a name, without spaces around it."""
    return request.args.get(name, "").strip()[:200]


def filled_in(asked: Any) -> dict[str, Any]:
    """The fields of a dataclass that say something: what a list is narrowed to, as the values of its address."""
    return {name: value for name, value in asdict(asked).items() if value}


def page_asked() -> int:
    """The page of a list that the address asks for, from 1."""
    return max(1, request.args.get("page", 1, typed.whole))


def round_asked(process: Process) -> int:
    """The round that the address names, else the present one. Raises NotFound for one that the protocol lacks."""
    present = process.round(now())
    number = request.values.get("round", present, typed.whole)
    if number not in (present, *process.rounds):
        raise NotFound(N_("The protocol has no round %(round)s."), round=number)
    return number


def theme_choices(process: Process) -> list[Any]:
    """The themes of a process for a list, with none in particular first."""
    return choices(
        [("", gettext("No theme in particular")), *((theme, input_name(theme)) for theme in process.themes)]
    )
