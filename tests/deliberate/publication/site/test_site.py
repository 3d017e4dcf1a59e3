"""The bundle's pages: every link leads to something that is there, in both languages, and `verify` watches over them."""

import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from deliberate.publication.acts import publish
from deliberate.publication.contents import content_files
from deliberate.publication.verify import verify
from tests.conftest import undone
from tests.deliberate.publication.conftest import Played, journey_in


@pytest.fixture
def engine(on_sqlite: Engine) -> Engine:
    """One database: what a page says does not depend on which."""
    return on_sqlite


class Reader(HTMLParser):
    """What a page holds: links, ids, headings in order, and anything that would run or load from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.add(tag)
        self.links += [known[name] or "" for name in ("href", "src", "action") if name in known]
        self.ids += [known["id"] or ""] if "id" in known else []
        self.levels += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []


@pytest.fixture(scope="module")
def files(played_on_sqlite: Played) -> dict[str, bytes]:
    """What the bundle of the journey holds."""
    with undone(played_on_sqlite.engine) as session:
        return content_files(session, journey_in(session, played_on_sqlite).process)


def pages(files: dict[str, bytes]) -> dict[str, Reader]:
    return {
        path: Reader(text.decode())
        for path, text in files.items()
        if path == "index.html" or re.fullmatch("(fr|en)/.*html", path)
    }


def test_no_link_leads_nowhere_and_nothing_comes_from_elsewhere(files: dict[str, bytes]) -> None:
    found = pages(files)
    assert len(found) > 40
    beside = {"journal.jsonl", "HEAD", "manifest.json"}
    for path, page in found.items():
        assert not page.tags & {"script", "form", "iframe", "img", "button"}, path
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links:
            address, _, anchor = link.partition("#")
            assert not re.match(r"[a-z]+:|/", address), f"{path}: {link}"
            target = normpath(f"{path}/../{address}") if address else path
            assert target in files or target in beside, f"{path}: {link}"
            if anchor and target in found:
                assert anchor in found[target].ids, f"{path}: {link}"


def test_pages_read_in_order_and_say_the_same_in_both_languages(files: dict[str, bytes]) -> None:
    found = pages(files)
    for path, page in found.items():
        assert page.levels.count(1) == 1, path
        assert page.levels[0] == 1, path
        assert all(
            after <= before + 1 for before, after in zip(page.levels, page.levels[1:], strict=False)
        ), path
    french = {path[3:] for path in found if path.startswith("fr/")}
    assert french == {path[3:] for path in found if path.startswith("en/")}
    reached, waiting = set(), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in found and path not in reached:
            reached.add(path)
            waiting += [
                normpath(f"{path}/../{link.partition('#')[0]}")
                for link in found[path].links
                if link[0] != "#"
            ]
    assert reached == set(found)


def test_every_version_every_comparison_and_every_life_can_be_read(files: dict[str, bytes]) -> None:
    for name in (
        "charter-time", "version-time-1", "version-time-2", "compare-time-1-2", "history-time", "lives-time",
        "amendments-time", "recommendations", "minority", "contributions-1", "lessons", "dossiers", "coverage",
        "ballots", "adoptions", "journal-1", "panel", "protocol", "verification", "index", "charters",
    ):  # fmt: skip
        assert f"fr/{name}.html" in files
    text = files["fr/charter-time.html"].decode()
    assert "Chacun dispose librement d’une part de son temps." in text
    assert "Nous aurions fixé une part." in text
    assert 'href="contributions-1.html#c-1"' in text
    assert 'href="amendments-time.html#am-1"' in text
    assert "<ins>" in files["fr/compare-time-1-2.html"].decode()
    assert "La banque du temps" in files["fr/lessons.html"].decode()
    assert "c-2" in files["fr/coverage.html"].decode()
    assert "n'est" not in text


def test_the_same_content_gives_the_same_bytes(
    session: Session, journey: Any, files: dict[str, bytes]
) -> None:
    assert content_files(session, journey.process) == files


def test_a_page_that_was_changed_is_named(session: Session, journey: Any, tmp_path: Path) -> None:
    with publish(session, journey.organiser, journey.process, tmp_path, journey.now) as prepared:
        session.flush()
    page = prepared.place / "fr/charter-time.html"
    page.write_bytes(page.read_bytes().replace(b"librement", b"rarement "))
    (fault,) = verify(prepared.place).faults[:1]
    assert fault.where == "fr/charter-time.html"


def test_what_people_typed_never_becomes_markup(session: Session, journey: Any) -> None:
    hostile = '<script>alert(1)</script><a href="https://evil.example">x</a>'
    journey.process.title = {"fr": hostile, "en": hostile}
    journey.process.question = {"fr": hostile}
    session.flush()
    for path, text in content_files(session, journey.process).items():
        if path.endswith(".html"):
            assert b"<script>alert" not in text, path
            assert b'<a href="https://evil' not in text, path
