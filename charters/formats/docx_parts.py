"""The parts of a DOCX beside its text: styles, footer, properties (ECMA-376, Office Open XML)."""

from datetime import date
from xml.etree import ElementTree as ET

from charters.formats.layout import visible
from charters.formats.publication import Publication, direction
from charters.formats.xml_words import element, worded

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = f"{_PACKAGE}/metadata/core-properties"
_RELATED = f"{_PACKAGE}/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SOFT, _ACCENT = "5A554D", "0A5A63"
_BORDER = {"w:val": "single", "w:sz": "4", "w:space": "6", "w:color": "B9B3A5"}
_BOX = dict.fromkeys(("top", "left", "bottom", "right"), _BORDER)
_THICK = _BORDER | {"w:sz": "18", "w:color": "3B3F8F"}
Facts = dict[str, str]


def parts(publication: Publication, document: ET.Element) -> dict[str, ET.Element]:
    """Every part of the package by its name; ``document`` is the main one."""
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("officeDocument", f"{OFFICE}/officeDocument", "word/document.xml"),
            ("core", f"{_RELATED}/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _properties(publication),
        "word/_rels/document.xml.rels": _relations(
            ("styles", f"{OFFICE}/styles", "styles.xml"),
            ("settings", f"{OFFICE}/settings", "settings.xml"),
            ("footer", f"{OFFICE}/footer", "footer1.xml"),
        ),
        "word/document.xml": document,
        "word/footer1.xml": _footer(publication),
        "word/settings.xml": _settings(publication.lang),
        "word/styles.xml": _styles(publication.lang),
    }


def run(text: str, *marks: str) -> ET.Element:
    """Words with marks such as ``w:b`` or ``w:i``; a line feed begins a new line."""
    made = element("w:r", {}, element("w:rPr", {}, *(ET.Element(mark) for mark in marks)) if marks else None)
    for n, line in enumerate(text.split("\n")):
        if n:
            made.append(ET.Element("w:br"))
        made.append(worded("w:t", line, {"xml:space": "preserve"}))
    return made


def _content_types() -> ET.Element:
    types = {
        "/word/document.xml": f"{_TYPE}.document.main+xml",
        "/word/styles.xml": f"{_TYPE}.styles+xml",
        "/word/settings.xml": f"{_TYPE}.settings+xml",
        "/word/footer1.xml": f"{_TYPE}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    relations = {
        "Extension": "rels",
        "ContentType": "application/vnd.openxmlformats-package.relationships+xml",
    }
    return element(
        "Types", {"xmlns": f"{_PACKAGE}/content-types"},
        element("Default", relations),
        element("Default", {"Extension": "xml", "ContentType": "application/xml"}),
        *(element("Override", {"PartName": name, "ContentType": kind}) for name, kind in types.items()),
    )  # fmt: skip


def _relations(*known: tuple[str, str, str]) -> ET.Element:
    return element(
        "Relationships", {"xmlns": _RELATED},
        *(element("Relationship", {"Id": name, "Type": kind, "Target": to}) for name, kind, to in known),
    )  # fmt: skip


def _properties(publication: Publication) -> ET.Element:
    adopted = date.fromisoformat(publication.version.date or "2000-01-01")
    when = {"xsi:type": "dcterms:W3CDTF"}
    return element(
        "cp:coreProperties",
        {
            "xmlns:cp": _CORE, "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:dcterms": "http://purl.org/dc/terms/",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        },
        worded("dc:title", visible(publication.title)),
        worded("dc:subject", publication.words["non_binding_short"]),
        worded("dc:description", publication.words["non_binding"]),
        worded("dc:identifier", publication.version.digest),
        worded("dc:language", publication.lang),
        worded("dcterms:created", f"{adopted}T12:00:00Z", when),
        worded("dcterms:modified", f"{adopted}T12:00:00Z", when),
    )  # fmt: skip


def _footer(publication: Publication) -> ET.Element:
    version = publication.version
    number = publication.numbered(version) if version.date else publication.adopted
    line = f"{visible(publication.short_title)} · {number} · {publication.words['non_binding_short']}"
    return element(
        "w:ftr", {"xmlns:w": W},
        element(
            "w:p", {}, _paragraph_style("Footer"),
            run(f"{line}\n{version.digest}"), element("w:r", {}, ET.Element("w:tab")),
            element("w:fldSimple", {"w:instr": " PAGE "}, run("1")),
        ),
    )  # fmt: skip


def _paragraph_style(name: str) -> ET.Element:
    return element("w:pPr", {}, element("w:pStyle", {"w:val": name}))


