"""The instruments that clauses lean on: what each is in words, and where it stands. Pure; no network.

Known are treaties of the Council of Europe (`ETS 5`) and its recommendations (`CM/Rec(2014)1`), acts of European law by
their CELEX number, the United Nations' sustainable development goals and targets (`SDG 8.5`), and other charters of the
same process (`charter time`, `charter time t1`). Names are our own words (`instruments.csv`). What is not known is shown
as it was given, without a link.
"""

import csv
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from urllib.parse import quote

LANGUAGES = ("en", "fr")
TREATY = re.compile(r"(?:C?ETS|STC?E)(?: n[o°])? ?(\d{1,3})", re.IGNORECASE)
GOAL = re.compile(r"(?:SDG|ODD) ?(\d{1,2})(?:\.(\d{1,2}|[a-d]))?", re.IGNORECASE)
ACT = re.compile(r"CELEX[ :]?([0-9A-Z][0-9A-Z/()._-]{4,39})", re.IGNORECASE)
RECOMMENDATION = re.compile(r"CM/Rec ?\((\d{4})\) ?(\d{1,3})", re.IGNORECASE)
CHARTER = re.compile(
    r"(?:charter|charte)[ :]([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:[ #]([A-Za-z0-9][A-Za-z0-9._-]{0,63}))?"
)
GOALS = 17
FAMILIES = ("charter", "treaty", "recommendation", "act", "goal", "other")


@dataclass(frozen=True)
class Instrument:
    """`code` as it is cited; `family` is one of FAMILIES; `name` per language, empty where we have no words for it.

    `address` is the official page per language; for a charter of the process, `charter` and `clause` name the place.
    """

    code: str
    family: str
    name: Mapping[str, str] = field(default_factory=dict)
    address: Mapping[str, str] = field(default_factory=dict)
    charter: str = ""
    clause: str = ""
    rank: tuple[int, int, str] = (0, 0, "")

    @property
    def anchor(self) -> str:
        """Its place on the page of references, as an id."""
        plain = re.sub(r"[^a-z0-9]+", "-", self.code.lower()).strip("-")
        mark = f"-{zlib.crc32(self.code.encode()):08x}" if self.family == "other" else ""
        return f"ref-{plain}{mark}"


def instrument(reference: str) -> Instrument:
    """What a reference names; references that name the same thing in other ways give equal codes."""
    for pattern, read in READERS:
        if found := pattern.fullmatch(reference.strip()):
            return read(*(part or "" for part in found.groups()))
    return Instrument(reference, "other", rank=(0, 0, reference))


def _treaty(number: str) -> Instrument:
    code = f"ETS {int(number)}"
    place = f"web/conventions/full-list?module=treaty-detail&treatynum={int(number):03}"
    address = {lang: f"https://www.coe.int/{lang}/{place}" for lang in LANGUAGES}
    return Instrument(code, "treaty", names().get(code, {}), address, rank=(int(number), 0, ""))


def _recommendation(year: str, number: str) -> Instrument:
    code = f"CM/Rec({year}){int(number)}"
    return Instrument(code, "recommendation", names().get(code, {}), rank=(int(year), int(number), ""))


def _act(number: str) -> Instrument:
    celex = number.upper()
    code = f"CELEX {celex}"
    place = f"TXT/?uri=CELEX:{quote(celex, safe='/()')}"
    address = {lang: f"https://eur-lex.europa.eu/legal-content/{lang.upper()}/{place}" for lang in LANGUAGES}
    return Instrument(code, "act", names().get(code, {}), address, rank=(0, 0, celex))


def _goal(goal: str, target: str) -> Instrument:
    number = int(goal)
    code = f"SDG {number}.{target.lower()}" if target else f"SDG {number}"
    name = names().get(code) or names().get(f"SDG {number}", {})
    known = 1 <= number <= GOALS
    address = {lang: f"https://sdgs.un.org/goals/goal{number}" for lang in LANGUAGES if known}
    within = int(target) if target.isdigit() else ord(target.lower()) if target else 0
    return Instrument(code, "goal", name, address, rank=(number, within, ""))


def _charter(key: str, clause: str) -> Instrument:
    return Instrument(
        f"charter {key} {clause}".strip(),
        "charter",
        charter=key,
        clause=clause,
        rank=(0, 0, f"{key} {clause}"),
    )


READERS = (
    (TREATY, _treaty),
    (GOAL, _goal),
    (ACT, _act),
    (RECOMMENDATION, _recommendation),
    (CHARTER, _charter),
)


@cache
def names() -> dict[str, dict[str, str]]:
    """Code → its name per language, as `instruments.csv` has it."""
    text = (files("deliberate.publication") / "instruments.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: {lang: row[lang] for lang in LANGUAGES} for row in rows}
