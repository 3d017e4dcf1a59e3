"""A dossier as a tagged PDF (PDF/UA-1), for those who read on paper: contents, sections, and every control code."""

import json
import unicodedata
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from charters.formats.layout import paragraphs, visible
from charters.formats.typesetting import region, set_pdf
from deliberate.core.i18n import language, localdate, localized_text
from deliberate.inputs.blueprint import input_name, language_name
from deliberate.inputs.dossiers.models import Dossier
from deliberate.inputs.dossiers.reading import Reading
from deliberate.inputs.experience.rules import LEVEL_NAMES
from deliberate.inputs.synthesis.queries import rows_of
from deliberate.inputs.synthesis.rules import grid_code

Block = dict[str, Any]
EMPTY: Block = {"heading": "", "level": 1, "paragraphs": [], "quote": [], "lang": "en", "points": [], "facts": "", "codes": []}  # fmt: skip
RIGHT_TO_LEFT = ("R", "AL")


def as_pdf(reading: Reading, address: str, names: dict[str, str]) -> bytes:
    """The dossier in the reader's language. `address` is where its page stands; `names` those of the grid's codes."""
    dossier = reading.dossier
    lang = language()
    data = {
        "lang": lang.split("-")[0],
        "region": region(lang),
        "title": gettext("Dossier of round %(round)s", round=dossier.round),
        "process": visible(localized_text(dossier.process.title)),
        "settled": gettext("Settled on %(date)s.", date=localdate(dossier.settled_at)),
        "address": address,
        "digest": dossier.digest,
        "words": _words(),
        "blocks": [
            *_questions(reading),
            *_synthesis(reading, names),
            *_statements(reading),
            *_lessons(reading),
            *_contributions(reading, address),
            *_codes(reading),
        ],
    }
    return _set(json.dumps(data), dossier.settled_at.date().isoformat())


def names_of_grid(session: Session, dossier: Dossier) -> dict[str, str]:
    """The codes of the grid that a dossier's synthesis was written on, in the reader's language."""
    rows = rows_of(session, dossier.process, dossier.content["grid"])
    return {grid_code(row): localized_text(row) for row in rows}


@lru_cache(maxsize=8)
def _set(data: str, day: str) -> bytes:
    template = (files("deliberate.inputs.dossiers") / "dossier.typ").read_text("utf-8")
    return set_pdf(template, json.loads(data), day)


def _words() -> dict[str, Any]:
    return {
        "contents": gettext("Contents"),
        "description": gettext(
            "What the citizens drawn by lot work from: what people said, what was made of it, what was tried elsewhere. Nothing that came later is in it."
        ),
        "address": gettext("On line, with everything that changed since:"),
        "code": gettext("Control code (shows that nothing has changed):"),
        "code_help": gettext(
            "Words that their authors withdraw leave the page and this file; the code stays good, because it is over the codes of the words."
        ),
        "columns": [gettext("What"), gettext("Control code")],
    }


def _block(heading: str = "", level: int = 2, text: str = "", **more: Any) -> Block:
    return {**EMPTY, "heading": visible(heading), "level": level, "paragraphs": paragraphs(text), **more}


def _section(heading: str, text: str = "") -> Block:
    return _block(heading, 1, text)


def _quote(text: str | None, lang: str, address: str) -> dict[str, Any]:
    """Words as they were written; a script that the fonts cannot draw is named instead."""
    if text is None:
        return {"paragraphs": [[gettext("These words were withdrawn or taken down since.")]]}
    if any(unicodedata.bidirectional(c) in RIGHT_TO_LEFT for c in text):
        said = gettext(
            "In %(language)s, in letters that this file cannot show. To be read at %(address)s.",
            language=language_name(lang),
            address=address,
        )
        return {"paragraphs": [[said]]}
    return {"quote": paragraphs(text), "lang": lang}


def _questions(reading: Reading) -> list[Block]:
    asked = []
    for one in reading.content["questions"]:
        wordings = [localized_text(variant["text"]) for variant in one["variants"]]
        asked.append(_block(localized_text(one["text"]), points=[visible(said) for said in wordings]))
    return [_section(gettext("What was asked")), *asked]


def _synthesis(reading: Reading, names: dict[str, str]) -> list[Block]:
    covered = reading.content["coverage"]
    said = gettext(
        "%(placed)s contributions of %(total)s stand on a line.",
        placed=covered["placed"],
        total=covered["total"],
    )
    found = [_section(gettext("Synthesis"), said)]
    for code, lines in groupby(reading.content["synthesis"], lambda line: line["dimension"]):
        found.append(_block(f"{code} — {names.get(code, code)}"))
        found += [_block(localized_text(line["text"]), 3, **_line(reading, line)) for line in lines]
    return found


def _line(reading: Reading, line: dict[str, Any]) -> dict[str, Any]:
    points = []
    if line["dissent"]:
        points.append(f"{gettext('Who disagrees with this wording:')} {localized_text(line['dissent'])}")
    validation = line.get("validation", {})
    if agreed := validation.get("validated_by"):
        kinds = ", ".join(input_name(kind) for kind in agreed)
        points.append(gettext("Validated by the mixed board: %(kinds)s", kinds=kinds))
    for number, one in enumerate(validation.get("reviews", []), start=1):
        words = reading.reviews.get(f"{line['key']}/{number}")
        if words:
            points.append(f"{input_name(one['kind'])}, {input_name(one['position'])}: {words}")
    keys = ", ".join(line["contributions"])
    people = line.get("people")
    counted = [ngettext("%(num)s person", "%(num)s people", people)] if people else []
    return {
        "points": [visible(point) for point in points],
        "facts": " · ".join([line["key"], *counted, keys]),
    }


