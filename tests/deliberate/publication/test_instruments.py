"""What a reference names: known in words, with its official address, or shown as it was given."""

import pytest

from deliberate.publication.instruments import LANGUAGES, instrument, names


@pytest.mark.parametrize(
    ("given", "code", "address"),
    [
        ("ETS 5", "ETS 5", "https://www.coe.int/en/web/conventions/full-list?module=treaty-detail&treatynum=005"),
        ("STE n° 163", "ETS 163", "https://www.coe.int/en/web/conventions/full-list?module=treaty-detail&treatynum=163"),
        ("CETS 205", "ETS 205", "https://www.coe.int/en/web/conventions/full-list?module=treaty-detail&treatynum=205"),
        ("CELEX 22016A1019(01)", "CELEX 22016A1019(01)", "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:22016A1019(01)"),
        ("CELEX:12012P/TXT", "CELEX 12012P/TXT", "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:12012P/TXT"),
        ("ODD 16.10", "SDG 16.10", "https://sdgs.un.org/goals/goal16"),
        ("SDG 6.B", "SDG 6.b", "https://sdgs.un.org/goals/goal6"),
        ("CM/Rec(2014)1", "CM/Rec(2014)1", None),
    ],
)  # fmt: skip
def test_one_instrument_has_one_code_and_one_address(given: str, code: str, address: str | None) -> None:
    found = instrument(given)
    assert found.code == code
    assert found.name
    assert found.address.get("en") == address


@pytest.mark.parametrize(
    "given", ["", "SDG", "ETS 5; rm", "javascript:alert(1)", "CELEX <b>", "SDG 8.5 8.6", "العقد"]
)
def test_what_is_not_known_is_shown_as_given_without_a_link(given: str) -> None:
    found = instrument(given)
    assert (found.code, found.family, dict(found.address)) == (given, "other", {})
    assert found.anchor.isascii()


def test_a_goal_that_does_not_exist_has_no_address() -> None:
    assert not instrument("SDG 18").address
    assert not instrument("SDG 0").name


def test_a_target_without_words_of_ours_bears_the_name_of_its_goal() -> None:
    assert instrument("SDG 1.a").name == instrument("SDG 1").name


def test_another_charter_is_named_by_its_key() -> None:
    found = instrument("charter time t1")
    assert (found.family, found.charter, found.clause) == ("charter", "time", "t1")


def test_anchors_tell_instruments_apart() -> None:
    codes = [*names(), "العقد", "条約", "Lex A", "Lex-A", "charter time", "charter time t1"]
    assert len({instrument(code).anchor for code in codes}) == len(codes)


def test_every_name_is_there_in_each_language_and_read_back_by_its_code() -> None:
    for code, said in names().items():
        assert instrument(code).code == code
        assert all(said[language] for language in LANGUAGES)
