"""Reading back the Akoma Ntoso that ``as_akn`` writes: ids, kinds, order, words and what is said about them."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from charters.formats.akn_names import ELEMENTS
from charters.formats.xml_words import words_of
from charters.model import MAX_DEPTH, Charter, Clause, Inclusion
from charters.problems import CharterError

_CONTAINERS = {"hcontainer", "container"}
_CLAUSES = ELEMENTS | _CONTAINERS | {"recital", "preamble"}
_HOLDERS = {"content", "intro", "recitals"}


def read_akn(content: bytes | str) -> Charter:
    """Read a charter in one language from Akoma Ntoso.

    Minority statements and the included preamble stand outside the charter and are not read. Raises
    CharterError when the file is not XML, declares a document type (which could name other files), or is
    not a charter as this engine writes it.
    """
    statement = _statement(content)
    lang = _value(statement, "FRBRlanguage", "language")
    title = _found(statement, "docTitle")
    keyword = statement.find(".//classification/keyword")
    tops = [*statement.findall("preamble"), *_found(statement, "mainBody")]
    return Charter(
        id=_value(statement, "FRBRname", "value"),
        title={lang: words_of(title)},
        theme="" if keyword is None else keyword.get("value", ""),
        preamble=_inclusion(statement),
        clauses=tuple(_clause(part, lang, 1) for part in tops if part.tag in _CLAUSES),
    )


class _WithoutDoctype(ET.TreeBuilder):
    """Builds a tree without namespaces, and refuses a document type before anything is expanded."""

    def start(self, tag: str, attrs: dict[str, str]) -> ET.Element:
        return super().start(tag.rpartition("}")[2], attrs)

    def end(self, tag: str) -> ET.Element:
        return super().end(tag.rpartition("}")[2])

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise CharterError("This file declares a document type, which a charter never needs: it is not read.")


def _statement(content: bytes | str) -> ET.Element:
    parser = ET.XMLParser(target=_WithoutDoctype())  # noqa: S314 - a document type is refused above
    try:
        parser.feed(content)
        root = parser.close()
    except CharterError:
        raise
    except (ET.ParseError, LookupError, ValueError) as error:
        raise CharterError("This is not XML: %(reason)s.", reason=str(error)) from error
    statement = root.find("statement") if root.tag == "akomaNtoso" else None
    if statement is None:
        raise CharterError("This file is not a charter in Akoma Ntoso: it holds no statement.")
    return statement


def _clause(part: ET.Element, lang: str, depth: int) -> Clause:
    if depth > MAX_DEPTH:
        raise CharterError("The clauses are more than %(depth)d levels deep.", depth=MAX_DEPTH)
    blocks, below = _parts(part)
    about = {block.get("class", ""): block for block in blocks if block.tag == "p"}
    heading = [block for block in [*part, *blocks] if _name(block) == "heading"]
    return Clause(
        id=part.get("GUID", ""),
        kind=part.get("name", "") if part.tag in _CONTAINERS else part.tag,
        text={lang: _prose(block for block in blocks if block.tag == "p" and not block.get("class"))},
        heading={lang: words_of(heading[0])} if heading else {},
        commits=_commits(about.get("commits")),
        references=tuple(words_of(ref) for ref in _inside(about.get("references"), "ref")),
        note={lang: _prose(p for note in _inside(about.get("note"), "authorialNote") for p in note)},
        stale=(lang,) if "stale" in about else (),
        clauses=tuple(_clause(child, lang, depth + 1) for child in below),
    )


def _parts(part: ET.Element) -> tuple[list[ET.Element], list[ET.Element]]:
    """The blocks of a clause and the clauses below it, in order."""
    blocks: list[ET.Element] = []
    below: list[ET.Element] = []
    for child in part:
        for one in child if child.tag in _HOLDERS else [child]:
            (below if one.tag in _CLAUSES else blocks).append(one)
    return blocks, below


def _name(block: ET.Element) -> str:
    return block.get("name", "") if block.tag == "block" else block.tag


def _prose(blocks: Iterable[ET.Element]) -> str:
    return "\n\n".join(words_of(block) for block in blocks)


def _commits(block: ET.Element | None) -> tuple[str, ...]:
    return tuple(role.get("refersTo", "").removeprefix("#") for role in _inside(block, "role"))


def _inside(block: ET.Element | None, tag: str) -> list[ET.Element]:
    return [] if block is None else block.findall(tag)


def _inclusion(statement: ET.Element) -> Inclusion | None:
    named = statement.find(".//references/TLCReference[@name='preamble']")
    if named is None:
        return None
    parts = named.get("href", "").split("/")[-3:]
    if len(parts) < 3 or not parts[1].isdecimal():
        raise CharterError("The reference to the common preamble cannot be read.")
    return Inclusion(parts[0], int(parts[1]), parts[2])


def _found(statement: ET.Element, tag: str) -> ET.Element:
    part = statement.find(f".//{tag}")
    if part is None:
        raise CharterError("This file is not a charter in Akoma Ntoso: it lacks %(part)s.", part=tag)
    return part


def _value(statement: ET.Element, tag: str, name: str) -> str:
    return _found(statement, tag).get(name, "")
