"""A real browser before a real server. Without Chromium these tests are skipped, or fail where they are required."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.inspection import LOOKS, Inspection
from tests.browser.instance import Instance
from tests.browser.person import Person, new_context_options
from tests.browser.prepared import Prepared, a_process_that_deliberates, a_process_that_listens, database
from tests.browser.words import Words

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NewPerson = Callable[..., Person]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; every person in it has cookies of their own."""
    if not CHROMIUM.exists():
        said = (
            f"There is no Chromium at {CHROMIUM}: install it, or name another place in the variable CHROMIUM."
        )
        if os.environ.get("DELIBERATE_BROWSER") == "required":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages_met() -> Inspection:
    """What was inspected by the tests before this one."""
    return Inspection()


@pytest.fixture
def inspection(pages_met: Inspection) -> Iterator[Inspection]:
    """Inspects every page that the test meets; the test fails when something is wrong with one."""
    pages_met.faults.clear()
    pages_met.looks = LOOKS
    yield pages_met
    assert not pages_met.faults, "\n".join(["pages with faults:", *pages_met.faults])


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    """An empty instance, not yet served."""
    return Instance(tmp_path / "instance")


@dataclass
class Served:
    """An instance at work, with a process that listens and one that deliberates."""

    instance: Instance
    listening: Prepared
    deliberating: Prepared


@pytest.fixture(scope="session")
def served(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One instance for all tests that begin in the middle of a process."""
    instance = Instance(tmp_path_factory.mktemp("served") / "instance")
    with database(instance) as session:
        listening, deliberating = a_process_that_listens(session), a_process_that_deliberates(session)
    with instance.running():
        yield Served(instance, listening, deliberating)


@pytest.fixture
def someone(chromium: Browser, inspection: Inspection) -> Iterator[NewPerson]:
    """Makes people: `someone(instance, words, scripts=True)`."""
    contexts = []

    def new(instance: Instance, words: Words, scripts: bool = True) -> Person:
        context = chromium.new_context(**new_context_options(words, scripts))
        contexts.append(context)
        return Person(context, instance, words, inspection, scripts)

    yield new
    for context in contexts:
        context.close()
