"""The invitation draw: strata, letters, the sealed list and its recount, the folder on the command line."""

import csv
import hashlib
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortition.cli import main
from sortition.files.registers import rate, read_register, with_population, with_response
from sortition.invitations.draw import Invitation, draw_letters, invite, registration_codes
from sortition.problems import SortitionError
from sortition.proofs.canonical import canonical
from sortition.proofs.invited import verify_invitation

ENTROPY = bytes(range(16))
HEX = ENTROPY.hex()
LINES = [f"{n},{('north', 'south', 'east')[n % 3]},Home {n // 4},a{n % 2}" for n in range(60)]
REGISTER = "\n".join(["id,area,home,floor", *LINES, ""]).encode()


def sealed(number: int = 12, *strata: str, one_per: str | None = None) -> Invitation:
    register = read_register(REGISTER, "register.csv", strata or ("area",), one_per)
    return invite(register, number, randomness_source="a public draw", entropy=ENTROPY)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def outcomes(*given_: Any) -> set[str]:
    return {finding.outcome for finding in verify_invitation(*given_)}


def test_what_is_public_holds_no_address() -> None:
    text = canonical(sealed().public).decode()
    assert "Home" not in text
    assert text.count("north") == 1


def test_every_stratum_gets_its_letters() -> None:
    public = sealed(12).public
    drawn = draw_letters(public, "4 0 7")
    strata = Counter(public["stratum_of"][position] for position in drawn["invited"])
    assert [strata[place] for place in range(3)] == [one["letters"] for one in public["strata"]] == [4, 4, 4]


def test_the_rule_is_a_sort_by_a_public_hash() -> None:
    invitation = sealed(10, "floor")
    drawn = draw_letters(invitation.public, " 407 ")
    start = f"deliberate/invitation-draw/1\n{invitation.commitment}\n407\n"

    def place(position: int) -> str:
        return hashlib.sha256((start + invitation.public["entries"][position]).encode()).hexdigest()

    assert drawn["invited"] == sorted(drawn["invited"], key=place)
    for stratum in (0, 1):
        members = [number for number, one in enumerate(invitation.public["stratum_of"]) if one == stratum]
        first = sorted(members, key=place)[: invitation.public["strata"][stratum]["letters"]]
        assert set(first) == {one for one in drawn["invited"] if one in members}


def test_no_household_gets_two_letters() -> None:
    public = sealed(12, one_per="home").public
    drawn = draw_letters(public, "407")
    homes = [public["group_of"][position] for position in drawn["invited"]]
    assert len(set(homes)) == len(homes) == 12


def test_everybody_has_the_same_chance_within_a_stratum() -> None:
    public = sealed(15).public
    counts = Counter(one for text in range(400) for one in draw_letters(public, str(text))["invited"])
    assert len(counts) == 60
    assert min(counts.values()) > 60
    assert max(counts.values()) < 140


@given(st.integers(1, 60), st.text(min_size=1, alphabet=st.characters(codec="utf-8")), st.booleans())
def test_any_number_of_letters_and_any_text_verify(number: int, text: str, homes: bool) -> None:
    number = min(number, 15) if homes else number
    invitation = sealed(number, "floor", one_per="home" if homes else None)
    if not text.strip() or text.strip().startswith("{"):
        with pytest.raises(SortitionError, match=r"randomness is empty|like an answer of drand"):
            draw_letters(invitation.public, text)
        return
    drawn = draw_letters(invitation.public, text)
    assert len(drawn["invited"]) <= number
    assert outcomes(invitation.public, drawn, invitation.commitment) == {"passed", "unchecked"}


def test_whatever_is_altered_is_found() -> None:
    invitation = sealed()
    drawn = draw_letters(invitation.public, "407")
    public = invitation.public
    altered = [
        public | {"number": 13},
        public | {"entries": public["entries"][::-1]},
        public | {"strata": [one | {"letters": one["letters"] + 1} for one in public["strata"]]},
        public | {"strata": [one | {"response": "0/1"} for one in public["strata"]]},
        public | {"strata": [one | {"entries": 1} for one in public["strata"]]},
        public | {"stratum_of": [9] * 60},
        public | {"group_of": [0]},
        public | {"randomness": "another"},
        public | {"entries": "none"},
    ]
    assert all("failed" in outcomes(one, drawn, invitation.commitment) for one in altered)
    assert all("failed" in outcomes(one, drawn) for one in altered)
    wrong = [
        drawn | {"randomness": "408"},
        drawn | {"invited": drawn["invited"][::-1]},
        drawn | {"invitation": ""},
    ]
    assert all("failed" in outcomes(public, one) for one in wrong)


