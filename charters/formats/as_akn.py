"""Akoma Ntoso 3.0 (LegalDocML, OASIS 2018): a ``statement`` without prescriptive value, in one language.

Our permanent ids stand in ``GUID``, ids from position in ``eId``. What a clause says stands in its paragraphs;
paragraphs with a ``class`` hold what is said about it (whom it commits, what it leans on, notes, the state of
its translation) and minority statements are titled blocks. ``akn_reading`` reads all of it back.
"""

from collections.abc import Iterator
from itertools import groupby
from urllib.parse import quote
from xml.etree import ElementTree as ET

from charters.formats.akn_meta import meta
from charters.formats.akn_names import NAMESPACE, element_ids, element_of, leading_preamble
from charters.formats.publication import OF_PREAMBLE, Minority, Publication, preamble_title
from charters.formats.xml_words import element, worded
from charters.labels import COMMITTED, label, numbers, spoken
from charters.model import Charter, Clause

_WITHIN_WORDS = {"eol", "inline", "ref", "role", "docTitle", "docStatus", "authorialNote"}


def write(publication: Publication) -> bytes:
    """The charter as an Akoma Ntoso document in UTF-8, valid against the published schema."""
    charter = publication.version.charter
    leading, ids = leading_preamble(charter), element_ids(charter)
    text = _Text(charter, publication, ids)
    body = [text.hierarchical(clause) for clause in charter.clauses if clause is not leading]
    empty = worded("p", publication.words["non_binding_short"], {"class": "standing"})
    general = [
        text.statement(one, f"conclusions__tblock_{n}") for n, one in enumerate(publication.about(None), 1)
    ]
    statement = element(
        "statement", {"name": "charter"},
        meta(publication, ids),
        _preface(publication),
        text.preamble(leading) if leading else None,
        element("mainBody", {"eId": "body"}, *(body or [empty])),
        element("conclusions", {"eId": "conclusions"}, *general) if general else None,
    )  # fmt: skip
    root = element("akomaNtoso", {"xmlns": NAMESPACE}, statement)
    for part in root.iter():
        if part.tag not in _WITHIN_WORDS:
            part.tail = "\n"
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _preface(publication: Publication) -> ET.Element:
    words = publication.words
    lines = [worded("docTitle", publication.title, {"eId": "doctitle"})]
    said = [publication.process, publication.adopted]
    said += [f"{words['by']} {publication.by}"] if publication.by else []
    codes = [*publication.codes, (words["address"], publication.address)]
    said += [f"{name}{words['colon']}{code}" for name, code in codes if code]
    return element(
        "preface", {"eId": "preface"},
        worded("p", lines),
        worded("p", [worded("docStatus", words["non_binding"])], {"class": "standing"}),
        *(worded("p", line) for line in said if line),
        _included(publication) if publication.preamble else None,
    )  # fmt: skip


def _included(publication: Publication) -> ET.Element:
    """The common preamble at the version that the charter pins."""
    version = publication.preamble
    assert version is not None
    ids = {clause: f"preface__{place}" for clause, place in element_ids(version.charter).items()}
    text = _Text(version.charter, publication, ids, OF_PREAMBLE)
    return element(
        "container", {"eId": "preface__container", "name": "common-preamble"},
        worded("block", preamble_title(publication, version), {"name": "heading"}),
        worded("p", f"{publication.numbered(version)} · {version.content}"),
        *(text.container(clause) for clause in version.charter.clauses),
    )  # fmt: skip


