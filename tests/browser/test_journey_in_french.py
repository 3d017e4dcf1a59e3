"""The whole journey by hand in French, with scripts. A file of its own, so that the two walks run beside each other."""

from pathlib import Path

from tests.browser.conftest import NewPerson
from tests.browser.instance import Instance
from tests.browser.journey import walk


def test_a_charter_goes_from_an_empty_instance_to_a_publication_that_anyone_verifies_in_french(
    instance: Instance, someone: NewPerson, tmp_path: Path
) -> None:
    walk(instance, someone, "fr", True, tmp_path)
