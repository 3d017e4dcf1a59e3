"""The public randomness that a protocol declares fits its lottery, or the form says why not."""

import pytest

from deliberate.process.randomness import balls_in, digits_of, source_faults


@pytest.mark.parametrize(
    ("text", "balls"),
    [
        ("Three balls numbered 0 to 9", 3),
        ("Deux boules tirées en public", 2),
        ("3 boules", 3),
        ("Quatre petites boules", 4),
        ("One ball", 1),
        ("The drand round of noon", None),
        ("Two dice, thrown where everyone sees", None),
    ],
)
def test_the_balls_that_a_text_announces_are_read_in_both_languages(text: str, balls: int | None) -> None:
    assert balls_in(text) == balls


def test_only_powers_of_ten_are_numbered_by_digits() -> None:
    assert [digits_of(panels) for panels in (1, 10, 300, 1000, 100_000)] == [None, 1, None, 3, 5]


@pytest.mark.parametrize(
    ("panel", "field"),
    [
        ({"ticket": "digits", "panels": 1000}, None),
        ({"panels": 100}, "panel.randomness_en"),
        ({"ticket": "digits", "panels": 300}, "panel.panels"),
        ({"ticket": "hash", "panels": 300}, None),
    ],
)
def test_balls_that_cannot_name_a_panel_are_refused(panel: dict[str, object], field: str | None) -> None:
    faults = source_faults(panel, {"en": "Three balls drawn in public"})
    assert [fault.field for fault in faults] == ([field] if field else [])
