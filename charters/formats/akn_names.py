"""Names of Akoma Ntoso: elements for kinds of clause, ids from position, addresses of works.

Source: Akoma Ntoso Naming Convention 1.0 (OASIS, 2019), sections 4 (addresses) and 5 (eId).
"""

from collections import Counter

from charters.files.markdown_writing import HELD_BY_PREAMBLE
from charters.labels import numbers
from charters.model import Charter, Clause
from charters.version import Version

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
ELEMENTS = {"part", "title", "article", "paragraph", "point"}  # kinds that have an element of their own
COUNTRY = "zz"  # no country: the code that ISO 3166 leaves to its users, and CLDR to "unknown region"
_SHORT = {"article": "art", "paragraph": "para"}
_LANGUAGES = {
    "ar": "ara", "bg": "bul", "br": "bre", "ca": "cat", "co": "cos", "cs": "ces", "da": "dan", "de": "deu",
    "el": "ell", "en": "eng", "es": "spa", "et": "est", "eu": "eus", "fi": "fin", "fr": "fra", "ga": "gle",
    "gl": "glg", "he": "heb", "hr": "hrv", "hu": "hun", "is": "isl", "it": "ita", "ja": "jpn", "lb": "ltz",
    "lt": "lit", "lv": "lav", "mt": "mlt", "nl": "nld", "no": "nor", "oc": "oci", "pl": "pol", "pt": "por",
    "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp", "sv": "swe", "tr": "tur",
    "uk": "ukr", "zh": "zho",
}  # fmt: skip


def element_of(clause: Clause) -> tuple[str, dict[str, str]]:
    """The element for a clause, and the name it needs where it is a general one."""
    if clause.kind in ELEMENTS:
        return clause.kind, {}
    return "hcontainer", {"name": clause.kind}


def leading_preamble(charter: Charter) -> Clause | None:
    """The first clause, if it is one that Akoma Ntoso's ``preamble`` can hold with all below it."""
    first = charter.clauses[0] if charter.clauses else None
    return first if first and first.kind == "preamble" and all(map(_in_preamble, first.clauses)) else None


def element_ids(charter: Charter) -> dict[str, str]:
    """The eId of each clause by its id.

    Articles count through the whole charter, so that theirs needs nothing before it; kinds without an
    element of their own are counted under their parent.
    """
    number, leading = numbers(charter), leading_preamble(charter)
    found: dict[str, str] = {}
    counts: Counter[str | None] = Counter()
    for clause, parent, _depth in charter.walk():
        before = f"{found[parent]}__" if parent else ""
        if clause is leading:
            found[clause.id] = "preamble"
        elif before.startswith("preamble__"):
            counts[parent] += 1
            plain = clause.kind == "recital" and not clause.clauses
            found[clause.id] = f"{before}{'rec' if plain else 'container'}_{counts[parent]}"
        elif clause.kind == "article":
            found[clause.id] = f"art_{number[clause.id]}"
        elif clause.kind in ELEMENTS:
            found[clause.id] = f"{before}{_SHORT.get(clause.kind, clause.kind)}_{number[clause.id]}"
        else:
            counts[parent] += 1
            found[clause.id] = f"{before}hcontainer_{counts[parent]}"
    return found


def _in_preamble(clause: Clause) -> bool:
    return clause.kind in HELD_BY_PREAMBLE and all(map(_in_preamble, clause.clauses))


def work(history: tuple[Version, ...]) -> str:
    """The address of the charter, whatever its version: dated by the first version known."""
    return f"/akn/{COUNTRY}/statement/{history[0].date or day(history[0])}/{history[0].charter.id}"


def expression(history: tuple[Version, ...], version: Version, lang: str) -> str:
    """The address of a version in one language; a draft has no date after the sign."""
    return f"{work(history)}/{three_letters(lang)}@{version.date}"


def day(version: Version) -> str:
    """The date of a version; that of a draft, where one is required, is the first of all days."""
    return version.date or "0001-01-01"


def three_letters(lang: str) -> str:
    """The code of ISO 639-2 that addresses use; "und" where the language is not in the list."""
    short = lang.split("-", maxsplit=1)[0]
    return short if len(short) == 3 else _LANGUAGES.get(short, "und")
