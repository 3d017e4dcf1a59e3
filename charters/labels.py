"""What clauses are called and how they are numbered: derived from position, in French and English."""

import re

from charters.model import Charter, Clause

NAMES = {
    "fr": {
        "preamble": "Préambule", "recital": "Considérant", "part": "Partie", "title": "Titre",
        "article": "Article", "paragraph": "§", "point": "Point", "commitment": "Engagement",
        "right": "Droit", "responsibility": "Responsabilité", "definition": "Définition",
        "recommendation": "Recommandation",
    },
    "en": {
        "preamble": "Preamble", "recital": "Recital", "part": "Part", "title": "Title",
        "article": "Article", "paragraph": "§", "point": "Point", "commitment": "Commitment",
        "right": "Right", "responsibility": "Responsibility", "definition": "Definition",
        "recommendation": "Recommendation",
    },
}  # fmt: skip
COMMITTED = {
    "fr": {
        "authorities": "les pouvoirs publics", "private-actors": "les acteurs privés",
        "citizens": "les citoyennes et citoyens", "all": "tous",
        "trustees": "celles et ceux qui veillent sur les générations futures",
    },
    "en": {
        "authorities": "public authorities", "private-actors": "private actors", "citizens": "citizens",
        "all": "everyone", "trustees": "the trustees of future generations",
    },
}  # fmt: skip
_KIND_OF = {name: kind for names in NAMES.values() for kind, name in names.items()}
_LABEL = re.compile(
    f"(?P<name>{'|'.join(map(re.escape, _KIND_OF))})"
    r"(?: (?:[0-9]+|[IVXLCDM]+|[a-z]+))?(?:$|(?:[ \u00a0\u202f]?[—–:]| -) (?P<heading>.*))",
    re.DOTALL,
)
_BESIDE = {"part", "title", "point", "paragraph"}


def spoken(lang: str) -> str:
    """The language, among those the engine speaks, in which to say things about a text in ``lang``."""
    return "fr" if lang.split("-", maxsplit=1)[0] == "fr" else "en"


def numbers(charter: Charter) -> dict[str, str]:
    """The number of each clause by id; a preamble has none.

    Articles, rights, commitments… count through the whole charter; parts (I, II), titles, points and
    paragraphs count among their siblings; points inside points are lettered.
    """
    found: dict[str, str] = {}
    counts: dict[tuple[str, str | None], int] = {}
    kinds = {clause.id: clause.kind for clause, _parent, _depth in charter.walk()}
    for clause, parent, _depth in charter.walk():
        if clause.kind == "preamble":
            continue
        key = (clause.kind, parent if clause.kind in _BESIDE else None)
        counts[key] = counts.get(key, 0) + 1
        inner = clause.kind == "point" and kinds.get(parent or "") == "point"
        found[clause.id] = _numeral(clause.kind, counts[key], inner)
    return found


def label(kind: str, number: str | None, lang: str) -> str:
    """ "Article 3", "Titre II", "Préambule"."""
    name = NAMES[spoken(lang)][kind]
    return f"{name} {number}" if number else name


def heading_line(clause: Clause, number: str | None, lang: str) -> str:
    """ "Article 3 — Le temps choisi", or the label alone."""
    heading = clause.heading.get(lang)
    return f"{label(clause.kind, number, lang)} — {heading}" if heading else label(clause.kind, number, lang)


def read_heading_line(line: str) -> tuple[str | None, str]:
    """The kind that a heading line names, if any, and the heading without it."""
    if match := _LABEL.fullmatch(line):
        return _KIND_OF[match["name"]], match["heading"] or ""
    return None, line


def _numeral(kind: str, number: int, inner: bool) -> str:
    if kind in {"part", "title"}:
        return _roman(number)
    return _letters(number) if inner else str(number)


def _roman(number: int) -> str:
    numeral = ""
    for value, sign in [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]:  # fmt: skip
        numeral += sign * (number // value)
        number %= value
    return numeral


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