@pytest.mark.parametrize("document", [None, [], "x", 1, {}, {"format": "deliberate/invitation/1"}])
def test_documents_of_any_shape_are_answered(document: Any) -> None:
    assert outcomes(document) == {"failed"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.035", Fraction(7, 200)),
        ("3,5 %", Fraction(7, 200)),
        ("3.5%", Fraction(7, 200)),
        ("7/200", Fraction(7, 200)),
        ("1", Fraction(1)),
        *[(text, None) for text in ("", "0", "3.5", "-1", "x", "1/0", "1/2/3", "٣", "1e5", "..", "nan")],
    ],
)
def test_a_rate_is_read_as_people_write_it(text: str, expected: Fraction | None) -> None:
    assert rate(text) == expected


def test_fewer_answers_expected_bring_more_letters() -> None:
    register = read_register(REGISTER, "register.csv", ["area"])
    told = with_response(register, b"area;response\nNORTH;2 %\nsouth;2 %\neast;4 %\n", "response.csv")
    told = with_population(told, b"area,population\nnorth,100\nsouth,100\neast,100\n", "population.csv")
    public = invite(told, 25, randomness_source="a draw", entropy=ENTROPY).public
    assert [one["letters"] for one in public["strata"]] == [10, 10, 5]


def test_every_problem_of_the_strata_is_told_at_once() -> None:
    register = read_register(REGISTER, "register.csv", ["area"])
    with pytest.raises(SortitionError) as caught:
        with_population(register, b"area,population\nnorth,many\nwest,3\nsouth,1\nsouth,1\n", "people.csv")
    told = "\n".join(map(str, caught.value.problems))
    for part in (
        "“many” is not a whole number",
        "nobody of the stratum “west”",
        "repeats the stratum “south”",
        "says nothing of the stratum “east”",
    ):
        assert part in told


def test_registration_codes_are_all_different_and_follow_from_the_entropy() -> None:
    codes = registration_codes(ENTROPY, 500)
    assert len(set(codes)) == 500
    assert codes[:10] == registration_codes(ENTROPY, 10)
    assert codes != registration_codes(bytes(16), 500)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_bytes(REGISTER)
    return path


def invited(register: Path, folder: Path, *more: str) -> int:
    return main(
        [
            "invite",
            str(register),
            "--number",
            "12",
            "--out",
            str(folder),
            "--strata",
            "area",
            "--entropy",
            HEX,
            *more,
        ]
    )


def test_the_whole_invitation_runs_from_the_register_to_the_next_one(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "invitation"
    assert invited(register, folder, "--one-per", "home") == 0
    assert "Publish this digest before the draw: sha256:" in capsys.readouterr().out
    assert main(["reveal", str(folder), "--randomness", "4 0 7"]) == 0
    assert main(["verify", str(folder)]) == 0
    assert "[FAILED]" not in capsys.readouterr().out
    letters = rows(folder / "invited.csv")
    assert [row["letter"] for row in letters] == [str(number) for number in range(1, 13)]
    assert len({row["home"] for row in letters}) == len({row["code"] for row in letters}) == 12
    assert set(letters[0]) == {"letter", "code", "id", "area", "home", "floor"}
    pool = tmp_path / "pool.csv"
    answers = [f"{row['code'].lower().replace('-', ' ')},x" for row in letters[:5]]
    pool.write_text("\n".join(["Code,name", *answers, "WRONG,x", ""]), "utf-8")
    assert main(["responses", str(folder), str(pool)]) == 0
    told = capsys.readouterr().out
    assert "Altogether 5 answers to 12 letters." in told
    assert "Not counted: 1 rows" in told
    assert sum(int(row["answers"]) for row in rows(folder / "response.csv")) == 5
    again = tmp_path / "again"
    assert invited(register, again, "--response", str(folder / "response.csv")) == 0


def test_the_same_entropy_and_randomness_write_the_same_bytes(register: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert invited(register, tmp_path / name) == 0
        assert main(["reveal", str(tmp_path / name), "--randomness", "407"]) == 0
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "second")
    )
    assert first == second


