"""The journal in words."""

from deliberate.publication.words import ACTS, ENTRIES


def test_every_act_that_is_told_can_be_chosen_by_its_name() -> None:
    assert {act for act, _ in ENTRIES} <= set(ACTS)
