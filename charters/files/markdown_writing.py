"""Writing a charter as Markdown; ``markdown`` states the syntax.

Every sign that CommonMark or GitHub would read as markup has a backslash before it (in quoted values: is
written by its code), so that what people typed shows as they typed it wherever the file is rendered.
"""

import json
import re
from collections.abc import Sequence

from charters.labels import label, numbers
from charters.model import Charter, Clause
from charters.plain import inclusion_to_json

LIST_KINDS = {"point", "paragraph"}
HELD_BY_PREAMBLE = {"recital", "paragraph", "point"}
_MARKUP = re.compile(r"[\\`*_\[<&|~$]")
_STRUCTURE = re.compile(r"(\d*)([#>+=-]|(?<=\d)[.)](?=\s|$))")
_IN_QUOTES = re.compile(r"[`*\[\]<>&|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def write_markdown(
    charter: Charter, langs: Sequence[str] | None = None, status: str = "", appendix: str = ""
) -> str:
    """Write a charter in the given languages (all of them by default), side by side when several.

    Reading it back gives the same charter, when all languages are written. ``status`` is printed in the
    front matter, ``appendix`` after the text; neither is part of the charter.
    """
    written = list(langs or charter.languages)
    body = "\n".join(clause_lines(charter, written)).strip("\n")
    text = _front(charter, written, status) + (f"\n{body}\n" if body else "")
    return f"{text}\n---\n{appendix.strip()}\n" if appendix else text


def clause_lines(charter: Charter, langs: Sequence[str], deeper: int = 0) -> list[str]:
    """The lines of the clauses alone, with headings ``deeper`` than their depth."""
    writer = _Writer(charter, list(langs))
    for clause in charter.clauses:
        writer.clause(clause, None, 1 + deeper, None)
    return writer.lines


def _front(charter: Charter, langs: list[str], status: str) -> str:
    titles = {lang: charter.title[lang] for lang in langs if lang in charter.title} or dict(charter.title)
    values: dict[str, object] = {"id": charter.id, "title": titles, "languages": langs}
    values |= {"theme": charter.theme} if charter.theme else {}
    values |= {"preamble": inclusion_to_json(charter.preamble)} if charter.preamble else {}
    values |= {"status": status} if status else {}
    lines = [f"{key}: {_quoted(value)}" for key, value in values.items()]
    return "\n".join(["---", *lines, "---", ""])


class _Writer:
    def __init__(self, charter: Charter, langs: list[str]) -> None:
        self.numbers = numbers(charter)
        self.langs = langs
        self.lines: list[str] = []

    def clause(self, clause: Clause, parent: Clause | None, depth: int, indent: int | None) -> None:
        """Write a clause; ``indent`` is that of list items here, None where a heading came before."""
        first = self.langs[0]
        if indent is None:
            beside = parent and parent.kind == "preamble" and clause.kind not in HELD_BY_PREAMBLE
            line = title_line(clause, self.numbers.get(clause.id), first)
            within = parent.id if parent and beside else ""
            self.lines += ["", f"{'#' * depth} {line} {_attributes(clause, within)}"]
            self._texts(clause, "", first_written=False)
        else:
            number = self.numbers[clause.id]
            marker = "-" if clause.kind == "paragraph" else f"{number if number.isdigit() else 1}."
            line, *rest = clause.text.get(first, "").split("\n")
            space = " " * indent
            words = " ".join(filter(None, [marker, escaped(line), _attributes(clause, "")]))
            self.lines += ([""] if not indent and not self._after_item() else []) + [space + words]
            self.lines += [f"{space}   {escaped(more)}".rstrip(" ") for more in rest]
            self._texts(clause, space + "   ", first_written=True)
        self._below(clause, depth, indent)

    def _after_item(self) -> bool:
        return bool(self.lines) and bool(re.match(r"\s*(\d+\.|-) ", self.lines[-1]))

    def _below(self, clause: Clause, depth: int, indent: int | None) -> None:
        listed = True
        for child in clause.clauses:
            listed = listed and as_item(child)
            self.clause(child, clause, depth + 1, (0 if indent is None else indent + 3) if listed else None)

    def _texts(self, clause: Clause, space: str, first_written: bool) -> None:
        for lang in self.langs:
            mark = "" if lang == self.langs[0] else f"[{lang}] "
            if mark and lang in clause.heading:
                self.lines += ["", f"{space}{mark}# {escaped(clause.heading[lang])}"]
            if lang in clause.text and (mark or not first_written):
                self._block(clause.text[lang], space, mark)
        for lang in self.langs:
            if lang in clause.note:
                mark = "" if lang == self.langs[0] else f"[{lang}] "
                self._note(clause.note[lang], space, mark)

    def _block(self, text: str, space: str, mark: str) -> None:
        first, *rest = (escaped(line) for line in text.split("\n"))
        self.lines += ["", f"{space}{mark}{first}"] if mark else [f"{space}{first}"]
        self.lines += [f"{space}{line}" if line else "" for line in rest]

    def _note(self, text: str, space: str, mark: str) -> None:
        first, *rest = (escaped(line) for line in text.split("\n"))
        self.lines += ["", f"{space}> {mark}{first}", *(f"{space}> {line}".rstrip(" ") for line in rest)]


def as_item(clause: Clause) -> bool:
    """Whether a clause is written as a list item: a point or paragraph without heading, and all below it."""
    return (
        clause.kind in LIST_KINDS and not clause.heading and all(as_item(child) for child in clause.clauses)
    )


def escaped(line: str) -> str:
    """A line of prose that no reader of Markdown takes for anything else."""
    line = _MARKUP.sub(r"\\\g<0>", line)
    start = _STRUCTURE.match(line)
    return f"{start[1]}\\{line[start.start(2) :]}" if start else line


def title_line(clause: Clause, number: str | None, lang: str) -> str:
    """ "Article 3 — Le temps choisi", with the heading escaped."""
    name, heading = label(clause.kind, number, lang), clause.heading.get(lang)
    return f"{name} — {escaped(heading)}" if heading else name


def _attributes(clause: Clause, within: str) -> str:
    parts = [f"#{clause.id}"]
    parts += [f"in={within}"] if within else []
    parts += [f"commits={','.join(clause.commits)}"] if clause.commits else []
    parts += [f"ref={_quoted(reference)}" for reference in clause.references]
    parts += [f"stale={','.join(clause.stale)}"] if clause.stale else []
    return "{" + " ".join(parts) + "}"


def _quoted(value: object) -> str:
    """JSON whose texts hold no sign of markup."""
    return _QUOTED.sub(
        lambda text: _IN_QUOTES.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text[0]),
        json.dumps(value, ensure_ascii=False),
    )
