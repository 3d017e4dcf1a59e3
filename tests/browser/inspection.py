"""What every page that is met must be: accessible by WCAG 2.2 AA, narrow enough, light enough.

A page is inspected when its address or the elements it is made of were not met before: on a desktop and on a phone, in
light and dark, with text at 100 and 200 %. axe-core needs scripts in the page; a browser without scripts has its pages measured only.
"""

import os
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.words import Words

# Who walks through a process sees its pages so, and who reads the demonstration sees the same pages the other way round.
LOOKS = ((1280, "light"), (320, "dark"))
OTHER_LOOKS = ((1280, "dark"), (320, "light"))
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
HEAVIEST = 100_000
ELEMENTS = """() => [...document.querySelectorAll("body *:not(svg *)")].map((one) =>
  [one.localName, one.className, one.type, one.getAttribute("role"), one.getAttribute("aria-invalid")].join(" "))"""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.querySelectorAll("body *")].filter((one) =>
    one.getBoundingClientRect().right > width + 1 && !one.closest(".scroll, .said, pre"));
  return out.slice(-5).map((one) => one.outerHTML.slice(0, 160));
}"""


class Inspection:
    """Remembers what was looked at, and everything found wrong."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.looks = LOOKS
        self._seen: dict[str, set[str]] = {}

    def look(self, page: Page, words: Words, scripts: bool, state: str = "") -> None:
        """Inspect a page unless one like it was; whoever reads it finds it as it was."""
        name = f"{pattern(page.url)}{state}"
        elements = set(page.evaluate(ELEMENTS))
        seen = self._seen.setdefault(f"{name} {words.language} {scripts}", set())
        if seen and elements <= seen:
            return
        if page.locator("[data-progress]").count():
            if not scripts:
                return  # it loads itself again, and nothing can hold it
            page.route("**/progress.json", lambda route: route.fulfill(json={"finished": False}))
        seen |= elements
        weight = len(page.content().encode())
        if weight > HEAVIEST:
            self.faults.append(f"{name}: {weight} bytes of HTML")
        size = page.viewport_size
        page.evaluate(
            "document.querySelectorAll('details:not([open])').forEach((one) => { one.open = one.ours = true })"
        )
        for width, theme in self.looks:
            self._look_once(page, f"{name} ({words.language}, {width}, {theme})", width, theme, scripts)
        page.evaluate(
            "document.querySelectorAll('details').forEach((one) => { if (one.ours) one.open = false })"
        )
        page.unroute("**/progress.json")
        page.emulate_media(color_scheme="light")
        if size:
            page.set_viewport_size(size)

    def _look_once(self, page: Page, name: str, width: int, theme: str, scripts: bool) -> None:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        self._keep_picture(page, f"{name}")
        self._measure(page, name)
        if scripts:
            self._read_with_axe(page, name)

    def _measure(self, page: Page, name: str) -> None:
        for percent in (100, 200):
            page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{percent}%")
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide = page.evaluate(TOO_WIDE)
                self.faults.append(f"{name}: too wide with text at {percent} %: {' … '.join(wide)}")
        page.evaluate("() => { document.documentElement.style.fontSize = '' }")

    def _read_with_axe(self, page: Page, name: str) -> None:
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(AXE_SCRIPT)
        found: dict[str, Any] = page.evaluate("options => axe.run(options)", OPTIONS)
        for violation in found["violations"]:
            places = "; ".join(f"{node['target']} {node['html'][:140]}" for node in violation["nodes"][:4])
            self.faults.append(f"{name}: {violation['id']}, {violation['help']}: {places}")

    def _keep_picture(self, page: Page, name: str) -> None:
        if folder := os.environ.get("DELIBERATE_SCREENSHOTS"):
            plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
            while (Path(folder) / f"{plain}.png").exists():
                plain += "-more"
            page.screenshot(path=Path(folder) / f"{plain}.png", full_page=True)


def pattern(address: str) -> str:
    """The address of a page without what differs between processes, people and things."""
    path = re.sub(r"^https?://[^/]+|[?#].*$", "", address)
    path = re.sub(r"^/processes/(?!new$)[^/]+", "/processes/SLUG", path)
    path = re.sub(r"/(receipt|receipts|sign-in)/(?!sent$)[^/]+", r"/\1/SECRET", path)
    path = re.sub(r"/(charters|drafting)/(?!new$)[^/.]+", r"/\1/CHARTER", path)
    return re.sub(r"/[^/]*\d[^/]*", "/N", path)
