"""Writing a charter as Markdown; ``markdown`` states the syntax."""

import json
import re
from collections.abc import Sequence

from charters.labels import heading_line, numbers
from charters.model import Charter, Clause
from charters.plain import inclusion_to_json

LIST_KINDS = {"point", "paragraph"}
HELD_BY_PREAMBLE = {"recital", "paragraph", "point"}
STRUCTURE = re.compile(r"#|>|-|\[|\\|\d+[.)](?:\s|$)")


def write_markdown(
    charter: Charter, langs: Sequence[str] | None = None, status: str = "", appendix: str = ""
) -> str:
    """Write a charter in the given languages (all of them by default), side by side when several.

    Reading it back gives the same charter, when all languages are written. ``status`` is printed in the
    front matter, ``appendix`` after the text; neither is part of the charter.
    """
    written = list(langs or charter.languages)
    writer = _Writer(charter, written)
    for clause in charter.clauses:
        writer.clause(clause, None, 1, None)
    body = "\n".join(writer.lines).strip("\n")
    text = _front(charter, written, status) + (f"\n{body}\n" if body else "")
    return f"{text}\n---\n{appendix.strip()}\n" if appendix else text


def _front(charter: Charter, langs: list[str], status: str) -> str:
    titles = {lang: charter.title[lang] for lang in langs if lang in charter.title} or dict(charter.title)
    values: dict[str, object] = {"id": charter.id, "title": titles, "languages": langs}
    values |= {"theme": charter.theme} if charter.theme else {}
    values |= {"preamble": inclusion_to_json(charter.preamble)} if charter.preamble else {}
    values |= {"status": status} if status else {}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
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
            line = heading_line(clause, self.numbers.get(clause.id), first)
            within = parent.id if parent and beside else ""
            self.lines += ["", f"{'#' * depth} {line} {_attributes(clause, within)}"]
            self._texts(clause, "", first_written=False)
        else:
            number = self.numbers[clause.id]
            marker = "-" if clause.kind == "paragraph" else f"{number if number.isdigit() else 1}."
            line, *rest = clause.text.get(first, "").split("\n")
            space = " " * indent
            words = " ".join(filter(None, [marker, _escaped(line), _attributes(clause, "")]))
            self.lines += ([""] if not indent and not self._after_item() else []) + [space + words]
            self.lines += [f"{space}   {_escaped(more)}".rstrip(" ") for more in rest]
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
                self.lines += [f"{space}{mark}# {clause.heading[lang]}"]
            if lang in clause.text and (mark or not first_written):
                self._block(clause.text[lang], space, mark)
        for lang in self.langs:
            if lang in clause.note:
                mark = "" if lang == self.langs[0] else f"[{lang}] "
                self._note(clause.note[lang], space, mark)

    def _block(self, text: str, space: str, mark: str) -> None:
        first, *rest = (_escaped(line) for line in text.split("\n"))
        self.lines += [f"{space}{mark}{first}", *(f"{space}{line}" if line else "" for line in rest)]

    def _note(self, text: str, space: str, mark: str) -> None:
        first, *rest = (_escaped(line) for line in text.split("\n"))
        self.lines += [f"{space}> {mark}{first}", *(f"{space}> {line}" for line in rest)]


def as_item(clause: Clause) -> bool:
    """Whether a clause is written as a list item: a point or paragraph without heading, and all below it."""
    return (
        clause.kind in LIST_KINDS and not clause.heading and all(as_item(child) for child in clause.clauses)
    )


def _escaped(line: str) -> str:
    return f"\\{line}" if STRUCTURE.match(line) else line


def _attributes(clause: Clause, within: str) -> str:
    parts = [f"#{clause.id}"]
    parts += [f"in={within}"] if within else []
    parts += [f"commits={','.join(clause.commits)}"] if clause.commits else []
    parts += [f"ref={json.dumps(reference, ensure_ascii=False)}" for reference in clause.references]
    parts += [f"stale={','.join(clause.stale)}"] if clause.stale else []
    return "{" + " ".join(parts) + "}"
