"""Linked data in every language: schema.org Legislation for the text, W3C PROV for its history.

The context stands in the file, so that nothing is fetched to read it. A version is named by its digest as
RFC 6920 writes it (``ni:///sha-256;…``), its clauses and amendments below it. Versions of the chain are
entities, adoptions are activities that use the version before and the amendments adopted, and amendments
derive from the contributions that they answer.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from charters.formats.publication import WORDS, Minority, Publication
from charters.labels import heading_line, numbers, spoken
from charters.model import Charter, Clause
from charters.version import Adopted, Version

Node = dict[str, Any]
_CONTEXT: Node = {
    "@vocab": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "hasPart": {"@container": "@list"},
    "inLanguage": {"@container": "@set"},
    "isPartOf": {"@type": "@id"},
    "about": {"@type": "@id"},
    "citation": {"@container": "@set"},
    "legislationDate": {"@type": "xsd:date"},
    "legislationDateVersion": {"@type": "xsd:date"},
    "prov:specializationOf": {"@type": "@id"},
    "prov:wasRevisionOf": {"@type": "@id"},
    "prov:wasDerivedFrom": {"@type": "@id"},
    "prov:wasGeneratedBy": {"@type": "@id"},
    "prov:used": {"@type": "@id"},
    "prov:endedAtTime": {"@type": "xsd:date"},
}
_WORK = "_:charter"


def write(publication: Publication) -> bytes:
    """The version, those before it, their amendments and adoptions, as JSON-LD 1.1."""
    version = publication.version
    graph = [_work(publication), _version(version) | _text(publication)]
    graph += [_version(one) for one in reversed(publication.chain)]
    for one in reversed(publication.history):
        graph += [_adoption(one)] if one.date else []
        graph += [_amendment(one, adopted) for adopted in one.amendments]
    graph += [_minority(publication, one, n) for n, one in enumerate(publication.minority, 1)]
    value = {"@context": _CONTEXT, "@graph": graph}
    # Pages carry linked data inside a script element: no text may end it.
    return json.dumps(value, ensure_ascii=False, indent=1).replace("<", "\\u003c").encode() + b"\n"


def version_iri(digest: str) -> str:
    """The name of what has this digest (RFC 6920)."""
    raw = bytes.fromhex(digest.removeprefix("sha256:"))
    return "ni:///sha-256;" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _work(publication: Publication) -> Node:
    charter = publication.version.charter
    node: Node = {
        "@id": _WORK, "@type": "Legislation",
        "legislationIdentifier": charter.id,
        "legislationType": _said("non_binding_short", charter),
        "name": _tagged(charter.title),
    }  # fmt: skip
    if publication.process:
        node["isBasedOn"] = {"@type": "Project", "name": publication.process}
    if publication.by:
        node["sponsor"] = {"@type": "Organization", "name": publication.by}
    return node


def _version(version: Version) -> Node:
    node: Node = {
        "@id": version_iri(version.digest), "@type": ["Legislation", "prov:Entity"],
        "legislationIdentifier": f"{version.charter.id}/{version.number}",
        "name": _tagged(version.charter.title),
        "version": version.number,
        "identifier": [_code("content", version.content), _code("version", version.digest)],
        "prov:specializationOf": _WORK,
        "prov:wasRevisionOf": [version_iri(parent) for parent in version.parents],
    }  # fmt: skip
    if version.date:
        node |= {
            "legislationDate": version.date, "legislationDateVersion": version.date,
            "prov:wasGeneratedBy": f"{node['@id']}#act/adoption",
        }  # fmt: skip
    return node


def _text(publication: Publication) -> Node:
    """What is said of the version published alone: its text and what it includes."""
    version = publication.version
    charter = version.charter
    node: Node = {
        "inLanguage": list(charter.languages),
        "creativeWorkStatus": _said("non_binding", charter),
        "hasPart": _Clauses(version).nodes(charter.clauses),
    }
    node |= {"url": publication.address} if publication.address else {}
    node |= {"keywords": charter.theme} if charter.theme else {}
    if pinned := charter.preamble:
        node["legislationConsolidates"] = {
            "@type": "Legislation",
            "legislationIdentifier": f"{pinned.charter}/{pinned.version}",
            "identifier": [_code("content", pinned.content)],
        } | _included(publication)
    return node


def _included(publication: Publication) -> Node:
    version = publication.preamble
    if version is None:
        return {}
    parts = _Clauses(version).nodes(version.charter.clauses)
    return {"@id": version_iri(version.digest), "name": _tagged(version.charter.title), "hasPart": parts}


class _Clauses:
    """The clauses of one version as nodes, named below its IRI."""

    def __init__(self, version: Version) -> None:
        self.iri = version_iri(version.digest)
        self.langs, self.numbers = version.charter.languages, numbers(version.charter)

    def nodes(self, clauses: tuple[Clause, ...]) -> list[Node]:
        return [self.node(clause) for clause in clauses]

    def node(self, clause: Clause) -> Node:
        written = clause.languages
        langs = [lang for lang in self.langs if lang in written] or self.langs
        number = self.numbers.get(clause.id)
        node: Node = {
            "@id": f"{self.iri}#{clause.id}", "@type": "CreativeWork",
            "additionalType": clause.kind,
            "identifier": clause.id,
            "name": _tagged({lang: heading_line(clause, number, lang) for lang in langs}),
            "position": number,
            "text": _tagged(clause.text),
            "description": _tagged(clause.note),
            "citation": [{"@type": "Legislation", "name": one} for one in clause.references],
            "audience": [{"@type": "Audience", "audienceType": one} for one in clause.commits],
            "creativeWorkStatus": _tagged({lang: WORDS[spoken(lang)]["stale"] for lang in clause.stale}),
            "hasPart": self.nodes(clause.clauses),
        }  # fmt: skip
        return {key: value for key, value in node.items() if value}


def _adoption(version: Version) -> Node:
    iri = version_iri(version.digest)
    used = [version_iri(parent) for parent in version.parents]
    used += [_amendment_iri(version, adopted) for adopted in version.amendments]
    node: Node = {"@id": f"{iri}#act/adoption", "@type": "prov:Activity", "prov:endedAtTime": version.date}
    node |= {"identifier": version.act} if version.act else {}
    return node | {"prov:used": used}


def _amendment(version: Version, adopted: Adopted) -> Node:
    iri = version_iri(version.digest)
    return {
        "@id": _amendment_iri(version, adopted), "@type": "prov:Entity", "identifier": adopted.id,
        "prov:wasDerivedFrom": [
            {"@id": f"{iri}#contribution/{quote(answer, safe='')}", "@type": "prov:Entity", "identifier": answer}
            for answer in adopted.answers
        ],
    }  # fmt: skip


def _amendment_iri(version: Version, adopted: Adopted) -> str:
    return f"{version_iri(version.digest)}#amendment/{adopted.id}"


def _minority(publication: Publication, one: Minority, number: int) -> Node:
    iri = version_iri(publication.version.digest)
    held: Node = {
        "@type": "InteractionCounter",
        "interactionType": {"@id": "https://schema.org/EndorseAction"},
        "userInteractionCount": one.count,
    }
    return {
        "@id": f"{iri}#minority/{number}", "@type": "Comment",
        "name": _tagged({publication.lang: publication.words["minority"]}),
        "about": f"{iri}#{one.clause}" if one.clause else iri,
        "text": _tagged({publication.lang: one.text}),
        "interactionStatistic": held,
        "author": [{"@type": "Person", "name": name} for name in one.signatures],
    }  # fmt: skip


def _said(word: str, charter: Charter) -> list[Node]:
    """One of our own sentences, in the languages of the charter that we speak."""
    spoken_here = [lang for lang in charter.languages if lang in WORDS] or ["en"]
    return _tagged({lang: WORDS[lang][word] for lang in spoken_here})


def _tagged(texts: Mapping[str, str]) -> list[Node]:
    return [{"@language": lang, "@value": text} for lang, text in texts.items()]


def _code(name: str, code: str) -> Node:
    return {"@type": "PropertyValue", "propertyID": name, "value": code}