def _statements(reading: Reading) -> list[Block]:
    listed = reading.content.get("statements", [])
    if not listed:
        return []
    found = [_section(gettext("Statements and votes")), *_opinions(reading)]
    for one in listed:
        words = reading.statement(one["key"])
        said = localized_text(words) if words else gettext("These words were withdrawn or taken down since.")
        found.append(_block(text=f"{one['number']}. {said}", facts=_votes(one)))
    return found


def _votes(one: dict[str, Any]) -> str:
    if "agrees" not in one:
        return str(ngettext("%(num)s vote", "%(num)s votes", one["votes"]))
    figures = {name: one[name] for name in ("agrees", "disagrees", "passes")}
    return str(gettext("%(agrees)s agree, %(disagrees)s disagree, %(passes)s pass", **figures))


def _opinions(reading: Reading) -> list[Block]:
    """The opinion map in words."""
    found = reading.content.get("opinions")
    if not found:
        return []
    numbers = {one["number"]: one["key"] for one in reading.content["statements"]}

    def said(number: int) -> str:
        words = reading.statement(numbers.get(number, ""))
        return f"{number}. {localized_text(words)}" if words else str(number)

    groups = [
        gettext("Group %(letter)s: %(size)s people", letter=one["letter"], size=one["size"])
        for one in found["groups"]
    ]
    shared = [said(one["number"]) for one in found["shared"]]
    divides = [said(one["number"]) for one in found["divides"]]
    return [
        _block(gettext("People who voted alike"), points=groups),
        *(
            [_block(gettext("What all groups share"), points=[visible(one) for one in shared])]
            if shared
            else []
        ),
        *(
            [_block(gettext("What divides them"), points=[visible(one) for one in divides])]
            if divides
            else []
        ),
        _block(gettext("Every statement")),
    ]


def _lessons(reading: Reading) -> list[Block]:
    found = [_section(gettext("Experiences"))] if reading.content["lessons"] else []
    for listed in reading.content["lessons"]:
        one = reading.lessons.get(listed["key"])
        if one is None:
            text = gettext("These words were withdrawn or taken down since.")
            found.append(_block(listed["key"], text=text))
            continue
        where = [one["territory"], one["country"], _level(one["level"]), input_name(one["outcome"])]
        found.append(_block(localized_text(one["title"]), facts=visible(" · ".join(filter(None, where)))))
        for heading, name in (
            (gettext("The situation"), "context"),
            (gettext("What was tried"), "tried"),
            (gettext("What it teaches"), "teaches"),
        ):
            if one[name]:
                found.append(_block(heading, 3, localized_text(one[name])))
        found.append(_block(**_checked(one)))
    return found


def _level(code: str) -> str:
    return gettext(LEVEL_NAMES[code]) if code in LEVEL_NAMES else code


def _checked(lesson: dict[str, Any]) -> dict[str, Any]:
    """How a lesson was validated, by whom, with what dissent; and its sources."""
    points = []
    for check in lesson["validation"]:
        parts = [
            localized_text(check[name]) for name in ("criterion", "who", "how", "dissent") if check.get(name)
        ]
        points.append(visible(" — ".join(parts)))
    return {"points": points, "facts": visible(" ; ".join(lesson["sources"]))}


def _contributions(reading: Reading, address: str) -> list[Block]:
    home = address.rpartition("dossiers/")[0]
    found = [_section(gettext("Contributions"), gettext("In the words of those who wrote them."))]
    asked = {one["key"]: localized_text(one["text"]) for one in reading.content["questions"]}
    order = sorted(reading.content["contributions"], key=lambda one: (one["question"], one["key"]))
    for question, listed in groupby(order, lambda one: str(one["question"])):
        found.append(_block(asked.get(question, question)))
        for one in listed:
            place = f"{home}contributions/{one['key']}"
            quote = _quote(reading.words_of(one["key"]), one["language"], place)
            found.append(_block(facts=_origin(one), **quote))
    return found


def _origin(one: dict[str, Any]) -> str:
    people = [ngettext("%(num)s person", "%(num)s people", one["count"])] if one["count"] > 1 else []
    whole = [gettext("answer of a whole group")] if one.get("collective") else []
    theme = [input_name(one["theme"])] if one["theme"] else []
    return visible(" · ".join([one["key"], input_name(one["channel"]), *people, *whole, *theme]))


def _codes(reading: Reading) -> list[Block]:
    """Every item with its control code, to be compared with what stands on line."""
    content = reading.content
    rows = [
        [one["address"], one["digest"]]
        for name in ("synthesis", "statements", "lessons", "contributions")
        for one in content.get(name, [])
        if "address" in one
    ]
    if not rows:
        return []
    said = gettext("The code of each part: whoever changes one letter of it gets another code.")
    return [_section(gettext("Control codes"), said), _block(codes=rows)]
