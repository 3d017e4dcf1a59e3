"""Feeds are what RFC 4287 asks for, and say in plain text what changed."""

from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from tests.deliberate.publication.library import HERE, TIME, library, reader

__all__ = ["library", "reader"]

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = [
    f"{HERE}/feed.atom",
    f"{TIME}/feed.atom",
    f"{TIME}/clauses/t1/feed.atom",
    f"{TIME}/clauses/t9/feed.atom",
]


def text(parent: ET.Element, name: str) -> str:
    """What an element that must be there, once, says."""
    [found] = parent.findall(f"{ATOM}{name}")
    assert found.text
    return found.text


@pytest.mark.parametrize("address", FEEDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_feed_has_all_that_a_feed_must_have(reader: FlaskClient, address: str, language: str) -> None:
    answer = reader.get(f"{address}?lang={language}")
    assert answer.mimetype == "application/atom+xml"
    root = ET.fromstring(answer.data)
    assert text(root, "id") == f"http://127.0.0.1:8000{address}"
    assert text(root, "title")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://127.0.0.1:8000{address}?lang={language}"
    assert str(links["alternate"]).startswith("http://127.0.0.1:8000/")
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    entries = root.findall(f"{ATOM}entry")
    assert entries
    assert len({text(entry, "id") for entry in entries}) == len(entries)
    moments = [text(entry, "updated") for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert text(root, "updated") == moments[0]
    assert all(text(entry, "title") for entry in entries)
    again = reader.get(f"{address}?lang={language}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_an_entry_says_what_changed(reader: FlaskClient) -> None:
    root = ET.fromstring(reader.get(f"{TIME}/feed.atom?lang=fr").data)
    said = [str(entry.findtext(f"{ATOM}content")) for entry in root.findall(f"{ATOM}entry")]
    assert len(said) == 6
    assert said[-1] == "Le premier texte, en 5 passages."
    assert "garde {+librement +}une part" in said[-2]
    assert "<script>alert(1)</script>" in "".join(said)  # as text: the feed says so, and nothing runs


def test_pages_lead_to_their_feeds(reader: FlaskClient) -> None:
    for page, feed in (
        (f"{HERE}/charters", f"{HERE}/feed.atom"),
        (TIME, FEEDS[1]),
        (f"{TIME}/clauses/t1", FEEDS[2]),
    ):
        assert 'type="application/atom+xml" title="' in reader.get(page).text
        assert f'href="{feed}"' in reader.get(page).text


def test_a_clause_that_never_was_has_no_feed(reader: FlaskClient) -> None:
    assert reader.get(f"{TIME}/clauses/zz/feed.atom").status_code == 404
