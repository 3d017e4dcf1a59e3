"""A DOCX for those who annotate at the table: real headings, numbers as text, room in the margin.

The same bytes every time: nothing in it comes from the clock.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from charters.formats.docx_parts import OFFICE, W, parts, run
from charters.formats.layout import lay_out, set_minority, visible
from charters.formats.publication import OF_PREAMBLE, Publication, direction, preamble_title
from charters.formats.xml_words import element

_INDENT = 400  # twentieths of a point
_DAY = (1980, 1, 1, 0, 0, 0)  # the first day that a zip knows


def write(publication: Publication) -> bytes:
    """The charter as a Word document, A4, with version and code in the footer."""
    body = element("w:body", {}, *_Text(publication).all(), _page())
    document = element("w:document", {"xmlns:w": W, "xmlns:r": OFFICE}, body)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts(publication, document).items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            package.writestr(entry, ET.tostring(part, encoding="utf-8", xml_declaration=True))
    return file.getvalue()


def _page() -> ET.Element:
    sides = {
        "top": 1300, "right": 2200, "bottom": 1400, "left": 1400, "header": 600, "footer": 600, "gutter": 0,
    }  # fmt: skip
    return element(
        "w:sectPr", {},
        element("w:footerReference", {"w:type": "default", "r:id": "footer"}),
        element("w:pgSz", {"w:w": "11906", "w:h": "16838"}),
        element("w:pgMar", {f"w:{side}": str(size) for side, size in sides.items()}),
    )  # fmt: skip


class _Text:
    """The paragraphs of a publication, in reading order."""

    def __init__(self, publication: Publication) -> None:
        self.publication, self.words = publication, publication.words
        self.from_right = direction(publication.lang) == "rtl"

    def all(self) -> Iterator[ET.Element]:
        publication = self.publication
        yield self.paragraph("Title", [run(visible(publication.title))])
        yield from self.opening()
        yield from self.preamble()
        yield from self.groups(lay_out(publication.version.charter, publication), 0)
        if general := publication.about(None):
            yield self.paragraph("Heading1", [run(self.words["general_minority"])])
            for statement in general:
                yield from self.minority(set_minority(publication, statement), 0)
        yield from self.about()

    def opening(self) -> Iterator[ET.Element]:
        publication = self.publication
        lines = [visible(publication.process), publication.adopted]
        lines += [f"{self.words['by']} {visible(publication.by)}"] if publication.by else []
        for line in lines:
            if line:
                yield self.paragraph("Subtitle", [run(line)])
        yield self.paragraph("Standing", [run(self.words["non_binding"])])

    def preamble(self) -> Iterator[ET.Element]:
        version = self.publication.preamble
        if version is None:
            return
        yield self.paragraph("Heading1", [run(visible(preamble_title(self.publication, version)))])
        number = self.publication.numbered(version)
        yield self.paragraph("Facts", [run(f"{number} · {version.content}")])
        yield from self.groups(lay_out(version.charter, self.publication, OF_PREAMBLE), 1)

    def groups(self, groups: list[dict[str, Any]], deeper: int, indent: int = 0) -> Iterator[ET.Element]:
        for group in groups:
            if "items" in group:
                for item in group["items"]:
                    yield from self.item(item, deeper, indent + _INDENT)
            else:
                section = group["section"]
                level = min(section["level"] + deeper, 6)
                yield self.paragraph(f"Heading{level}", [run(section["title"])])
                style = "Recommendation" if section["kind"] == "recommendation" else "Normal"
                yield from self.clause(section, style, 0)
                yield from self.groups(section["below"], deeper)

    def item(self, item: dict[str, Any], deeper: int, indent: int) -> Iterator[ET.Element]:
        first, *rest = item["paragraphs"] or [[""]]
        mark = [run(item["number"]), element("w:r", {}, ET.Element("w:tab"))]
        yield self.paragraph("ListParagraph", [*mark, run("\n".join(first))], indent, _INDENT)
        yield from self.clause(item | {"paragraphs": rest}, "ListParagraph", indent)
        yield from self.groups(item["below"], deeper, indent)

    def clause(self, section: dict[str, Any], style: str, indent: int) -> Iterator[ET.Element]:
        for lines in section["paragraphs"]:
            yield self.paragraph(style, [run("\n".join(lines))], indent)
        for state in ("missing", "stale"):
            if section[state]:
                yield self.paragraph("Facts", [run(self.words[state], "w:i")], indent)
        for name, value in section["facts"]:
            yield self.paragraph("Facts", [run(f"{name} ", "w:i"), run(value)], indent)
        for n, lines in enumerate(section["note"]):
            name = [run(f"{self.words['note']}{self.words['colon']}", "w:b")] if n == 0 else []
            yield self.paragraph("Note", [*name, run("\n".join(lines))])
        for statement in section["minority"]:
            yield from self.minority(statement, indent)

    def minority(self, statement: dict[str, Any], indent: int) -> Iterator[ET.Element]:
        name = [run(self.words["minority"], "w:b"), run(f" ({statement['held']})")]
        yield self.paragraph("Minority", name, indent + 200)
        for lines in statement["paragraphs"]:
            yield self.paragraph("Minority", [run("\n".join(lines))], indent + 200)

    def about(self) -> Iterator[ET.Element]:
        yield self.paragraph("Heading1", [run(self.words["about"])])
        address = self.words["address"], visible(self.publication.address)
        for name, value in [address, *self.publication.codes]:
            if value:
                yield self.paragraph("Facts", [run(f"{name}\n{value}")])
        yield self.paragraph("Facts", [run(self.words["code_help"])])

    def paragraph(self, style: str, runs: list[ET.Element], indent: int = 0, hanging: int = 0) -> ET.Element:
        place = {"w:left": str(indent), "w:hanging": str(hanging)}
        settings = [
            element("w:pStyle", {"w:val": style}),
            element("w:bidi") if self.from_right else None,
            element("w:ind", place) if indent else None,
        ]
        return element("w:p", {}, element("w:pPr", {}, *settings), *runs)