def _settings(lang: str) -> ET.Element:
    mode = {
        "w:name": "compatibilityMode", "w:uri": "http://schemas.microsoft.com/office/word", "w:val": "15",
    }  # fmt: skip
    return element(
        "w:settings", {"xmlns:w": W},
        element("w:autoHyphenation"),
        element("w:compat", {}, element("w:compatSetting", mode)),
        element("w:themeFontLang", {"w:val": lang}),
    )  # fmt: skip


def _styles(lang: str) -> ET.Element:
    fonts = {f"w:{name}": "Georgia" for name in ("ascii", "hAnsi", "cs")}
    words = element(
        "w:rPr", {},
        element("w:rFonts", fonts), element("w:sz", {"w:val": "22"}), element("w:szCs", {"w:val": "22"}),
        element("w:lang", {"w:val": lang, "w:eastAsia": lang, "w:bidi": lang}),
    )  # fmt: skip
    spacing = element(
        "w:pPr", {}, element("w:spacing", {"w:after": "140", "w:line": "312", "w:lineRule": "auto"})
    )
    defaults = element(
        "w:docDefaults", {}, element("w:rPrDefault", {}, words), element("w:pPrDefault", {}, spacing)
    )
    sizes = {1: 32, 2: 28, 3: 25, 4: 23, 5: 22, 6: 22}
    headings = [
        _style(f"Heading{level}", f"heading {level}", {"size": str(size), "above": "320"}, level=level)
        for level, size in sizes.items()
    ]
    return element(
        "w:styles", {"xmlns:w": W}, defaults,
        _style("Normal", "Normal", {"bidi": direction(lang)}, based=""),
        _style("Title", "Title", {"size": "56", "colour": _ACCENT, "above": "1200"}),
        _style("Subtitle", "Subtitle", {"size": "26", "colour": _SOFT}),
        *headings,
        _style("ListParagraph", "List Paragraph", {}),
        _style("Standing", "Standing", {"bold": "1"}, _BOX),
        _style("Facts", "Facts", {"size": "19", "colour": _SOFT}),
        _style("Note", "Note", {"size": "20", "colour": _SOFT, "indent": "400"}, {"left": _BORDER}),
        _style("Minority", "Minority", {"size": "21", "indent": "200"}, {"left": _THICK}),
        _style("Recommendation", "Recommendation", {"indent": "140"}, {"left": _BORDER | {"w:sz": "12"}}),
        _style("Footer", "footer", {"size": "15", "colour": _SOFT, "tab": "8300"}),
    )  # fmt: skip


def _style(
    id: str, name: str, facts: Facts, borders: dict[str, Facts] | None = None, *,
    level: int = 0, based: str = "Normal",
) -> ET.Element:  # fmt: skip
    """A style of paragraphs; its parts stand in the order that the standard prescribes."""
    first = {"w:default": "1"} if not based else {}
    return element(
        "w:style", {"w:type": "paragraph", "w:styleId": id} | first,
        element("w:name", {"w:val": name}),
        element("w:basedOn", {"w:val": based}) if based else None,
        element("w:next", {"w:val": "Normal"}) if level else None,
        element("w:qFormat"),
        element("w:pPr", {}, *_setting(facts, borders, level)),
        element("w:rPr", {}, *_lettering(facts, level)),
    )  # fmt: skip


def _setting(facts: Facts, borders: dict[str, Facts] | None, level: int) -> list[ET.Element]:
    made = [element("w:keepNext"), element("w:keepLines")] if level else []
    if borders:
        made.append(element("w:pBdr", {}, *(element(f"w:{side}", kind) for side, kind in borders.items())))
    if "tab" in facts:
        made.append(element("w:tabs", {}, element("w:tab", {"w:val": "right", "w:pos": facts["tab"]})))
    made += [element("w:bidi")] if facts.get("bidi") == "rtl" else []
    made += [element("w:spacing", {"w:before": facts["above"]})] if "above" in facts else []
    made += [element("w:ind", {"w:left": facts["indent"]})] if "indent" in facts else []
    made += [element("w:outlineLvl", {"w:val": str(level - 1)})] if level else []
    return made


def _lettering(facts: Facts, level: int) -> list[ET.Element]:
    made = [element("w:b"), element("w:bCs")] if level or "bold" in facts else []
    made += [element("w:color", {"w:val": facts["colour"]})] if "colour" in facts else []
    size = facts.get("size")
    return made + ([element("w:sz", {"w:val": size}), element("w:szCs", {"w:val": size})] if size else [])
