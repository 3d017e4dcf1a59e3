"""What Akoma Ntoso says about a document: identification, lifecycle, modifications, references.

Sources are given as ids of ``references``. The modifications are those of the amendments adopted in each
version known; of a version without any, those of its operations. A move is written as a renumbering:
Akoma Ntoso has no word for it, and the number is what follows from the place.
"""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from charters.formats.akn_names import COUNTRY, day, expression, work
from charters.formats.publication import Publication
from charters.formats.xml_words import attribute, element
from charters.labels import COMMITTED, spoken
from charters.model import COMMITS
from charters.operations import Confirm, Describe, Insert, Join, Move, Operation, Replace, Split, Strike
from charters.version import Version

EDITOR = "#editor"
_TYPES: dict[type, str] = {
    Insert: "insertion", Replace: "substitution", Describe: "substitution", Strike: "repeal",
    Move: "renumbering", Split: "split", Join: "join",
}  # fmt: skip


def meta(publication: Publication, ids: dict[str, str]) -> ET.Element:
    """The ``meta`` of a publication; ``ids``: the eId of each clause."""
    theme = attribute(publication.version.charter.theme)
    keyword = {"value": theme, "showAs": theme, "dictionary": "deliberate"}
    classification = element("classification", {"source": EDITOR}, element("keyword", keyword))
    modifications = list(_modifications(publication, ids))
    analysis = element(
        "analysis", {"source": EDITOR}, element("passiveModifications", {}, *modifications)
    )  # fmt: skip
    return element(
        "meta", {},
        _identification(publication),
        classification if theme else None,
        _lifecycle(publication),
        analysis if modifications else None,
        _references(publication),
    )  # fmt: skip


def _identification(publication: Publication) -> ET.Element:
    version, history, lang = publication.version, publication.history, publication.lang
    the_work, the_expression = work(history), expression(history, version, lang)
    codes = [("content", version.content), ("version", version.digest)]
    codes += [("address", attribute(publication.address))] if publication.address else []
    return element(
        "identification", {"source": EDITOR},
        element(
            "FRBRWork", {},
            *_core(the_work, day(history[0]), [("title", attribute(publication.title))]),
            element("FRBRcountry", {"value": COUNTRY}),
            element("FRBRsubtype", {"value": "charter"}),
            element("FRBRname", {"value": version.charter.id}),
            element("FRBRprescriptive", {"value": "false"}),
        ),
        element(
            "FRBRExpression", {},
            *_core(the_expression, day(version), codes),
            element("FRBRversionNumber", {"value": str(version.number)}),
            element("FRBRlanguage", {"language": lang}),
        ),
        element(
            "FRBRManifestation", {},
            *_core(f"{the_expression}.akn", day(version), []),
            element("FRBRformat", {"value": "application/akn+xml"}),
        ),
    )  # fmt: skip


def _core(address: str, date: str, aliases: Sequence[tuple[str, str]]) -> Iterator[ET.Element]:
    stem = address.removesuffix(".akn")
    this = f"{stem}/!main" + address[len(stem) :]
    yield element("FRBRthis", {"value": this})
    yield element("FRBRuri", {"value": address})
    yield from (element("FRBRalias", {"value": value, "name": name}) for name, value in aliases)
    yield element("FRBRdate", {"date": date, "name": "adopted" if date != "0001-01-01" else "draft"})
    yield element("FRBRauthor", {"href": "#author"})


def _lifecycle(publication: Publication) -> ET.Element:
    events = [
        {"eId": f"e_{n}", "date": day(version), "source": f"#version-{version.number}",
         "type": "amendment" if version.parents else "generation"}
        for n, version in enumerate(publication.history, 1)
    ]  # fmt: skip
    return element("lifecycle", {"source": EDITOR}, *(element("eventRef", event) for event in events))


def _modifications(publication: Publication, ids: dict[str, str]) -> Iterator[ET.Element]:
    count = 0
    for version in publication.history:
        if not version.parents:
            continue
        for source, step in _steps(version):
            if isinstance(step, Confirm):
                continue
            count += 1
            yield element(
                "textualMod", {"type": _TYPES[type(step)], "eId": f"pmod_{count}"},
                element("source", {"href": f"#{source}"}),
                *(element("destination", {"href": _place(c, publication, ids)}) for c in _touched(step)),
            )  # fmt: skip


def _steps(version: Version) -> Iterator[tuple[str, Operation]]:
    for adopted in version.amendments:
        yield from ((f"amendment-{version.number}-{adopted.id}", step) for step in adopted.operations)
    if not version.amendments:
        yield from ((f"version-{version.number}", step) for step in version.operations)


def _touched(step: Operation) -> tuple[str, ...]:
    match step:
        case Insert():
            return (step.clause.id,)
        case Split():
            return (step.clause, *step.ids)
        case Join():
            return step.clauses
        case Describe():
            return ("",)
        case _:
            return (step.clause,)


def _place(clause: str, publication: Publication, ids: dict[str, str]) -> str:
    """Where a clause stands; one that is no longer there is named in the work by our id."""
    if not clause:
        return "#doctitle"
    return f"#{ids[clause]}" if clause in ids else f"{work(publication.history)}~{clause}"


def _references(publication: Publication) -> ET.Element:
    history, roles = publication.history, COMMITTED[spoken(publication.lang)]
    author = attribute(publication.by or publication.process or publication.title)
    found = [
        _reference("passiveRef" if version.parents else "original", f"version-{version.number}",
                   expression(history, version, publication.lang),
                   publication.numbered(version))
        for version in history
    ]  # fmt: skip
    found += [
        _reference("passiveRef", f"amendment-{version.number}-{adopted.id}",
                   f"{work(history)}/amendment/{version.number}/{adopted.id}", adopted.id)
        for version in history for adopted in version.amendments
    ]  # fmt: skip
    found.append(_reference("TLCOrganization", "author", "/akn/ontology/organization/author", author))
    found.append(
        _reference("TLCOrganization", "editor", "/akn/ontology/organization/deliberate", "Deliberate")
    )
    found += [_reference("TLCRole", name, f"/akn/ontology/role/{name}", roles[name]) for name in COMMITS]
    return element("references", {"source": EDITOR}, *found, _preamble(publication))


def _preamble(publication: Publication) -> ET.Element | None:
    pinned = publication.version.charter.preamble
    if pinned is None:
        return None
    href = f"/akn/ontology/charter/{pinned.charter}/{pinned.version}/{pinned.content}"
    named = _reference("TLCReference", "common-preamble", href, publication.words["common_preamble"])
    named.set("name", "preamble")
    return named


def _reference(tag: str, id: str, href: str, shown: str) -> ET.Element:
    return element(tag, {"eId": id, "href": href, "showAs": shown})
