"""Linked data: what a reader of RDF finds in it, with no network."""

import json
from typing import Any

from pyld import jsonld

from charters import export
from charters.formats.as_jsonld import version_iri
from tests.charters.published import FIRST, MINORITY, PREAMBLE, SECOND

SCHEMA, PROV = "https://schema.org/", "http://www.w3.org/ns/prov#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ONE, TWO = version_iri(FIRST.digest), version_iri(SECOND.digest)
CONTENT = json.loads(
    export(
        SECOND, "jsonld", "fr", minority=MINORITY, preamble=PREAMBLE, chain=[FIRST, SECOND],
        address="https://c.example/2", process="Le temps", by="La région",
    )
)  # fmt: skip


def no_network(address: str, _options: object) -> Any:
    raise AssertionError(f"{address} would be fetched")


def triples() -> set[tuple[str, str, str]]:
    graph = jsonld.to_rdf(CONTENT, {"documentLoader": no_network})["@default"]
    return {(one["subject"]["value"], one["predicate"]["value"], one["object"]["value"]) for one in graph}


TRIPLES = triples()


def test_a_version_is_legislation_of_a_date_with_its_codes() -> None:
    assert {
        (TWO, TYPE, f"{SCHEMA}Legislation"),
        (TWO, f"{SCHEMA}legislationDate", "2026-06-14"),
        (TWO, f"{SCHEMA}version", "2"),
        (TWO, f"{SCHEMA}name", "Charte du temps"),
        (TWO, f"{SCHEMA}name", "Charter of time"),
        (TWO, f"{SCHEMA}url", "https://c.example/2"),
    } <= TRIPLES
    codes = {value for _one, name, value in TRIPLES if name == f"{SCHEMA}value"}
    assert {SECOND.content, SECOND.digest, FIRST.digest} <= codes


def test_it_says_in_every_language_that_it_binds_nobody() -> None:
    said = {value for one, name, value in TRIPLES if (one, name) == (TWO, f"{SCHEMA}creativeWorkStatus")}
    assert {text[:11] for text in said} == {"Document de", "A reference"}


def test_the_history_is_told_as_provenance() -> None:
    amendment = f"{TWO}#amendment/am-12"
    assert {
        (TWO, f"{PROV}wasRevisionOf", ONE),
        (ONE, TYPE, f"{PROV}Entity"),
        (TWO, f"{PROV}wasGeneratedBy", f"{TWO}#act/adoption"),
        (f"{TWO}#act/adoption", TYPE, f"{PROV}Activity"),
        (f"{TWO}#act/adoption", f"{PROV}used", ONE),
        (f"{TWO}#act/adoption", f"{PROV}used", amendment),
        (f"{TWO}#act/adoption", f"{PROV}endedAtTime", "2026-06-14"),
        (amendment, f"{PROV}wasDerivedFrom", f"{TWO}#contribution/c-104"),
    } <= TRIPLES


def test_clauses_keep_their_ids_words_and_what_they_lean_on() -> None:
    right = f"{TWO}#t1"
    assert {
        (right, f"{SCHEMA}identifier", "t1"),
        (right, f"{SCHEMA}name", "Droit 1 — Le temps choisi"),
        (right, f"{SCHEMA}text", "All decide."),
        (f"{TWO}#rec", f"{SCHEMA}additionalType", "recommendation"),
    } <= TRIPLES
    cited = {value for one, name, value in TRIPLES if (one, name) == (right, f"{SCHEMA}citation")}
    names = {value for one, name, value in TRIPLES if one in cited and name == f"{SCHEMA}name"}
    assert names == {"ETS 5", "SDG 8.5"}


def test_clauses_and_the_included_preamble_stand_in_order() -> None:
    expanded = jsonld.expand(CONTENT, {"documentLoader": no_network})
    version = next(node for node in expanded if node["@id"] == TWO)
    (parts,) = version[f"{SCHEMA}hasPart"]
    assert [part["@id"] for part in parts["@list"]] == [f"{TWO}#{one}" for one in ("pre", "p", "rec")]
    (included,) = version[f"{SCHEMA}legislationConsolidates"]
    assert included["@id"] == version_iri(PREAMBLE.digest)


def test_a_minority_statement_names_its_clause_and_how_many_hold_it() -> None:
    assert (f"{TWO}#minority/1", f"{SCHEMA}about", f"{TWO}#t1") in TRIPLES
    assert (f"{TWO}#minority/3", f"{SCHEMA}about", TWO) in TRIPLES
    assert {value for _one, name, value in TRIPLES if name == f"{SCHEMA}userInteractionCount"} == {
        "4",
        "1",
        "2",
    }
