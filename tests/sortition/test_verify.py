import ast
import copy
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition import Lottery, alternates, reveal, verify_lottery
from sortition.proofs import branches, proof
from sortition.proofs import verify as verifier
from sortition.proofs.canonical import canonical
from sortition.proofs.documents import panels_of_people, sealing
from sortition.sealing import digests


@pytest.fixture(scope="module")
def documents(lottery: Lottery) -> dict[str, Any]:
    return drawn_from(lottery, "07")


@pytest.fixture(scope="module")
def small(few: Lottery) -> dict[str, Any]:
    """The same with ten panels: a check of it takes little time."""
    return drawn_from(few, "7")


def drawn_from(lottery: Lottery, randomness: str) -> dict[str, Any]:
    drawn = reveal(lottery.public, lottery.attributes, randomness)
    found = alternates(lottery.public, lottery.attributes, drawn, 3)
    return {
        "lottery": lottery.public,
        "attributes": lottery.attributes,
        "reveal": drawn.document,
        "alternates": found.document,
        "sets": found.sets,
        "commitment": lottery.commitment,
    }


def failed(documents: dict[str, Any]) -> list[str]:
    return [str(finding) for finding in verify_lottery(**documents) if finding.outcome == "failed"]


def test_a_prepared_lottery_verifies_and_says_what_it_cannot_know(documents: dict[str, Any]) -> None:
    findings = verify_lottery(**documents)
    assert {finding.outcome for finding in findings} == {"passed", "unchecked"}
    unchecked = " ".join(str(finding) for finding in findings if finding.outcome == "unchecked")
    assert "truly came from the source declared: two balls drawn in public" in unchecked


def test_without_the_rows_the_quotas_are_listed_as_unchecked(lottery: Lottery) -> None:
    findings = verify_lottery(lottery.public)
    assert [finding.outcome for finding in findings].count("unchecked") == 5
    assert not failed({"lottery": lottery.public})


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every leaf."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = False
    for key, item in items:
        found = True
        yield from places(item, (*path, key))
    if not found:
        yield path


@pytest.fixture(scope="module")
def leaves(small: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    return {name: list(places(small[name])) for name in ("lottery", "attributes", "alternates", "sets")}


def changed(document: Any, path: tuple[Any, ...], change: Any) -> Any:
    copied = copy.deepcopy(document)
    holder = copied
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = change(holder[path[-1]])
    return copied


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}x"


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_single_changed_field_is_rejected(
    small: dict[str, Any], leaves: dict[str, list[tuple[Any, ...]]], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["lottery", "attributes", "alternates", "sets"]))
    path = data.draw(st.sampled_from(leaves[name]))
    assert failed(small | {name: changed(small[name], path, other)})


@pytest.mark.parametrize("field", ["format", "commitment", "ticket", "people"])
def test_a_changed_reveal_is_rejected(documents: dict[str, Any], field: str) -> None:
    change = documents["reveal"][field][1:] if field == "people" else other(documents["reveal"][field])
    assert failed(documents | {"reveal": documents["reveal"] | {field: change}})


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_single_changed_byte_is_rejected(small: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["lottery", "attributes"]))
    text = bytearray(canonical(small[name]))
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] = data.draw(st.integers(32, 126).filter(lambda byte: byte != text[place]))
    try:
        parsed = json.loads(bytes(text))
    except ValueError:
        return
    assert failed(small | {name: parsed})


@settings(max_examples=150, deadline=None, report_multiple_bugs=False)
@given(data=st.data())
def test_documents_of_any_shape_are_answered(small: dict[str, Any], data: st.DataObject) -> None:
    anything = st.recursive(
        st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    )
    name = data.draw(st.sampled_from(["lottery", "attributes", "reveal", "alternates", "sets"]))
    key = data.draw(st.sampled_from(sorted(small[name])))
    verify_lottery(**small | {name: small[name] | {key: data.draw(anything)}})
    verify_lottery(data.draw(anything))


