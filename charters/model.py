"""A charter: a tree of clauses that keep their ids for ever, and a text of its own in each language.

Numbers are derived from position (see ``labels``) and never stored. Text is kept in Unicode NFC, lines
without outer spaces, paragraphs separated by one empty line; an empty text is the same as no text.
Everything here is immutable: a change is an operation that gives a new charter.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property

from charters.problems import CharterError

KINDS = (
    "preamble", "recital", "part", "title", "article", "paragraph", "point",
    "commitment", "right", "responsibility", "definition", "recommendation",
)  # fmt: skip
WORDS = ("text", "heading", "note")  # what a clause says in each language
COMMITS = ("authorities", "private-actors", "citizens", "all", "trustees")
MAX_DEPTH = 32
MAX_TEXT = 100_000  # characters of one text, some forty pages

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_EMPTY_LINES = re.compile(r"\n{3,}")

Texts = Mapping[str, str]


def normal_text(text: str) -> str:
    """Prose as the model keeps it: NFC, lines without outer spaces, at most one empty line in a row."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _EMPTY_LINES.sub("\n\n", "\n".join(line.strip(" \t") for line in lines)).strip("\n")


def normal_line(text: str) -> str:
    """A heading as the model keeps it: prose on one line."""
    return " ".join(line for line in normal_text(text).split("\n") if line)


@dataclass(frozen=True)
class Clause:
    """One clause. ``text``, ``heading`` and ``note`` map a language code to words.

    ``commits``: whom it commits (values of COMMITS). ``references``: instruments it leans on, such as
    "ETS 5", "CELEX 12012P/TXT" or "SDG 8.5"; an unordered set, kept sorted. ``stale``: the languages
    whose text awaits confirmation because another language changed.
    """

    id: str
    kind: str = "article"
    text: Texts = field(default_factory=dict)
    heading: Texts = field(default_factory=dict)
    commits: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    note: Texts = field(default_factory=dict)
    stale: tuple[str, ...] = ()
    clauses: tuple["Clause", ...] = ()

    def __post_init__(self) -> None:
        check_id(self.id)
        if self.kind not in KINDS:
            raise CharterError(
                "Clause %(clause)s has the kind “%(kind)s”, which is not known. Choose one of: %(kinds)s.",
                clause=self.id, kind=self.kind, kinds=", ".join(KINDS),
            )  # fmt: skip
        for name in self.commits:
            if name not in COMMITS:
                raise CharterError(
                    "Clause %(clause)s commits “%(name)s”, which is not known. Choose among: %(names)s.",
                    clause=self.id, name=name, names=", ".join(COMMITS),
                )  # fmt: skip
        for texts in (self.text, self.heading, self.note):
            self._check_length(texts)
        set_ = object.__setattr__
        set_(self, "text", kept_texts(self.text, normal_text))
        set_(self, "heading", kept_texts(self.heading, normal_line))
        set_(self, "note", kept_texts(self.note, normal_text))
        set_(self, "commits", tuple(name for name in COMMITS if name in self.commits))
        references = {normal_line(checked_text(reference)) for reference in self.references} - {""}
        set_(self, "references", tuple(sorted(references)))
        set_(self, "stale", tuple(sorted(set(self.stale) & self.languages)))

    @property
    def languages(self) -> set[str]:
        return set(self.text) | set(self.heading)

    def bare(self) -> "Clause":
        """The clause without those below it."""
        return self.holding(())

    def holding(self, clauses: tuple["Clause", ...]) -> "Clause":
        """The clause with these below it."""
        if not clauses and not self.clauses:
            return self
        same = copy(self)
        object.__setattr__(same, "clauses", clauses)
        return same

    def _check_length(self, texts: Texts) -> None:
        for text in texts.values():
            if len(text) > MAX_TEXT:
                raise CharterError(
                    "A text of clause %(clause)s has %(length)d characters; %(most)d are possible. "
                    "Divide it into several clauses.",
                    clause=self.id, length=len(text), most=MAX_TEXT,
                )  # fmt: skip


@dataclass(frozen=True)
class Inclusion:
    """The common preamble, a charter of its own, included at a pinned version."""

    charter: str
    version: int
    content: str

    def __post_init__(self) -> None:
        check_id(self.charter)
        if not _DIGEST.fullmatch(self.content):
            raise CharterError(
                "“%(digest)s” is not a digest: write sha256: and 64 hexadecimal digits.", digest=self.content
            )