def test_letters_are_drawn_once(register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "invitation"
    invited(register, folder)
    assert main(["reveal", str(folder), "--randomness", "407"]) == 0
    before = (folder / "invited.csv").read_bytes()
    assert main(["reveal", str(folder), "--randomness", "408"]) == 2
    assert "A second draw is refused" in capsys.readouterr().err
    assert (folder / "invited.csv").read_bytes() == before
    assert invited(register, folder) == 2
    assert "already holds a lottery" in capsys.readouterr().err


def test_a_changed_key_does_not_verify_and_nothing_is_drawn_from_it(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "invitation"
    invited(register, folder)
    key = folder / "key.csv"
    key.write_text(key.read_text("utf-8-sig").replace("Home 3", "Home 4"), "utf-8-sig")
    assert main(["verify", str(folder / "invitation.json")]) == 1
    assert "is not the entry committed to" in capsys.readouterr().out
    assert main(["reveal", str(folder), "--randomness", "407"]) == 2
    assert "nothing can be drawn from it" in capsys.readouterr().err
    assert not (folder / "invited.csv").exists()


def test_an_observer_without_the_key_recounts_the_draw(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, public = tmp_path / "invitation", tmp_path / "public"
    invited(register, folder)
    main(["reveal", str(folder), "--randomness", "407"])
    public.mkdir()
    for name in ("invitation.json", "invited.json", "commitment.txt"):
        (public / name).write_bytes((folder / name).read_bytes())
    assert main(["verify", str(public)]) == 0
    assert "key.csv is needed" in capsys.readouterr().out
    document = json.loads((public / "invited.json").read_bytes())
    document["invited"].pop()
    (public / "invited.json").write_text(json.dumps(document), "utf-8")
    assert main(["verify", str(public)]) == 1


def test_three_balls_are_drawn_and_nothing_else_where_they_were_declared(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "invitation"
    assert invited(register, folder) == 0
    for text in ("a text", "40", "4071", ""):
        assert main(["reveal", str(folder), "--randomness", text]) == 2
    assert "This lottery awaits 3 digits" in capsys.readouterr().err
    assert main(["reveal", str(folder), "--randomness", "4 0 7"]) == 0
    assert main(["reveal", str(folder), "--randomness", "407"]) == 0
    assert main(["verify", str(folder)]) == 0
    document = json.loads((folder / "invited.json").read_bytes())
    (folder / "invited.json").write_text(json.dumps(document | {"randomness": "4071"}), "utf-8")
    assert main(["verify", str(folder)]) == 1


def test_a_column_named_like_ours_is_kept_under_another_name(tmp_path: Path) -> None:
    path, folder = tmp_path / "register.csv", tmp_path / "invitation"
    path.write_text("id,code\n1,75011\n2,75012\n", "utf-8")
    assert main(["invite", str(path), "--number", "1", "--out", str(folder), "--entropy", HEX]) == 0
    assert main(["reveal", str(folder), "--randomness", "1 1 1"]) == 0
    (letter,) = rows(folder / "invited.csv")
    assert letter["register code"] in {"75011", "75012"}
    assert len(letter["code"]) == 9


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--strata", "town"], "has no column “town”"),
        (["--one-per", "house"], "has no column “house”"),
        (["--number", "61"], "60 entries can be invited"),
        (["--number", "0"], "from 1 to 60"),
        (["--strata", "", "--population", "x"], "Name the columns that make the strata"),
        (["--response-column", "floor"], "“a0” is not an expected response"),
        (["--randomness-source", " "], "source of randomness is missing"),
        (["--entropy", "00"], "has 1 bytes"),
        (["--population", "absent.csv"], "absent.csv cannot be read"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_written(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    assert invited(register, tmp_path / "invitation", *more) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "invitation").exists()


def test_responses_without_an_answer_or_a_code_are_told(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, pool = tmp_path / "invitation", tmp_path / "pool.csv"
    invited(register, folder)
    pool.write_text("code\nAAAA-AAAA\n", "utf-8")
    assert main(["responses", str(folder), str(pool)]) == 2
    assert "invited.json is not there" in capsys.readouterr().err
    main(["reveal", str(folder), "--randomness", "407"])
    assert main(["responses", str(folder), str(pool)]) == 2
    assert "None of the people in this file" in capsys.readouterr().err
    assert main(["responses", str(folder), str(pool), "--code-column", "kode"]) == 2
    assert "has no column “kode”" in capsys.readouterr().err
    assert not (folder / "response.csv").exists()