def resealed(documents: dict[str, Any], attributes: Any, **public: Any) -> dict[str, Any]:
    """The documents as somebody would publish them who lied before sealing."""
    rows = zip(
        attributes["nonces"],
        attributes["rows"],
        panels_of_people(attributes["panels"], len(attributes["rows"])),
        strict=True,
    )
    lottery = documents["lottery"] | {
        "certificate": sealing(attributes["certificate_nonce"], attributes["certificate"]),
        "commitments": [sealing(nonce, [row, held]) for nonce, row, held in rows],
        "panels": list(map(sealing, attributes["panel_nonces"], attributes["panels"])),
    }
    lottery |= public
    del lottery["digests"]
    return {"lottery": {**lottery, "digests": digests(lottery)}, "attributes": attributes}


def test_a_panel_that_misses_a_quota_is_refused(documents: dict[str, Any]) -> None:
    quotas = copy.deepcopy(documents["lottery"]["quotas"])
    quotas[3]["max"] = quotas[3]["lowest"] - 1
    lie = resealed(documents, documents["attributes"], quotas=quotas)
    assert any("the quota is" in sentence for sentence in failed(lie))


def test_a_row_exchanged_after_the_commitment_is_refused(documents: dict[str, Any]) -> None:
    rows = documents["attributes"]["rows"]
    lie = documents | {"attributes": documents["attributes"] | {"rows": [*rows[1:], rows[0]]}}
    assert any("are not those committed to" in sentence for sentence in failed(lie))


def test_a_bound_lower_than_what_is_proved_is_refused(documents: dict[str, Any]) -> None:
    lie = copy.deepcopy(documents["attributes"])
    lie["certificate"]["levels"][0]["bound"] = "1/1000"
    assert any("proves" in sentence for sentence in failed(resealed(documents, lie)))


def test_multipliers_that_prove_nothing_are_refused(documents: dict[str, Any]) -> None:
    lie = copy.deepcopy(documents["attributes"])
    lie["certificate"]["levels"][0]["multipliers"] = [0] * len(lie["certificate"]["levels"][0]["multipliers"])
    assert failed(resealed(documents, lie))


def test_somebody_left_out_of_the_certificate_is_noticed(documents: dict[str, Any]) -> None:
    lie = copy.deepcopy(documents["attributes"])
    lie["certificate"]["levels"][0]["people"].pop()
    assert failed(resealed(documents, lie)) == ["The certificate does not name each person once."]


def test_a_better_least_chance_than_counted_is_refused(documents: dict[str, Any]) -> None:
    chances = documents["lottery"]["chances"] | {"least": "1/2"}
    assert any(
        "is stated" in sentence
        for sentence in failed(resealed(documents, documents["attributes"], chances=chances))
    )


def test_somebody_twice_on_a_panel_is_noticed(documents: dict[str, Any]) -> None:
    panels = copy.deepcopy(documents["attributes"]["panels"])
    panels[5][1] = panels[5][0]
    lie = resealed(documents, documents["attributes"] | {"panels": panels})
    assert "Panel 5 does not have 6 different people of the pool." in failed(lie)


def without(documents: dict[str, Any], people: Iterable[int], *parts: str) -> dict[str, Any]:
    """The documents once those people had `parts` (rows, nonces) withdrawn."""
    attributes = dict(documents["attributes"])
    for part in parts:
        attributes[part] = list(attributes[part])
        for position in people:
            attributes[part][position] = None
    return documents | {"attributes": attributes}


def test_rows_withdrawn_with_their_nonces_are_no_fault_and_are_said(documents: dict[str, Any]) -> None:
    members = documents["attributes"]["panels"][7][:3]
    findings = verify_lottery(**without(documents, members, "rows", "nonces"))
    told: dict[str, list[str]] = {"passed": [], "failed": [], "unchecked": [], "withdrawn": []}
    for finding in findings:
        told[finding.outcome].append(str(finding))
    assert told["failed"] == []
    assert told["withdrawn"] == [
        "Rows withdrawn by the people they concern: 3. Panels that hold them are checked without them."
    ]
    assert "Each of the 27 rows, with the panels of its person, is the one committed to." in told["passed"]
    assert "Every panel meets every quota." not in told["passed"]
    assert "That no lottery is more equal: the rows withdrawn are needed." in told["unchecked"]


