"""A charter laid out for printing: sections with headings and lists of items, as plain data.

Web page, PDF and DOCX are ways of setting the same layout. A layout is a list of ``{"section": section}``
and ``{"items": [section…]}`` in reading order. A section is a dict: ``id``, ``kind``, ``title``, ``level``
(1 at the top; 0 for an item of a list), ``number``, ``paragraphs`` (each a list of lines), ``missing``,
``stale``, ``note``, ``facts`` (pairs of label and text), ``minority`` (``held``, ``paragraphs``) and
``below``, a layout. In a publication of two languages ``beside`` is the same section in the second.
"""

import unicodedata
from itertools import groupby
from typing import Any

from charters.files.markdown_writing import as_item
from charters.formats.publication import Minority, Publication
from charters.labels import COMMITTED, heading_line, numbers, spoken
from charters.model import Charter, Clause

DEEPEST_HEADING = 5
_UNSEEN = {"Cc", "Cs", "Cn", "Co"}


def lay_out(charter: Charter, publication: Publication, prefix: str = "") -> list[dict[str, Any]]:
    """Lay out a charter: the one published, or the common preamble it includes (ids with a prefix)."""
    layout = _Layout(charter, publication, prefix)
    groups = layout.groups(charter.clauses, 1)
    if publication.beside:
        _pair(groups, lay_out(charter, publication.other, prefix))
    return groups


def _pair(groups: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    """Give each section the same one in the second language, as its ``beside``."""
    for group, other in zip(groups, others, strict=True):
        pairs = zip(_sections(group), _sections(other), strict=True)
        for section, same in pairs:
            section["beside"] = same
            _pair(section["below"], same["below"])


def _sections(group: dict[str, Any]) -> list[dict[str, Any]]:
    return list(group["items"]) if "items" in group else [group["section"]]


def paragraphs(text: str) -> list[list[str]]:
    """Paragraphs as lists of lines, with nothing invisible in them."""
    return [
        [visible(line) for line in paragraph.split("\n")] for paragraph in text.split("\n\n") if paragraph
    ]


def visible(text: str) -> str:
    """Control, private and unassigned characters shown by code point, as in [U+0007]."""
    return "".join(by_code_point(c) if unicodedata.category(c) in _UNSEEN else c for c in text)


def by_code_point(character: str) -> str:
    """ "[U+1F600 grinning face]"."""
    name = unicodedata.name(character, "").lower()
    return f"[U+{ord(character):04X} {name}]" if name else f"[U+{ord(character):04X}]"


class _Layout:
    def __init__(self, charter: Charter, publication: Publication, prefix: str) -> None:
        self.numbers = numbers(charter)
        self.publication = publication
        self.lang = publication.lang
        self.prefix = prefix

    def groups(self, clauses: tuple[Clause, ...], level: int) -> list[dict[str, Any]]:
        groups: list[dict[str, Any]] = []
        for listed, run in groupby(clauses, as_item):
            if listed:
                groups.append({"items": [self.section(clause, 0) for clause in run]})
            else:
                groups += [{"section": self.section(clause, min(level, DEEPEST_HEADING))} for clause in run]
        return groups

    def section(self, clause: Clause, level: int) -> dict[str, Any]:
        text = clause.text.get(self.lang, "")
        minority = [] if self.prefix else self.publication.about(clause.id)
        return {
            "id": self.prefix + clause.id,
            "kind": clause.kind,
            "title": visible(heading_line(clause, self.numbers.get(clause.id), self.lang)),
            "level": level,
            "number": self.mark(clause),
            "paragraphs": paragraphs(text),
            "missing": bool(clause.languages) and self.lang not in clause.languages,
            "stale": self.lang in clause.stale,
            "note": paragraphs(clause.note.get(self.lang, "")),
            "facts": self.facts(clause),
            "minority": [set_minority(self.publication, statement) for statement in minority],
            "below": self.groups(clause.clauses, level + 1),
        }

    def mark(self, clause: Clause) -> str:
        """What stands before an item: "2.", "b)", "§ 2"."""
        number = self.numbers.get(clause.id, "")
        if clause.kind == "paragraph":
            return f"§\u00a0{number}"
        return f"{number}." if number.isdigit() else f"{number})"

    def facts(self, clause: Clause) -> list[tuple[str, str]]:
        words, whom = self.publication.words, COMMITTED[spoken(self.lang)]
        found = [(words["commits"], ", ".join(whom[name] for name in clause.commits))]
        found.append((words["leans_on"], visible(" ; ".join(clause.references))))
        return [(label, text) for label, text in found if text]


def set_minority(publication: Publication, statement: Minority) -> dict[str, Any]:
    """A minority statement, ready to be set."""
    return {"held": visible(publication.held_by(statement)), "paragraphs": paragraphs(statement.text)}
