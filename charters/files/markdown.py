"""Charters as Markdown, for people: written by hand, read, and written back without losing anything.

::

    ---
    title: {fr: "Charte du temps", en: "Charter of time"}
    theme: time
    languages: [fr, en]
    ---
    # Préambule {#pre}
    Le temps de vie est la ressource que tous reçoivent également.
    [en] The time of life is the resource that all receive alike.

    ## Article 1 — Le temps choisi {#t1 commits=authorities,citizens ref="SDG 8.5"}
    [en] # Chosen time
    Chacun décide d'une part de son temps.
    > A note that explains.
    > [en] The same in English.
    1. Cette part est connue et respectée. {#t1a}

The kind is read from the heading (Article, Titre, Droit…; article when it says none); ``1.`` is a point and
``-`` a paragraph, nested by three spaces. Words without ``[lang]`` are in the first language. Articles under
a preamble stand beside it unless ``in=pre`` says otherwise. A backslash keeps the sign after it from
being read as markup. What follows a second ``---`` is not read. Ids are made from place and words where missing.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from charters.canonical import digest
from charters.files.markdown_writing import HELD_BY_PREAMBLE
from charters.labels import read_heading_line
from charters.model import Charter, Clause, check_lang, normal_text
from charters.plain import inclusion_from_json, text_of, texts_of
from charters.problems import CharterError

_MARK = r'(?:#[\w.-]+|\.[a-z]+|[a-z]+=(?:"(?:[^"\\]|\\.)*"|[^\s}"]+))'
_ATTRIBUTES = re.compile(rf"(?:^|(?<=\s))\{{({_MARK}(?: {_MARK})*)\}}$")
_HEADING = re.compile(r"(#+) (.*)", re.DOTALL)
_ITEM = re.compile(r"(\d+[.)]|-) (.*)", re.DOTALL)
_LANG = re.compile(r"\[([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\](?: |$)(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|^\\(?=\d)", re.ASCII)
_FLOW = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"][^{}\[\],:"]*')
_FRONT_KEYS = {"id", "title", "theme", "languages", "preamble", "status"}


@dataclass
class _Node:
    level: int
    kind: str
    attributes: dict[str, list[str]]
    blocks: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    below: list["_Node"] = field(default_factory=list)

    def texts(self, name: str) -> dict[str, str]:
        return {lang: "\n".join(lines) for (field_, lang), lines in self.blocks.items() if field_ == name}


def read_markdown(text: str) -> Charter:
    """Read a charter; raises CharterError with the line where something is wrong."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    front, start = _read_front(lines)
    titles = {"": front["title"]} if isinstance(front.get("title"), str) else texts_of(front, "title")
    langs = front.get("languages") or [lang for lang in titles if lang]
    if not isinstance(langs, list) or not langs:
        raise CharterError(
            "The file does not say its language. Add a line such as “languages: [fr]” at the top."
        )
    for lang in langs:
        check_lang(str(lang))
    reader = _Reader(str(langs[0]))
    for number, line in enumerate(lines[start:], start + 1):
        if line.strip(" \t") == "---":
            break
        reader.line(line, number)
    title = {lang or reader.first: words for lang, words in titles.items()}
    preamble = front.get("preamble")
    return Charter(
        id=text_of(front, "id") if "id" in front else "c-" + digest("charter-id", title)[7:15],
        title=title,
        theme=text_of(front, "theme", ""),
        preamble=None if preamble is None else inclusion_from_json(preamble),
        clauses=tuple(_clause(node, (n,)) for n, node in enumerate(reader.top.below)),
    )