@settings(max_examples=30, deadline=None)
@given(people=st.sets(st.integers(0, 29)))
def test_whoever_withdraws_the_lottery_still_verifies(small: dict[str, Any], people: set[int]) -> None:
    assert failed(without(small, people, "rows", "nonces")) == []


@pytest.mark.parametrize("part", ["rows", "nonces"])
def test_a_row_or_a_nonce_withdrawn_without_the_other_is_a_fault(
    documents: dict[str, Any], part: str
) -> None:
    person = documents["lottery"]["pseudonyms"][4]
    assert failed(without(documents, [4], part)) == [
        f"Of {person} only the row or only the nonce was withdrawn; they go together."
    ]


@pytest.mark.parametrize(
    ("side", "limit", "sentence"),
    [
        ("max", 2, "Panel 7 has 3 with “gender: woman” and 1 withdrawn; the quota is 3 to 2."),
        ("min", 4, "Panel 7 has 2 with “gender: woman” and 1 withdrawn; the quota is 4 to 3."),
    ],
)
def test_a_panel_that_misses_a_quota_whatever_was_withdrawn_is_refused(
    documents: dict[str, Any], side: str, limit: int, sentence: str
) -> None:
    rows, panel = documents["attributes"]["rows"], documents["attributes"]["panels"][7]
    gone = next(place for place in panel if (rows[place][0] == "woman") == (side == "min"))
    quotas = copy.deepcopy(documents["lottery"]["quotas"])
    quotas[0][side] = limit
    lie = resealed(documents, documents["attributes"], quotas=quotas)
    assert sentence in failed(without(lie, [gone], "rows", "nonces"))


def test_stated_extremes_are_held_to_what_the_known_rows_allow(documents: dict[str, Any]) -> None:
    quotas = copy.deepcopy(documents["lottery"]["quotas"])
    quotas[2]["highest"] = 6
    lie = without(resealed(documents, documents["attributes"], quotas=quotas), [0], "rows", "nonces")
    assert any("the panels say otherwise" in sentence for sentence in failed(lie))


def test_a_certificate_changed_behind_a_withdrawn_row_is_refused(documents: dict[str, Any]) -> None:
    lie = copy.deepcopy(without(documents, [0], "rows", "nonces"))
    lie["attributes"]["certificate"]["levels"][0]["multipliers"][0] += 1
    assert failed(lie) == ["The certificate in attributes.json is not the one sealed with this lottery."]


def test_chances_stated_falsely_are_refused_behind_a_withdrawn_row(documents: dict[str, Any]) -> None:
    chances = documents["lottery"]["chances"] | {"largest_difference": "0/1"}
    lie = resealed(documents, documents["attributes"], chances=chances)
    assert failed(without(lie, [0], "rows", "nonces")) == [
        "The chances stated with the lottery are not those of its panels and its certificate."
    ]


