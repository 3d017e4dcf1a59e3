"""The pool of the demonstration: volunteers who come forward more readily from some groups than from others."""

from typing import Any

import numpy as np

from deliberate.demonstration.data import Data, by_category
from deliberate.panels.rules import Contact, QuotaRow

SEED = 2016
CATEGORY_LABELS = {
    "gender": {"fr": "Genre", "en": "Gender"},
    "age": {"fr": "Âge", "en": "Age"},
    "territory": {"fr": "Territoire", "en": "Territory"},
    "education": {"fr": "Dernier diplôme", "en": "Highest diploma"},
}


def quota_rows(data: Data) -> list[QuotaRow]:
    """The quota table, with each group's share of the population."""
    return [
        QuotaRow(
            category=row["category"],
            value=row["value"],
            minimum=int(row["min"]),
            maximum=int(row["max"]),
            population=f"{round(100 * float(row['share']))}/100",
            category_label=CATEGORY_LABELS[row["category"]],
            label={"fr": row["value"], "en": row["value_en"]},
        )
        for row in data.population
    ]


def volunteers(data: Data, count: int) -> list[tuple[dict[str, str], Contact]]:
    """Values and contacts of `count` invented volunteers, the same at every run.

    A group's weight among them is its share of the population times its willingness to volunteer.
    """
    chance = np.random.default_rng(SEED)
    columns = {
        category: chance.choice([row["value"] for row in rows], size=count, p=_weights(rows))
        for category, rows in by_category(data.population).items()
    }
    names = chance.permutation(data.names)
    return [
        (
            {category: str(column[i]) for category, column in columns.items()},
            _contact(str(names[i % len(names)]), i),
        )
        for i in range(count)
    ]


def _weights(rows: list[dict[str, str]]) -> Any:
    weights = np.array([float(row["share"]) * float(row["willingness"]) for row in rows])
    return weights / weights.sum()


def _contact(name: str, number: int) -> Contact:
    language = "en" if number % 9 == 0 else "fr"
    return Contact(name=name, email=f"volunteer-{number + 1}@example.org", language=language)
