"""The demonstration as its readers meet it: every link leads somewhere, and every page is as it must be."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import NewPerson
from tests.browser.inspection import OTHER_LOOKS, Inspection, pattern
from tests.browser.instance import Instance, wait_for
from tests.browser.person import Person
from tests.browser.words import Words


@pytest.fixture(scope="module")
def demonstration(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """What `deliberate run` serves from an empty folder."""
    instance = Instance(tmp_path_factory.mktemp("demonstration") / "instance")
    done = instance.command("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    with instance.running():
        yield instance


def signs_in(person: Person, role: str) -> None:
    """By the link that the server printed for who plays this role."""
    printed = re.compile(rf"sign in as {role} .*: (http\S+)")
    found = wait_for(lambda: printed.search(person.instance.log.read_text()))
    person.opens(found[1])
    person.presses("Sign in")


def links(person: Person) -> list[str]:
    """The addresses on the page that lie within the instance."""
    found = person.page.locator("a[href]").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    whole = [urljoin(person.page.url, one).partition("#")[0] for one in found]
    return [one for one in whole if one.startswith(person.instance.address) and "lang=" not in one]


def reads_everything(person: Person) -> int:
    """Follow one link of each kind from the home page on; the number of pages read."""
    waiting, known, pages = ["/"], set(), 0
    while waiting:
        address = urljoin(person.instance.address, waiting.pop(0))
        kind = pattern(address)
        if kind in known:
            continue
        known.add(kind)
        if re.search(r"\.\w+$", urlsplit(address).path):
            assert person.context.request.get(address).status == 200, address
            continue
        person.opens(address)
        pages += 1
        waiting += links(person)
    return pages


@pytest.mark.parametrize(("role", "pages"), [("organiser", 40), ("panel member", 30), ("", 25)])
def test_every_page_of_the_demonstration_can_be_reached_and_read(
    demonstration: Instance, someone: NewPerson, inspection: Inspection, role: str, pages: int
) -> None:
    inspection.looks = OTHER_LOOKS
    reader: Person = someone(demonstration, Words("fr"))
    if role:
        signs_in(reader, role)
    assert reads_everything(reader) >= pages


def test_the_bundle_reads_from_its_folder_and_asks_nothing_of_anybody(
    demonstration: Instance, chromium: Browser, inspection: Inspection
) -> None:
    inspection.looks = OTHER_LOOKS
    (bundle,) = (one for one in (demonstration.folder / "bundles").iterdir() if one.is_dir())
    asked: list[str] = []
    with chromium.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for name in (
            "index", "protocol", "panel", "charters", "charter-time", "words-time", "history-time",
            "compare-time-1-2", "lives-time", "amendments-time", "recommendations", "minority", "lessons",
            "contributions-1", "dossiers", "coverage", "ballots", "adoptions", "journal-1", "verification",
        ):  # fmt: skip
            page.goto((bundle / "fr" / f"{name}.html").as_uri())
            inspection.look(page, Words("fr"), scripts=True, state=name)
    assert {url.partition(":")[0] for url in asked} == {"file"}


def test_the_keys_lead_from_change_to_change_and_the_language_keeps_the_passage(
    demonstration: Instance, someone: NewPerson
) -> None:
    reader: Person = someone(demonstration, Words("fr"))
    charter = "/processes/chartes-bien-etre/charters/time"
    reader.opens(f"{charter}/compare?from=1&to=3")
    reader.page.get_by_role("link", name=reader.words("Go to the first change"), exact=True).click()
    reader.page.locator("#change-1").focus()
    for key, met in (("j", "change-2"), ("j", "change-3"), ("k", "change-2")):
        reader.page.keyboard.press(key)
        assert reader.page.evaluate("document.activeElement.id") == met
    reader.opens(f"{charter}#t2")
    reader.page.locator(".tools a[hreflang=en]").click()
    reader.page.wait_for_url("**#t2")
    assert reader.page.locator("html").get_attribute("lang") == "en"