class _Reader:
    def __init__(self, first: str) -> None:
        self.first = self.lang = first
        self.top = _Node(0, "", {})
        self.path = [self.top]
        self.by_id: dict[str, _Node] = {}
        self.heading_level = 0
        self.block: tuple[str, str] | None = None

    def line(self, line: str, number: int) -> None:
        words = line.strip(" \t")
        if match := _HEADING.fullmatch(words):
            self._heading(len(match[1]), match[2], number)
        elif match := _ITEM.fullmatch(words):
            indent = len(line.expandtabs(3)) - len(line.expandtabs(3).lstrip(" "))
            self._item(match[1], match[2], indent // 3, number)
        elif words and len(self.path) == 1:
            raise CharterError(
                "Line %(line)d comes before any clause. Put a heading such as “# Article 1” above it.",
                line=number,
            )
        elif words == ">" or words.startswith("> "):
            self._words("note", words[2:])
        elif words or self.block:
            self._words("text", words)

    def _heading(self, level: int, words: str, number: int) -> None:
        rest, attributes = _attributes(words, number)
        kind, heading = read_heading_line(rest)
        node = _Node(level, _kind(attributes, kind or "article"), attributes)
        self._open(node)
        self.heading_level = level
        node.blocks["heading", self.first] = [_plain(heading)]

    def _item(self, marker: str, words: str, indent: int, number: int) -> None:
        rest, attributes = _attributes(words, number)
        kind = _kind(attributes, "paragraph" if marker == "-" else "point")
        self._open(_Node(self.heading_level + 1 + indent, kind, attributes))
        self._words("text", rest, marked=False)

    def _open(self, node: _Node) -> None:
        while len(self.path) > 1 and self.path[-1].level >= node.level:
            self.path.pop()
        within = node.attributes.get("in", [None])[0]
        if self.path[-1].kind == "preamble" and node.kind not in HELD_BY_PREAMBLE and not within:
            node.level = self.path[-1].level + 1
            self.path.pop()
        self.path[-1].below.append(node)
        self.path.append(node)
        self.lang, self.block = self.first, None

    def _words(self, name: str, words: str, marked: bool = True) -> None:
        node = self.path[-1]
        if marked and (match := _LANG.fullmatch(words)):
            self.lang, words = match[1], match[2]
            if name == "text" and words.startswith("# "):
                node.blocks["heading", self.lang] = [_plain(words[2:])]
                self.block = None
                return
        elif words and (self.block is None or self.block[0] != name):
            self.lang = self.first
        key = (name, self.lang) if words or name == "note" else self.block or (name, self.lang)
        lines = node.blocks.setdefault(key, [])
        if lines and self.block != key:
            lines.append("")
        lines.append(_plain(words))
        self.block = key


def _plain(words: str) -> str:
    """Prose without the backslashes that kept it from being read as markup."""
    return _ESCAPED.sub(r"\1", words)


def _clause(node: _Node, path: tuple[int, ...]) -> Clause:
    ids = node.attributes.get("id")
    words = {lang: normal_text(text) for lang, text in node.texts("text").items()}
    made = digest("clause-id", {"path": list(path), "text": words})
    return Clause(
        id=ids[0] if ids else "c-" + made[7:15],
        kind=node.kind,
        text=words,
        heading=node.texts("heading"),
        note=node.texts("note"),
        commits=tuple(node.attributes.get("commits", [])),
        references=tuple(node.attributes.get("ref", [])),
        stale=tuple(node.attributes.get("stale", [])),
        clauses=tuple(_clause(child, (*path, n)) for n, child in enumerate(node.below)),
    )


def _kind(attributes: dict[str, list[str]], default: str) -> str:
    return attributes.get("kind", [default])[0]


def _attributes(words: str, number: int) -> tuple[str, dict[str, list[str]]]:
    """The words without their attributes, and the attributes by name."""
    match = _ATTRIBUTES.search(words)
    if not match:
        return words, {}
    found: dict[str, list[str]] = {}
    for token in re.findall(_MARK, match[1]):
        if token[0] in "#.":
            found["id" if token[0] == "#" else "kind"] = [token[1:]]
            continue
        name, value = token.split("=", 1)
        if name not in {"in", "commits", "ref", "stale"}:
            raise CharterError("Line %(line)d has an unknown mark, “%(mark)s”.", line=number, mark=token)
        values = [_value(value, number)] if value.startswith('"') else value.split(",")
        found.setdefault(name, []).extend(values)
    return words[: match.start()].removesuffix(" "), found


def _read_front(lines: list[str]) -> tuple[dict[str, Any], int]:
    """The values between the first two ``---`` and the number of lines they take."""
    if lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        raise CharterError("The file does not begin with its title between two lines “---”.")
    values: dict[str, Any] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip(" \t") == "---":
            return values, number
        key, colon, value = line.partition(":")
        if line.strip() and (not colon or key.strip() not in _FRONT_KEYS):
            raise CharterError(
                "Line %(line)d is not known at the top of a charter. Known there: %(keys)s.",
                line=number, keys=", ".join(sorted(_FRONT_KEYS)),
            )  # fmt: skip
        if line.strip():
            values[key.strip()] = _value(value.strip(), number)
    raise AssertionError("the closing line was seen above")


def _value(value: str, number: int) -> Any:
    if not value.startswith(("{", "[", '"')):
        return value
    parts = [part.strip() for part in _FLOW.findall(value)]
    quoted = [part if part[0] in '"{}[],:' or part.isdecimal() else json.dumps(part) for part in parts]
    try:
        return json.loads("".join(quoted))
    except ValueError as error:
        raise CharterError(
            "Line %(line)d cannot be read: check its quotes and brackets.", line=number
        ) from error