VERIFYING = sorted(path.stem for path in Path(verifier.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("module", VERIFYING)
def test_what_verifies_imports_the_standard_library_and_its_own_parts_only(module: str) -> None:
    tree = ast.parse(Path(verifier.__file__).with_name(f"{module}.py").read_text("utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
    }
    ours = {f"sortition.proofs.{name}" for name in VERIFYING} | {"sortition.problems"}
    assert {name.split(".")[0] for name in imported - ours} <= sys.stdlib_module_names


def with_quotas(documents: dict[str, Any], *first: dict[str, Any], **change: Any) -> dict[str, Any]:
    """The documents sealed with `first` before their quotas, and with `change` in the one that stood first."""
    attributes, quotas = copy.deepcopy(documents["attributes"]), copy.deepcopy(documents["lottery"]["quotas"])
    quotas[0] |= change
    for level in attributes["certificate"]["levels"]:
        level["multipliers"] = [0] * len(first) + level["multipliers"]
    return resealed(documents, attributes, quotas=[*first, *quotas])


def test_a_quota_hidden_behind_another_of_the_same_name_is_refused(documents: dict[str, Any]) -> None:
    broken = {"min": 6, "max": 6, "seated": 6, "lowest": 6, "highest": 6}
    lie = with_quotas(documents, {"category": "gender", "value": "man", **broken})
    assert "“gender: man” stands twice among the quotas." in failed(lie)


def test_people_said_to_be_seated_in_one_quota_only_are_refused(documents: dict[str, Any]) -> None:
    lie = with_quotas(documents, min=6, max=6, seated=3, lowest=6, highest=6)
    assert failed(lie) == ["In “gender” the quotas count 3 people seated already; 0 are stated."]


def test_a_broken_quota_is_seen_in_the_public_document_alone(documents: dict[str, Any]) -> None:
    lie = with_quotas(documents, min=4, max=5)["lottery"]
    assert failed({"lottery": lie}) == [
        "“gender: woman” is stated to have 3 to 3 people; the quota is 4 to 5."
    ]


def test_people_seated_by_no_lottery_are_said_to_be_unchecked(documents: dict[str, Any]) -> None:
    quotas = copy.deepcopy(documents["lottery"]["quotas"])
    for quota in quotas:
        if quota["value"] in ("woman", "60+"):
            quota |= {key: quota[key] + 2 for key in ("min", "max", "seated", "lowest", "highest")}
    findings = verify_lottery(**resealed(documents, documents["attributes"], quotas=quotas, size=8, seated=2))
    assert not [one for one in findings if one.outcome == "failed"]
    assert any("How the 2 people who were seated before" in str(one) for one in findings)


def test_a_panel_sealed_so_that_nobody_could_open_it_is_refused(documents: dict[str, Any]) -> None:
    attributes = copy.deepcopy(documents["attributes"])
    attributes["panels"][7].reverse()
    assert failed(resealed(documents, attributes)) == [
        "Panel 7 does not stand in the order of the pool: nobody could open it."
    ]


def with_cuts(documents: dict[str, Any], *cuts: dict[str, Any]) -> dict[str, Any]:
    attributes = copy.deepcopy(documents["attributes"])
    attributes["certificate"]["cuts"] = list(cuts)
    for level in attributes["certificate"]["levels"]:
        level["multipliers"] += [0] * len(cuts)
    return resealed(documents, attributes)


IDLE = {"weights": [0], "limit": 1, "scale": 1, "nodes": [[]]}


def test_a_cut_over_nobody_is_refused(documents: dict[str, Any]) -> None:
    assert failed(with_cuts(documents, IDLE | {"groups": [[]]})) == [
        "Cut 1 of the certificate is not proved by its tree."
    ]


def test_cuts_that_rest_on_each_other_without_end_are_refused(
    documents: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(branches, "MOST_STEPS", 10_000)
    lie = with_cuts(documents, *[IDLE | {"groups": [list(range(30))]}] * 100)
    assert any("longer than can be checked" in sentence for sentence in failed(lie))


def test_chances_that_grow_with_every_sum_are_refused(documents: dict[str, Any]) -> None:
    attributes = copy.deepcopy(documents["attributes"])
    for number, level in enumerate(attributes["certificate"]["levels"]):
        level["chance"] = f"1/{10**40 + 2 * number + 1}"
    assert failed(resealed(documents, attributes)) == [
        "The chances of the certificate have no common denominator of bearable size."
    ]


def test_people_whom_cuts_tell_apart_are_counted_before_the_levels_are_checked(
    documents: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "MOST_COMPARISONS", 600)
    apart = IDLE | {"groups": [[position] for position in range(30)], "weights": [0] * 30}
    assert any(
        "more than can be checked" in sentence for sentence in failed(with_cuts(documents, *[apart] * 6))
    )


@pytest.mark.parametrize("name", ["é", "\ud800", 7])
def test_a_name_that_no_digest_can_hold_is_answered(documents: dict[str, Any], name: Any) -> None:
    lie = documents["lottery"] | {"software": {name: "1"}}
    assert failed({"lottery": lie}) == [
        "lottery.json is not what its format promises: look at lottery.json: software."
    ]
