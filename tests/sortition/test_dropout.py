from fractions import Fraction

import pytest

from sortition.problems import SortitionError
from sortition.vacancies.dropout import MOST, Dropout, learnt, read_dropout

KNOWN = [("age", "young"), ("age", "old"), ("town", "in"), ("town", "out")]
YOUNG, OLD, IN, OUT = KNOWN


def test_everybody_drops_out_alike_unless_something_is_said() -> None:
    assert Dropout().chance([YOUNG, OUT]) == Dropout().chance([OLD, IN]) == Fraction(1, 10)


def test_multipliers_of_all_categories_multiply_up_to_a_limit() -> None:
    model = Dropout(Fraction(1, 10), {YOUNG: Fraction(2), OUT: Fraction(3, 2), OLD: Fraction(50)})
    assert model.chance([YOUNG, OUT]) == Fraction(3, 10)
    assert model.chance([OLD, IN]) == MOST


def test_what_an_earlier_panel_teaches_is_drawn_towards_the_rate_of_all() -> None:
    model = learnt({YOUNG: 20, OLD: 30}, {YOUNG: 8, OLD: 1})
    assert model.base == Fraction(10, 60)
    assert model.multipliers[YOUNG] == Fraction(9) / (20 * model.base + 1)
    assert 1 < model.multipliers[YOUNG] < Fraction(8, 20) / model.base
    assert Fraction(1, 30) / model.base < model.multipliers[OLD] < 1


def test_nothing_is_learnt_from_no_seats() -> None:
    model = learnt({YOUNG: 0, OLD: 0}, {YOUNG: 0, OLD: 0})
    assert (model.base, set(model.multipliers.values())) == (Fraction(1, 10), {Fraction(1)})


def test_the_model_is_kept_as_exact_fractions() -> None:
    assert Dropout(multipliers={OLD: Fraction(3, 2)}).document == [["", "", "1/10"], ["age", "old", "3/2"]]


def test_multipliers_are_read_as_people_write_them() -> None:
    model = read_dropout(b"Category;Value;Multiplier\nAGE; young ;1,5\nage;old;1/2\n", "d.csv", KNOWN)
    assert model == Dropout(Fraction(1, 10), {YOUNG: Fraction(3, 2), OLD: Fraction(1, 2)})


def test_counts_of_an_earlier_panel_are_learnt_from() -> None:
    read = read_dropout(b"feature,value,seats,dropped\nage,young,20,8\nage,old,30,1\n", "d.csv", KNOWN)
    assert read == learnt({YOUNG: 20, OLD: 30}, {YOUNG: 8, OLD: 1})


@pytest.mark.parametrize(
    ("data", "sentences"),
    [
        (b"", ["is empty"]),
        (b"category,value\nage,young\n", ["needs the columns category, value and multiplier"]),
        (b"category,value,multiplier\n", ["has a header but no row"]),
        (
            b"category,value,multiplier\nage,blue,1\nage,young,1\nage,YOUNG,2\n",
            ["“age: blue” has no quota", "repeats “age: YOUNG”"],
        ),
        (
            b"category,value,multiplier\nage,young,-1\nage,old,101\n",
            ["“-1” is not a multiplier", "“101” is not"],
        ),
        (
            b"category,value,seats,dropped\nage,young,x,1\nage,old,3,4\n",
            ["“x” is not a whole number of people"],
        ),
        (b"category,value,seats,dropped\nage,old,3,4\n", ["of 3 people with “age: old”, 4 dropped out"]),
    ],
)
def test_every_problem_of_the_file_is_told(data: bytes, sentences: list[str]) -> None:
    with pytest.raises(SortitionError) as caught:
        read_dropout(data, "d.csv", KNOWN)
    told = "\n".join(map(str, caught.value.problems))
    assert [sentence for sentence in sentences if sentence not in told] == []
