"""The shape of a field lesson. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from deliberate.core.errors import N_
from deliberate.inputs.rules import KEY, TEXT_LIMIT, Fault, plain_text

SDGS = range(1, 18)
TEXTS = ("title", "context", "tried", "teaches")
LISTS = ("sectors", "tags", "sources")
PLAIN = {"territory": 120, "country": 60, "level": 40, "theme": 40, "paragraph": 40}
FIELDS = ("key", "outcome", *TEXTS, *PLAIN, *LISTS, "sdg", "validation")
MOST_PARTS, PART_LIMIT = 50, 300
CHECK = ("criterion", "who", "how", "dissent")

OUTCOME_NAMES = {"worked": N_("It worked"), "failed": N_("It failed"), "mixed": N_("Mixed results")}
LEVEL_NAMES = {
    "local": N_("Local"),
    "regional": N_("Regional"),
    "national": N_("National"),
    "international": N_("International"),
}
# The seventeen goals of the United Nations (resolution 70/1, 2015) in our own short words.
GOAL_NAMES = {
    1: N_("No poverty"),
    2: N_("Enough to eat, farmed well"),
    3: N_("Health for everyone"),
    4: N_("Education for everyone"),
    5: N_("Equality of women and men"),
    6: N_("Clean water and sanitation"),
    7: N_("Clean energy that people can afford"),
    8: N_("Decent work"),
    9: N_("Industry, innovation, infrastructure"),
    10: N_("Fewer inequalities"),
    11: N_("Towns and communities that last"),
    12: N_("Responsible consumption and production"),
    13: N_("Climate"),
    14: N_("Life in the water"),
    15: N_("Life on land"),
    16: N_("Peace, justice, institutions"),
    17: N_("Partnerships"),
}
NAMES_OF_FIELDS = {
    "title": N_("Title"),
    "outcome": N_("How it ended"),
    "context": N_("The situation at the start"),
    "tried": N_("What was tried"),
    "teaches": N_("What it teaches"),
    "territory": N_("Place"),
    "country": N_("Country"),
    "level": N_("Level"),
    "theme": N_("Theme"),
    "sectors": N_("Sectors"),
    "tags": N_("Tags"),
    "sdg": N_("Sustainable development goals"),
    "sources": N_("Sources"),
    "paragraph": N_("Paragraph of the roadmap"),
}


def read_lesson(given: Mapping[str, Any], place: int) -> tuple[dict[str, Any], list[Fault]]:
    """A lesson as the table keeps it, and everything wrong with it.

    Texts (title, context, tried, teaches) are a text per language; sectors, tags and sources are lists; sdg is a list of
    numbers from 1 to 17; validation a list of checks (criterion, who, how, dissent), each a text per language.
    """
    content: dict[str, Any] = {
        "key": str(given.get("key") or ""),
        "outcome": str(given.get("outcome") or "").strip(),
    }
    content |= {name: texts(given.get(name)) for name in TEXTS}
    content |= {name: plain_text(str(given.get(name) or ""))[:limit] for name, limit in PLAIN.items()}
    content |= {name: strings(given.get(name)) for name in LISTS}
    goals = strings(given.get("sdg"))
    known = all(goal.isascii() and goal.isdigit() and len(goal) < 3 and int(goal) in SDGS for goal in goals)
    content["sdg"] = sorted({int(goal) for goal in goals}) if known else []
    checks = given.get("validation") or []
    content["validation"] = [read_check(check) for check in checks if isinstance(check, Mapping)]
    faults = [Fault(place, template, values) for template, values in _lesson_faults(content)]
    if not known:
        faults.append(Fault(place, N_("Sustainable development goals are numbers from 1 to 17."), {}))
    return content, faults


def _lesson_faults(content: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    faults: list[tuple[str, dict[str, Any]]] = []
    if content["key"] and not KEY.fullmatch(content["key"]):
        said = N_("“%(key)s” is not a short name: use small letters without accents, digits and dashes.")
        faults.append((said, {"key": content["key"][:40]}))
    if not content["title"]:
        faults.append((N_("The title is missing."), {}))
    if not content["tried"] or not content["teaches"]:
        faults.append((N_("Say what was tried and what it teaches."), {}))
    if content["outcome"] not in OUTCOME_NAMES:
        faults.append((N_("Say how it ended: worked, failed or mixed."), {}))
    if any(len(text) > TEXT_LIMIT for name in TEXTS for text in content[name].values()):
        faults.append((N_("A text is longer than %(limit)s characters."), {"limit": TEXT_LIMIT}))
    return faults


def texts(value: Any) -> dict[str, str]:
    """A text per language, without empty ones; anything else is none."""
    if not isinstance(value, Mapping):
        return {}
    return {
        str(code)[:12]: said
        for code, text in sorted(value.items())
        if text and (said := plain_text(str(text))) and str(code).isascii()
    }


def strings(value: Any) -> list[str]:
    """A list of short texts, from a list or from a text with semicolons."""
    parts = value.split(";") if isinstance(value, str) else value if isinstance(value, Sequence) else []
    return [text for part in parts if (text := plain_text(str(part))[:PART_LIMIT])][:MOST_PARTS]


def read_check(check: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """A line of the validation ledger."""
    return {name: texts(check.get(name)) for name in CHECK}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The fields in which two contents of a lesson differ, in the order of its form; the ledger is told apart."""
    return [name for name in NAMES_OF_FIELDS if before.get(name) != after.get(name)]