class _Text:
    """The clauses of one charter as elements. ``prefix`` stands before the ids of an included one."""

    def __init__(
        self, charter: Charter, publication: Publication, ids: dict[str, str], prefix: str = ""
    ) -> None:
        self.publication, self.lang, self.prefix, self.ids = publication, publication.lang, prefix, ids
        self.numbers = numbers(charter)

    def hierarchical(self, clause: Clause) -> ET.Element:
        tag, name = element_of(clause)
        below = [self.hierarchical(child) for child in clause.clauses]
        blocks = self.blocks(clause)
        holder = "intro" if below else "content"
        held = element(holder, {"eId": f"{self.ids[clause.id]}__{holder}"}, *(blocks or [element("p")]))
        return element(
            tag, self.named(clause) | name, *self.head(clause), held if blocks or not below else None, *below
        )

    def preamble(self, clause: Clause) -> ET.Element:
        """The leading preamble; recitals that follow each other stand together."""
        below: list[ET.Element] = []
        runs = groupby(clause.clauses, lambda child: child.kind == "recital" and not child.clauses)
        for n, (plain, run) in enumerate(runs, 1):
            if plain:
                recitals = [self.recital(child) for child in run]
                below.append(element("recitals", {"eId": f"preamble__recs_{n}"}, *recitals))
            else:
                below += [self.container(child) for child in run]
        held = [*self.head_blocks(clause), *self.blocks(clause), *below] or [element("p")]
        return element("preamble", self.named(clause), *held)

    def recital(self, clause: Clause) -> ET.Element:
        blocks = self.blocks(clause) or [element("p")]
        return element("recital", self.named(clause), *self.head(clause), *blocks)

    def container(self, clause: Clause) -> ET.Element:
        below = [self.container(child) for child in clause.clauses]
        held = [*self.head_blocks(clause), *self.blocks(clause), *below]
        return element("container", self.named(clause) | {"name": clause.kind}, *(held or [element("p")]))

    def named(self, clause: Clause) -> dict[str, str]:
        return {"eId": self.ids[clause.id], "GUID": self.prefix + clause.id}

    def head(self, clause: Clause) -> Iterator[ET.Element]:
        if number := self.numbers.get(clause.id):
            yield worded("num", label(clause.kind, number, self.lang))
        if heading := clause.heading.get(self.lang):
            yield worded("heading", heading)

    def head_blocks(self, clause: Clause) -> Iterator[ET.Element]:
        """Number and heading where Akoma Ntoso has no place of their own for them."""
        for part in self.head(clause):
            part.set("name", part.tag)
            part.tag = "block"
            yield part

    def blocks(self, clause: Clause) -> list[ET.Element]:
        found = list(_paragraphs(clause.text.get(self.lang, "")))
        found += self.facts(clause)
        if note := clause.note.get(self.lang):
            inside = list(_paragraphs(note))
            held = element("authorialNote", {"eId": f"{self.ids[clause.id]}__authorialNote_1"}, *inside)
            found.append(worded("p", [held], {"class": "note"}))
        if not self.prefix:
            for n, one in enumerate(self.publication.about(clause.id), 1):
                found.append(self.statement(one, f"{self.ids[clause.id]}__tblock_{n}"))
        return found

    def facts(self, clause: Clause) -> Iterator[ET.Element]:
        words, roles = self.publication.words, COMMITTED[spoken(self.lang)]
        commits = [worded("role", roles[name], {"refersTo": f"#{name}"}) for name in clause.commits]
        if commits:
            yield worded("p", [words["commits"], " ", *_between(commits, ", ")], {"class": "commits"})
        references = [
            worded("ref", one, {"href": f"/akn/ontology/instrument/{quote(one, safe='')}"})
            for one in clause.references
        ]
        if references:
            yield worded("p", [words["leans_on"], " ", *_between(references, " ; ")], {"class": "references"})
        if self.lang in clause.stale:
            yield worded("p", words["stale"], {"class": "stale"})
        elif clause.languages and self.lang not in clause.languages:
            yield worded("p", words["missing"], {"class": "missing"})

    def statement(self, one: Minority, id: str) -> ET.Element:
        title = f"{self.publication.words['minority']} ({self.publication.held_by(one)})"
        blocks = list(_paragraphs(one.text)) or [element("p")]
        return element("tblock", {"eId": id, "class": "minority"}, worded("heading", title), *blocks)


def _paragraphs(text: str) -> Iterator[ET.Element]:
    return (worded("p", paragraph) for paragraph in text.split("\n\n") if paragraph)


def _between(parts: list[ET.Element], sign: str) -> Iterator[str | ET.Element]:
    for n, part in enumerate(parts):
        if n:
            yield sign
        yield part
