"""Addresses written in many ways, those that may be one home, and the review in which a person decides."""

from pathlib import Path

import pytest

from sortition.cli import main
from sortition.files.households import Doubt, doubtful, merged, normalised, read_review, write_review


@pytest.mark.parametrize(
    "alike",
    [
        ("12, Bd. de l'Église, apt n° 3", "12 boulevard de l’EGLISE Appt 3"),
        ("Hauptstraße 5", "Haupt-Str. 5", "Hauptstr.5", "hauptstrasse 5"),
        ("Calle Mayor, 12, 3º izq", "C/ Mayor nº 12, 3 izquierda"),
        ("V.le Roma 3", "Viale Roma, 3"),
        ("Kerkstraat 5 bus 2", "Kerkstr. 5 boîte 2"),
        ("12 St. Mary Street, Flat 4", "12 Saint Mary St, Apt 4"),
        ("12bis rue des Lilas", "12 bis r. des Lilas"),
        ("Οδός Ερμού 3", "οδος ερμου, 3"),
    ],
)
def test_one_address_written_in_several_ways_is_one_household(alike: tuple[str, ...]) -> None:
    assert len({normalised(one) for one in alike}) == 1
    assert normalised(alike[0])


def test_addresses_nearly_alike_are_doubts_and_other_numbers_are_not() -> None:
    lilas = [
        "12 rue des Lilas",
        "12 rue des Lillas",
        "14 rue des Lilas",
        "12 rue des Lilas apt 4",
        "12 rue du Port",
    ]
    found = doubtful(map(normalised, lilas))
    assert {(one.first, one.second) for one in found} == {
        ("12 r des lilas", "12 r des lillas"),
        ("12 r des lilas", "12 r des lilas apt 4"),
        ("12 r des lilas apt 4", "12 r des lillas"),
    }


def test_nothing_is_merged_until_somebody_has_said_yes_and_sameness_travels() -> None:
    homes = ["b", "a", "", "c", "d"]
    assert merged(homes, []) == homes
    assert merged(homes, [Doubt("a", "b"), Doubt("b", "c")]) == ["a", "a", "", "a", "d"]


def test_a_review_file_is_read_as_it_was_written() -> None:
    doubts = [Doubt("a", "b"), Doubt("a", "c"), Doubt("a", "d")]
    decided = {doubts[0]: True, doubts[1]: False}
    data = write_review(doubts, decided, {"a": ["1"], "b": ["2", "3"]})
    assert read_review(data, "review.csv") == (decided, [])
    assert b"yes,a,b,1,2 3" in data
    _, problems = read_review(data.replace(b"yes", b"perhaps"), "review.csv")
    assert [str(one) for one in problems] == [
        "Row 2 of review.csv, column “same”: write yes or no, not “perhaps”."
    ]
    _, problems = read_review(b"same,other\nyes,no\n", "review.csv")
    assert [one.column for one in problems] == ["first address", "second address"]


def test_the_command_line_lists_doubts_and_reads_what_was_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    categories, people, review = (tmp_path / name for name in ("c.csv", "r.csv", "review.csv"))
    categories.write_text("category,name,min,max\na,x,0,9\n", "utf-8")
    people.write_text(
        "id,a,address\n1,x,12 rue des Lilas\n2,x,12 rue des Lillas\n3,x,12 r. des Lilas\n", "utf-8"
    )
    command = ["check", str(categories), str(people), "--size", "2", "--household", "address"]
    assert main([*command, "--households-review", str(review)]) == 0
    told = capsys.readouterr().out
    assert "“12 r des lilas” (1 3) and “12 r des lillas” (2)" in told
    assert f"1 pair of addresses is nearly alike. Say in {review} whether each is the same home" in told
    review.write_bytes(review.read_bytes().replace(b"\r\n,", b"\r\nyes,"))
    assert main([*command, "--households-review", str(review)]) == 1
    assert "live in too few households" in capsys.readouterr().out
    assert main(command) == 0
    assert "--households-review FILE" in capsys.readouterr().out
    assert main([*command[:-2], "--households-review", str(review)]) == 2
