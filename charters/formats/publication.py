"""What a publication of a charter holds, whatever its format."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from charters.labels import spoken
from charters.plain import known, names_of, number_of, optional_text_of, text_of
from charters.version import Version

# Before the ids of the included preamble's clauses: no clause id begins like this, nor do our own in a page.
OF_PREAMBLE = "_preamble-"
_FOOT = 70  # characters
_FROM_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}


@dataclass(frozen=True)
class Minority:
    """A minority statement on a clause (None: on the charter), held by ``count`` people.

    It points at a version from outside its digest. ``signatures``: names or pseudonyms, only those given.
    """

    clause: str | None
    text: str
    count: int
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publication:
    """A version to be published in one language, with what is printed beside it.

    ``preamble``: the included common preamble, to be printed before the text. ``address``: permanent
    address of the version. ``process``: the name of the process it comes from, ``by``: who asked for it.
    ``chain``: the versions that led to it, oldest first. ``beside``: a second language, set side by side.
    """

    version: Version
    lang: str
    minority: tuple[Minority, ...] = ()
    preamble: Version | None = None
    address: str = ""
    process: str = ""
    by: str = ""
    chain: tuple[Version, ...] = ()
    beside: str = ""

    @property
    def words(self) -> Mapping[str, str]:
        """What is printed around the text, in its language or else in English."""
        return WORDS[spoken(self.lang)]

    @property
    def history(self) -> tuple[Version, ...]:
        """The versions known, oldest first, the one published last."""
        return (*self.chain, self.version)

    @property
    def other(self) -> "Publication":
        """The same publication in its second language, without what is printed once only."""
        return replace(self, lang=self.beside, beside="", minority=())

    @property
    def title(self) -> str:
        return title_in(self.version, self.lang)

    @property
    def short_title(self) -> str:
        """The title, cut where it is too long for a line at the foot of a page."""
        return self.title if len(self.title) <= _FOOT else f"{self.title[: _FOOT - 1].rstrip()}…"

    @property
    def adopted(self) -> str:
        """ "Version 3, adoptée le 14 juin 2026"."""
        if not self.version.date:
            return self.words["draft"]
        day = self.date(self.version.date)
        return self.words["adopted"] % {"number": self.version.number, "date": day}

    @property
    def codes(self) -> list[tuple[str, str]]:
        """By name, the digests of text and version."""
        version = self.version
        return [(self.words["content_code"], version.content), (self.words["version_code"], version.digest)]

    def numbered(self, version: Version) -> str:
        """ "Version 3"."""
        return self.words["version"] % {"number": version.number}

    def date(self, iso: str) -> str:
        """An ISO date in words."""
        year, month, day = iso.split("-")
        names = MONTHS[spoken(self.lang)]
        name = names[int(month) - 1]
        first = "1er" if self.words is WORDS["fr"] and int(day) == 1 else str(int(day))
        return f"{first} {name} {year}"

    def about(self, clause: str | None) -> list[Minority]:
        """The minority statements on a clause (None: on the whole, or on a clause that is not in this version)."""
        return self._by_clause.get(clause, [])

    @cached_property
    def _by_clause(self) -> dict[str | None, list[Minority]]:
        found: dict[str | None, list[Minority]] = {None: []}
        if self.minority:
            found |= {clause.id: [] for clause, _parent, _depth in self.version.charter.walk()}
        for statement in self.minority:
            found[statement.clause if statement.clause in found else None].append(statement)
        return found

    def held_by(self, statement: Minority) -> str:
        """ "4 membres : A., B." """
        plural = "member" if statement.count == 1 else "members"
        held = self.words[plural] % {"count": statement.count}
        names = ", ".join(statement.signatures)
        return f"{held}{self.words['colon']}{names}" if names else held


def direction(lang: str) -> str:
    """ "rtl" for a language written from right to left, otherwise "ltr"."""
    return "rtl" if lang.split("-", maxsplit=1)[0] in _FROM_RIGHT_TO_LEFT else "ltr"


def title_in(version: Version, lang: str) -> str:
    """The title in a language, or in the first one it has."""
    titles = version.charter.title
    return titles.get(lang) or next(iter(titles.values()))


def preamble_title(publication: Publication, preamble: Version) -> str:
    """What stands over the included preamble: its own title, where that says what it is."""
    common, title = publication.words["common_preamble"], title_in(preamble, publication.lang)
    return title if title.startswith(common) else f"{common} — {title}"


def minority_to_json(statement: Minority) -> dict[str, Any]:
    return {
        "clause": statement.clause, "text": statement.text, "count": statement.count,
        "signatures": list(statement.signatures),
    }  # fmt: skip


def minority_from_json(value: Any) -> Minority:
    """Read a minority statement; raises CharterError naming the part that is wrong."""
    known(value, {"clause", "text", "count", "signatures"}, "the minority statement")
    return Minority(
        optional_text_of(value, "clause"), text_of(value, "text"), number_of(value, "count"),
        names_of(value, "signatures"),
    )  # fmt: skip


MONTHS = {
    "fr": [
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ],
    "en": [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ],
}  # fmt: skip

WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "non_binding": "Document de référence, non contraignant\u00a0: il éclaire, il n’oblige personne. "
        "Chaque territoire est libre de le reprendre, en tout ou en partie.",
        "non_binding_short": "Document de référence, non contraignant",
        "adopted": "Version %(number)d, adoptée le %(date)s",
        "draft": "Projet, pas encore adopté",
        "version": "Version %(number)d",
        "minority": "Position minoritaire",
        "member": "%(count)d membre", "members": "%(count)d membres", "colon": "\u00a0: ",
        "contents": "Sommaire", "skip": "Aller au texte", "permalink": "Lien vers ce passage",
        "commits": "Engage", "leans_on": "S’appuie sur", "note": "Explication",
        "stale": "Ce passage a changé dans une autre langue\u00a0; sa traduction reste à confirmer.",
        "missing": "Ce passage n’existe pas encore dans cette langue.",
        "common_preamble": "Préambule commun", "by": "À la demande de",
        "process": "Démarche citoyenne", "address": "Adresse permanente",
        "content_code": "Code de contrôle du texte", "version_code": "Code de contrôle de la version",
        "code_help": "Ces codes montrent que rien n’a changé\u00a0: on peut les recalculer à partir du "
        "fichier JSON de cette version.",
        "general_minority": "Positions minoritaires sur l’ensemble",
        "about": "À propos de ce document",
    },
    "en": {
        "non_binding": "A reference document, not binding: it sheds light and obliges no one. "
        "Each territory is free to take it up, in whole or in part.",
        "non_binding_short": "A reference document, not binding",
        "adopted": "Version %(number)d, adopted on %(date)s",
        "draft": "Draft, not adopted yet",
        "version": "Version %(number)d",
        "minority": "Minority statement",
        "member": "%(count)d member", "members": "%(count)d members", "colon": ": ",
        "contents": "Contents", "skip": "Skip to the text", "permalink": "Link to this passage",
        "commits": "Commits", "leans_on": "Leans on", "note": "Explanation",
        "stale": "This passage changed in another language; its translation has yet to be confirmed.",
        "missing": "This passage does not exist in this language yet.",
        "common_preamble": "Common preamble", "by": "At the request of",
        "process": "Process", "address": "Permanent address",
        "content_code": "Check code of the text", "version_code": "Check code of the version",
        "code_help": "These codes show that nothing has changed: anyone can compute them again from the "
        "JSON file of this version.",
        "general_minority": "Minority statements on the whole",
        "about": "About this document",
    },
}  # fmt: skip