@dataclass(frozen=True)
class Index:
    """A charter by id, in reading order. ``bare``: clauses without those below them; ``children``: their
    order under each parent, None being the charter itself.
    """

    clauses: Mapping[str, Clause]
    bare: Mapping[str, Clause]
    parent: Mapping[str, str | None]
    children: Mapping[str | None, tuple[str, ...]]


@dataclass(frozen=True)
class Charter:
    """A charter. ``title`` maps a language code to words; ``clauses`` are the clauses at the top."""

    id: str
    title: Texts
    clauses: tuple[Clause, ...] = ()
    theme: str = ""
    preamble: Inclusion | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        object.__setattr__(self, "title", kept_texts(self.title, normal_line))
        object.__setattr__(self, "theme", normal_line(checked_text(self.theme)))
        if not self.title:
            raise CharterError("The charter has no title. Give it one in at least one language.")
        seen: set[str] = set()
        for clause, _parent, depth in self.walk():
            if clause.id in seen:
                raise CharterError(
                    "Two clauses have the id %(clause)s. An id names one clause only: change one of them.",
                    clause=clause.id,
                )
            if depth > MAX_DEPTH:
                raise CharterError(
                    "Clause %(clause)s is more than %(depth)d levels deep. Move it up.",
                    clause=clause.id, depth=MAX_DEPTH,
                )  # fmt: skip
            seen.add(clause.id)

    def walk(self) -> Iterator[tuple[Clause, str | None, int]]:
        """Every clause in reading order, with the id of its parent and its depth (1 at the top)."""
        stack: list[tuple[Clause, str | None, int]] = [(c, None, 1) for c in reversed(self.clauses)]
        while stack:
            clause, parent, depth = stack.pop()
            yield clause, parent, depth
            stack.extend((child, clause.id, depth + 1) for child in reversed(clause.clauses))

    def clause(self, id: str) -> Clause:
        """The clause with this id; raises CharterError when there is none."""
        if id not in self.index.clauses:
            raise CharterError("This charter has no clause %(clause)s.", clause=id)
        return self.index.clauses[id]

    @cached_property
    def index(self) -> Index:
        """The clauses by id; made once, and shared by all that is read from this charter."""
        clauses: dict[str, Clause] = {}
        parents: dict[str, str | None] = {}
        children: dict[str | None, tuple[str, ...]] = {None: tuple(clause.id for clause in self.clauses)}
        for clause, parent, _depth in self.walk():
            clauses[clause.id] = clause
            parents[clause.id] = parent
            children[clause.id] = tuple(child.id for child in clause.clauses)
        return Index(clauses, {name: clause.bare() for name, clause in clauses.items()}, parents, children)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the title and the clauses, the one most clauses are written in first."""
        found = Counter(self.title.keys())
        for clause, _parent, _depth in self.walk():
            found.update(clause.languages | set(clause.note))
        return tuple(sorted(found, key=lambda lang: (-found[lang], lang)))


def in_language(charter: Charter, lang: str) -> Charter:
    """The same charter with the words of one language only."""

    def only(clause: Clause) -> Clause:
        return replace(
            clause,
            text=_one(clause.text, lang), heading=_one(clause.heading, lang), note=_one(clause.note, lang),
            clauses=tuple(only(child) for child in clause.clauses),
        )  # fmt: skip

    title = _one(charter.title, lang) or {lang: next(iter(charter.title.values()))}
    return replace(charter, title=title, clauses=tuple(only(clause) for clause in charter.clauses))


def check_id(id: str) -> None:
    """Refuse what cannot be an id."""
    if not _ID.fullmatch(id):
        raise CharterError(
            "“%(id)s” cannot be an id. Use 1 to 64 letters without accents, digits, points, hyphens or "
            "underscores, beginning with a letter or a digit.",
            id=id,
        )


def check_lang(lang: str) -> None:
    """Refuse what is not written as a language code (BCP 47)."""
    if not _LANG.fullmatch(lang):
        raise CharterError("“%(lang)s” is not a language code. Write fr, en, pt-BR…", lang=lang)


def checked_text(text: str) -> str:
    """Refuse half characters (lone surrogates), which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise CharterError(
            "A text holds half a character at position %(at)d. Type it again.", at=error.start
        ) from error
    return text


def kept_texts(texts: Texts, normal: Callable[[str], str]) -> dict[str, str]:
    """Texts in the form that the model keeps, without those that are empty."""
    for lang in texts:
        check_lang(lang)
    kept = {lang: normal(checked_text(text)) for lang, text in texts.items()}
    return {lang: text for lang, text in kept.items() if text}


def _one(texts: Texts, lang: str) -> dict[str, str]:
    return {lang: texts[lang]} if lang in texts else {}
