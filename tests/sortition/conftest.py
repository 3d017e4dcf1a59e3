"""A small pool, its files, and its lottery prepared once."""

from pathlib import Path

import pytest

from sortition import Lottery, Quota, Respondent, prepare

ENTROPY = bytes(range(16))
AGES = ("16-29", "30-59", "60+")


@pytest.fixture(scope="session")
def quotas() -> list[Quota]:
    return [
        Quota("gender", "woman", 3, 3),
        Quota("gender", "man", 3, 3),
        Quota("age", "16-29", 1, 2),
        Quota("age", "30-59", 2, 3),
        Quota("age", "60+", 2, 2),
    ]


@pytest.fixture(scope="session")
def respondents() -> list[Respondent]:
    """30 people: 20 women and 10 men, the young being few."""
    people = []
    for number in range(30):
        values = {"gender": "man" if number % 3 == 0 else "woman", "age": AGES[min(number % 5, 2)]}
        row = {"id": f"p{number}", **values, "email": f"p{number}@example.org"}
        people.append(Respondent(f"p{number}", values, row))
    return people


@pytest.fixture(scope="session")
def lottery(quotas: list[Quota], respondents: list[Respondent]) -> Lottery:
    return prepare(
        quotas, respondents, 6, panels=100, randomness_source="two balls drawn in public", entropy=ENTROPY
    )


@pytest.fixture(scope="session")
def few(quotas: list[Quota], respondents: list[Respondent]) -> Lottery:
    """Ten panels of the same pool: for tests that verify hundreds of times."""
    return prepare(
        quotas, respondents, 6, panels=10, randomness_source="a ball drawn in public", entropy=ENTROPY
    )


@pytest.fixture
def pool_files(tmp_path: Path, quotas: list[Quota], respondents: list[Respondent]) -> tuple[Path, Path]:
    categories, people = tmp_path / "categories.csv", tmp_path / "respondents.csv"
    lines = [f"{quota.category},{quota.value},{quota.min},{quota.max}" for quota in quotas]
    categories.write_text("\n".join(["category,name,min,max", *lines, ""]), "utf-8")
    rows = [",".join(person.row.values()) for person in respondents]
    people.write_text("\n".join(["id,gender,age,email", *rows, ""]), "utf-8")
    return categories, people
