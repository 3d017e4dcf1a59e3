"""Someone at a browser of their own, who reads, types and presses as the page's words say."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Response
from playwright.sync_api import TimeoutError as NotFoundInTime

from tests.browser.inspection import Inspection
from tests.browser.instance import Instance
from tests.browser.words import LOCALES, Words


class Person:
    """A browser without anybody else's cookies. What it meets is inspected on the way."""

    def __init__(
        self, context: BrowserContext, instance: Instance, words: Words, inspection: Inspection, scripts: bool
    ) -> None:
        self.context, self.instance, self.words = context, instance, words
        self.inspection, self.scripts = inspection, scripts
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda error: self.inspection.faults.append(f"{self.page.url}: {error}"))

    # Going somewhere

    def opens(self, address: str, status: int = 200) -> None:
        """Type an address: a path of this instance, or a whole one."""
        whole = address if address.startswith("http") else self.instance.address + address
        self._arrived(self.page.goto(whole), status)

    def follows(self, source: str, within: Locator | None = None, **values: Any) -> None:
        """Follow a link by its words."""
        self.goes(
            (within or self.page).get_by_role("link", name=self.words(source, **values), exact=True).first
        )

    def presses(
        self, source: str, status: int | None = 200, within: Locator | None = None, **values: Any
    ) -> None:
        """Press a button by its words."""
        name = self.words(source, **values)
        self.goes((within or self.page).get_by_role("button", name=name, exact=True).first, status)

    def goes(self, target: Locator, status: int | None = 200) -> None:
        """Click something that leads to another page; `status` None takes any answer."""
        try:
            target.wait_for()
        except NotFoundInTime as error:
            raise AssertionError(f"not on {self.page.url}: {target}\n{self.text}") from error
        with self.page.expect_navigation(timeout=15_000) as arrival:
            target.click()
        self._arrived(arrival.value, status)

    def _arrived(self, response: Response | None, status: int | None) -> None:
        if response is not None and status is not None:
            said = (
                "" if response.status == status else f"{self.text}\n{self.instance.log.read_text()[-3000:]}"
            )
            assert response.status == status, f"{self.page.url} answered {response.status}: {said}"
        refused = response is not None and response.status >= 400
        state = f" ({response.status})" if response is not None and refused else ""
        self.inspection.look(self.page, self.words, self.scripts, state)

    # Reading and typing

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("body").inner_text()

    def reads(self, source: str, **values: Any) -> None:
        """Find a sentence of the catalogue on the page."""
        said = self.words(source, **values)
        assert said in self.text, f"“{said}” is not on {self.page.url}:\n{self.text}"

    def field(self, name: str) -> Locator:
        return self.page.locator(f'[name="{name}"]')

    def types(self, **values: str) -> None:
        """Fill fields in by their names; a dash in a name is written as two underscores."""
        for name, value in values.items():
            self.field(name.replace("__", "-")).fill(value)

    def chooses(self, name: str, value: str) -> None:
        """Choose a value: in a list, or the radio button or box of that name."""
        found = self.field(name)
        if found.first.evaluate("one => one.tagName") == "SELECT":
            found.select_option(value)
        else:
            self.page.locator(f'[name="{name}"][value="{value}"]').check()

    def sends_file(self, path: Path) -> None:
        """Choose a file and have it read."""
        self.field("file").set_input_files(path)

    def leaves(self) -> None:
        self.context.close()


def new_context_options(words: Words, scripts: bool) -> dict[str, Any]:
    """The browser of someone who reads this language."""
    return {
        "locale": LOCALES[words.language],
        "java_script_enabled": scripts,
        "viewport": {"width": 1280, "height": 900},
        "accept_downloads": True,
    }
