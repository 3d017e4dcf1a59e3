"""Whatever part of a lottery is altered, verifying fails with a sentence that names this part."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition import Lottery, Quota, Respondent, SortitionError, alternates, prepare, reveal, verify_lottery
from sortition.proofs.ceremony import check_alternates
from sortition.proofs.documents import limits_of
from sortition.sealing import personal

Documents = dict[str, Any]


@pytest.fixture(scope="module")
def documents(quotas: list[Quota], respondents: list[Respondent]) -> Documents:
    lottery = prepare(
        quotas,
        respondents,
        6,
        panels=100,
        ticket="hash",
        randomness_source="dice",
        entropy=bytes(16),
        alternates=3,
    )
    drawn = reveal(lottery.public, lottery.attributes, "six dice: 1 2 3 4 5 6")
    found = alternates(lottery.public, lottery.attributes, drawn)
    return {
        "lottery": lottery.public,
        "attributes": lottery.attributes,
        "reveal": drawn.document,
        "alternates": found.document,
        "sets": found.sets,
        "commitment": lottery.commitment,
        "key": key_of(lottery, respondents),
    }


def key_of(lottery: Lottery, respondents: list[Respondent]) -> dict[str, dict[str, str]]:
    """The key as key.csv holds it."""
    rows = {person.id: dict(person.row) for person in respondents}
    return {own: {"salt": lottery.salts[own], **rows[of]} for own, of in lottery.key.items()}


def told_to(documents: Documents, name: str) -> dict[str, object] | None:
    """What the person of a pseudonym is given."""
    columns = dict(documents["key"][name])
    return personal(documents["lottery"], documents["attributes"], name, columns, columns.pop("salt"))


def failed(documents: Documents) -> list[str]:
    return [str(finding) for finding in verify_lottery(**documents) if finding.outcome == "failed"]


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return value[::-1]
    if set(value) <= set("0123456789abcdef") and len(value) >= 32:
        return ("0" if value[0] != "0" else "1") + value[1:]
    return f"{value} too"


LEVEL = ("attributes", "certificate", "levels", 0)
PARTS: list[tuple[tuple[Any, ...], str]] = [
    ((*LEVEL, "multipliers", 0), "certificate"),
    ((*LEVEL, "bound"), "certificate"),
    ((*LEVEL, "chance"), "certificate"),
    ((*LEVEL, "people", 0), "certificate"),
    (("attributes", "panels", 12, 3), "Panel 12"),
    (("attributes", "panels", 12), "Panel 12"),
    (("attributes", "panel_nonces", 12), "Panel 12, or its nonce"),
    (("attributes", "rows", 4, 0), "The row of"),
    (("attributes", "nonces", 4), "its nonce"),
    (("lottery", "quotas", 1, "min"), "“quotas”"),
    (("lottery", "quotas", 1, "max"), "“quotas”"),
    (("lottery", "quotas", 1, "seated"), "“quotas”"),
    (("lottery", "quotas", 1, "value"), "“quotas”"),
    (("lottery", "quotas", 1, "lowest"), "“quotas”"),
    (("lottery", "pseudonyms"), "“pseudonyms”"),
    (("lottery", "pseudonyms", 3), "“pseudonyms”"),
    (("lottery", "commitments", 3), "“commitments”"),
    (("lottery", "commitments"), "“commitments”"),
    (("lottery", "panels", 3), "“panels”"),
    (("lottery", "panels"), "“panels”"),
    (("lottery", "size"), "“size”"),
    (("lottery", "certificate"), "“certificate”"),
    (("lottery", "randomness", "source"), "“randomness”"),
    (("lottery", "randomness", "ticket"), "“randomness”"),
    (("lottery", "chances", "least"), "chances"),
    (("lottery", "chances", "bound"), "chances"),
    (("lottery", "objective"), "“objective”"),
    (("lottery", "alternates", "number"), "“alternates”"),
    (("lottery", "entries", 3), "“entries”"),
    (("attributes", "certificate_nonce"), "certificate"),
    (("lottery", "software", "numpy"), "“software”"),
    (("lottery", "digests", "quotas"), "“quotas”"),
    (("reveal", "ticket"), "does not draw panel"),
    (("reveal", "randomness"), "does not draw panel"),
    (("reveal", "nonce"), "the nonce beside them"),
    (("reveal", "people", 0), "does not name 6 different people"),
    (("reveal", "people"), "do not stand in the order"),
    (("reveal", "commitment"), "The draw was made from the lottery"),
    (("alternates", "sets", 5), "sets of alternates"),
    (("alternates", "commitment"), "sets of alternates"),
    (("alternates", "ticket"), "does not draw set"),
    (("alternates", "randomness"), "does not draw set"),
    (("alternates", "people"), "The alternates named"),
    (("alternates", "nonce"), "The alternates named, or the nonce beside them"),
    (("sets", "sets", 5), "Set 5 of the alternates"),
    (("sets", "sets", 5, 0), "Set 5 of the alternates"),
    (("sets", "nonces", 7), "Set 7 of the alternates"),
    (("sets", "nonces"), "Set 0 of the alternates"),
    (("alternates", "lottery"), "alternates are those of another"),
    (("alternates", "panel"), "alternates are those of another"),
    (("commitment",), "it was changed"),
]


@pytest.mark.parametrize(("path", "named"), PARTS)
def test_a_part_altered_is_named(documents: Documents, path: tuple[Any, ...], named: str) -> None:
    lie = altered(documents, path, other)
    assert any(named in sentence for sentence in failed(lie)), failed(lie)


def altered(documents: Documents, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Documents:
    lie = copy.deepcopy(documents)
    holder = lie
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = change(holder[path[-1]])
    return lie


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_panel_nonce_or_row_altered_is_named_with_its_number(
    documents: Documents, data: st.DataObject
) -> None:
    panel = data.draw(st.integers(0, 99))
    part = data.draw(st.sampled_from(["panels", "panel_nonces"]))
    sentence = f"Panel {panel}, or its nonce, is not the one committed to."
    assert failed(altered(documents, ("attributes", part, panel), other)) == [sentence]
    person = data.draw(st.integers(0, 29))
    name = documents["lottery"]["pseudonyms"][person]
    part = data.draw(st.sampled_from(["rows", "nonces"]))
    assert failed(altered(documents, ("attributes", part, person), other)) == [
        f"The row of {name}, its nonce or its panels are not those committed to."
    ]


def test_many_faults_of_a_kind_are_counted_rather_than_listed(documents: Documents) -> None:
    found = failed(altered(documents, ("attributes", "panel_nonces"), other))
    assert len(found) == 21
    assert found[-1] == "80 more faults of this kind."


def test_without_the_attributes_the_drawn_panel_is_still_the_one_sealed(documents: Documents) -> None:
    public = {key: documents[key] for key in ("lottery", "reveal", "commitment")}
    findings = verify_lottery(**public)
    assert not failed(public)
    assert any("the people revealed are its members" in str(one) for one in findings)
    others = [name for name in public["lottery"]["pseudonyms"] if name not in public["reveal"]["people"]]
    lie = altered(public, ("reveal", "people"), lambda people: [*people[:-1], others[0]])
    assert any("not those sealed as panel" in sentence for sentence in failed(lie))


def test_somebody_checks_their_own_row_and_panels_and_nobody_elses(documents: Documents) -> None:
    mine = told_to(documents, documents["lottery"]["pseudonyms"][8])
    assert mine is not None
    public = {key: documents[key] for key in ("lottery", "reveal", "commitment")} | {"person": mine}
    assert not failed(public)
    held = mine["panels"]
    assert isinstance(held, list)
    assert any(f"You are in {len(held)} of 100 panels" in str(one) for one in verify_lottery(**public))
    for key, named in [
        ("row", "row, nonce or panels"),
        ("nonce", "row, nonce or panels"),
        ("panels", "row, nonce or panels"),
        ("pseudonym", "pseudonym"),
        ("entry", "was not sealed for the volunteer"),
        ("salt", "was not sealed for the volunteer"),
        ("commitment", "another lottery"),
    ]:
        assert any(named in sentence for sentence in failed(altered(public, ("person", key), other)))


def test_a_reveal_that_hides_somebody_is_noticed_by_them(documents: Documents) -> None:
    name = documents["reveal"]["people"][0]
    mine = told_to(documents, name)
    lie = altered(documents, ("reveal", "people"), lambda people: people[1:]) | {"person": mine}
    assert any("disagree on whether" in sentence for sentence in failed(lie))


def test_whoever_withdrew_is_told_nothing(documents: Documents) -> None:
    attributes = altered(documents, ("attributes", "rows", 0), lambda _: None)["attributes"]
    name = documents["lottery"]["pseudonyms"][0]
    assert told_to(documents | {"attributes": attributes}, name) is None
    assert personal(documents["lottery"], attributes, "nobody", {}, "") is None


def test_two_volunteers_exchanged_in_the_key_after_the_draw_are_noticed(documents: Documents) -> None:
    drawn, other_ = documents["reveal"]["people"][0], documents["alternates"]["people"][0]
    key = documents["key"] | {drawn: documents["key"][other_], other_: documents["key"][drawn]}
    assert failed(documents | {"key": key}) == [
        f"In key.csv, {name} is not the volunteer sealed under it." for name in sorted((drawn, other_))
    ]
    mine = personal(
        documents["lottery"], documents["attributes"], drawn, dict(key[drawn]), key[drawn]["salt"]
    )
    assert failed(documents | {"person": mine}) == [
        f"{drawn} was not sealed for the volunteer that person.json names."
    ]


def test_one_cell_of_a_volunteer_changed_in_the_key_is_noticed(documents: Documents) -> None:
    lie = altered(documents, ("key", documents["reveal"]["people"][0], "email"), other)
    assert any("is not the volunteer sealed under it" in sentence for sentence in failed(lie))


def test_who_withdrew_from_the_key_is_told_and_no_fault(documents: Documents) -> None:
    gone = documents["lottery"]["pseudonyms"][0]
    key = {own: row for own, row in documents["key"].items() if own != gone}
    findings = verify_lottery(**documents | {"key": key})
    assert [str(one) for one in findings if one.outcome == "withdrawn"] == [
        "Volunteers taken out of key.csv: 1."
    ]
    assert not [one for one in findings if one.outcome == "failed"]


@pytest.mark.parametrize(
    ("part", "value", "named"),
    [
        ("number", 2, "3 alternates were drawn; the lottery sealed 2."),
        ("dropout", [["", "", "1/5"]], "are not those sealed with the lottery"),
    ],
)
def test_alternates_other_than_those_sealed_are_named(
    documents: Documents, part: str, value: object, named: str
) -> None:
    public = altered(documents, ("lottery", "alternates", part), lambda _: value)["lottery"]
    findings = check_alternates(public, documents["reveal"], documents["alternates"], documents["sets"])
    assert [finding.outcome for finding in findings] == ["failed"]
    assert named in str(findings[0])


def test_fewer_alternates_than_were_sealed_are_told(documents: Documents) -> None:
    public = altered(documents, ("lottery", "alternates", "number"), lambda _: 5)["lottery"]
    findings = check_alternates(public, documents["reveal"], documents["alternates"], documents["sets"])
    assert any("3 alternates were drawn, the lottery sealed 5" in str(one) for one in findings)


def test_people_seated_already_are_counted_in_every_limit(lottery: Lottery) -> None:
    public: Any = copy.deepcopy(lottery.public)
    public["size"], public["seated"] = 8, 2
    public["quotas"][0] |= {"min": 4, "max": 5, "seated": 2}
    assert limits_of(public)[0] == (2, 3)
    assert limits_of(public)[-1] == (6, 6)


def test_a_panel_changed_in_the_attributes_is_not_opened(documents: Documents) -> None:
    lie = altered(documents, ("attributes", "panels"), lambda panels: [panel[::-1] for panel in panels])
    with pytest.raises(SortitionError, match="is not the one that was sealed"):
        reveal(lie["lottery"], lie["attributes"], "six dice: 1 2 3 4 5 6")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("lottery", "size"), 10**80),
        (("lottery", "quotas", 0, "max"), 10**1_000_000),
        (("lottery", "chances", "least"), "1/" + "9" * 1_000_000),
        (("lottery", "chances", "least"), "1e1000000000/3"),
        (("lottery", "randomness", "source"), "x" * 20_000),
        (("attributes", "certificate", "levels", 0, "multipliers", 0), -(10**1_000_000)),
        (("attributes", "certificate", "levels", 0, "bound"), "1/" + "3" * 5000),
        (("attributes", "panels", 0, 0), 10**9),
        (("reveal", "ticket"), 10**9),
        (("reveal", "randomness"), "7" * 1_000_000),
        (("reveal", "nonce"), "00"),
        (("alternates", "ticket"), 10**9),
        (("alternates", "sets", 0), "0" * 1_000_000),
        (("sets", "sets", 0, 0), 10**9),
    ],
    ids=map(str, range(14)),
)
def test_giant_values_are_refused_and_named(documents: Documents, path: tuple[Any, ...], value: Any) -> None:
    found = failed(altered(documents, path, lambda _: value))
    assert found
    assert all(len(sentence) < 500 for sentence in found)
