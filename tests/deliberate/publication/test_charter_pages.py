"""Reading a charter that has lived: its versions, its clauses, its languages, what it leans on."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select

from deliberate.core.database import db
from deliberate.drafting.models import Charter
from deliberate.drafting.queries import published_versions
from tests.deliberate.publication.library import HERE, TIME, library, reader

__all__ = ["library", "reader"]

ALL = [
    TIME, f"{TIME}?words=1", f"{TIME}/versions/1", f"{TIME}/history", f"{TIME}/compare?from=1&to=6&in=all&view=side",
    f"{TIME}/clauses/t1", f"{TIME}/clauses/t3", f"{TIME}/clauses/t9", f"{TIME}/versions/6/languages", f"{HERE}/references",
    f"{HERE}/coverage", f"{HERE}/search?q=script", f"{HERE}/charters",
]  # fmt: skip


@pytest.mark.parametrize("address", ALL)
def test_what_people_wrote_never_becomes_markup(reader: FlaskClient, address: str) -> None:
    for language in ("en", "fr"):
        page = reader.get(address, query_string={"lang": language} if "?" not in address else None)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert page.text.count("<h1") == 1


def test_a_version_tells_programs_what_stands_around_it(reader: FlaskClient) -> None:
    for _ in range(2):  # made, then kept
        answer = reader.get(f"{TIME}/versions/2")
        links = dict(re.findall(r'<http://[^/]+([^>]+)>; rel="([^"]+)"', answer.headers["Link"]))
        assert links == {
            TIME: "latest-version original",
            f"{TIME}/history": "version-history",
            f"{TIME}/versions/2": "canonical",
            f"{TIME}/versions/1": "predecessor-version",
            f"{TIME}/versions/3": "successor-version",
        }
        assert answer.headers["Memento-Datetime"] == "Wed, 01 Apr 2026 22:30:00 GMT"
    tag = answer.headers["ETag"]
    assert reader.get(f"{TIME}/versions/2", headers={"If-None-Match": tag}).status_code == 304
    assert "Memento-Datetime" not in reader.get(TIME).headers


def test_a_day_ends_where_the_process_is(reader: FlaskClient) -> None:
    """Version 2 was published on 1 April at 22:30 in UTC: on 2 April in Brussels."""
    assert "Version 1 ·" in reader.get(f"{TIME}?at=2026-04-01").text
    assert "Version 2 ·" in reader.get(f"{TIME}?at=2026-04-02").text
    early = reader.get(f"{TIME}?at=2026-01-01").text
    assert "No version was in force on 1 January 2026." in early
    assert "The first one was published on 2 March 2026." in early
    assert "Version 6 ·" in reader.get(f"{TIME}?at=9999-12-31").text
    for wrong in ("2026-02-30", "yesterday", "<b>", "0"):
        assert reader.get(TIME, query_string={"at": wrong}).status_code == 422


def test_a_clause_has_a_day_too(reader: FlaskClient) -> None:
    page = reader.get(f"{TIME}/clauses/t1?at=2026-04-10").text
    assert "This is how it stood on 10 April 2026, in version 2." in page
    assert "Version 3" not in page
    assert reader.get(f"{TIME}/clauses/t1?at=2026-01-01").status_code == 404
    assert reader.get(f"{TIME}/clauses/t9?at=2026-04-10").status_code == 404


def test_a_clause_tells_its_splits_and_joins_and_what_was_refused(reader: FlaskClient) -> None:
    page = reader.get(f"{TIME}/clauses/t1?lang=fr").text
    for said in ("réuni", "scindé", "modifié", "nouveau"):
        assert f'<span class="tag">{said}' in page
    assert "1 amendement à ce texte n’a pas été retenu" in page
    assert "Too long." in page
    assert f'href="{TIME}/clauses/t1b"' in page
    struck = reader.get(f"{TIME}/clauses/t3?lang=en").text
    assert "This passage is no longer in the charter." in struck
    part = reader.get(f"{TIME}/clauses/t1b?lang=en").text
    assert "it was then part of the passage t1" in part


def test_each_word_says_what_brought_it(reader: FlaskClient) -> None:
    page = reader.get(f"{TIME}/versions/2?words=1&lang=fr").text
    assert re.search(
        r'<span class="run">librement</span><sup><a href="#t1-b" title="version 2, amendement am-1">b', page
    )
    assert 'id="t1-b"' in page


def test_a_translation_that_lacks_or_waits_says_so(reader: FlaskClient) -> None:
    page = reader.get(f"{TIME}/versions/2?lang=en").text
    assert "This passage is not written in English yet." in page
    assert "its translation waits to be confirmed" in page
    both = reader.get(f"{TIME}/versions/2/languages?left=en&right=fr&lang=en").text
    assert both.index("Everyone keeps a share.") < both.index("Chacun garde librement")
    assert '<span class="tag">to be confirmed</span>' in both
    assert '<span class="tag">no translation yet</span>' in both
    other = reader.get(f"{TIME}/versions/2/languages?left=xx&right=fr&lang=en").text
    assert other.index("Everyone keeps a share.") < other.index("Chacun garde librement")


def test_a_recommendation_says_to_whom_it_is_addressed(reader: FlaskClient) -> None:
    assert "<b>Addressed to:</b> public authorities" in reader.get(f"{TIME}?lang=en").text


def test_formats_are_offered_in_each_language_under_names_in_words(reader: FlaskClient) -> None:
    page = reader.get(f"{TIME}?lang=en").text
    assert f'href="{TIME}/versions/6.fr.pdf"' in page
    assert "what the control codes are computed on (JSON)" in page
    assert reader.get(f"{TIME}/versions/6.fr.akn").status_code == 200
    assert reader.get(f"{TIME}/versions/6.fr.exe").status_code == 404


def test_instruments_lead_to_the_passages_that_lean_on_them(reader: FlaskClient) -> None:
    page = reader.get(f"{HERE}/references?lang=en").text
    assert "European Convention on Human Rights (1950)" in page
    assert 'href="https://sdgs.un.org/goals/goal8"' in page
    assert "1 passage leans on it" in page
    assert f'href="{TIME}#t2"' in page  # another charter, or the same, by its key
    french = reader.get(f"{HERE}/references?lang=fr").text
    assert "ODD 8.5" in french
    assert "STE 5" in french


def test_search_folds_accents_and_wants_every_word(reader: FlaskClient) -> None:
    assert "<mark>été</mark>" in reader.get(f"{HERE}/search?q=ETE&lang=fr").text
    assert "<mark>L’été</mark>" in reader.get(f"{HERE}/search?q=l%27ete+heure&lang=fr").text
    assert "No passage in force says it." in reader.get(f"{HERE}/search?q=été+neige&lang=en").text
    assert "<mark" not in reader.get(f"{HERE}/search?q=+++").text
    assert reader.get(f"{HERE}/search", query_string={"q": "a" * 5000}).status_code == 200


def test_what_is_left_open_is_counted(reader: FlaskClient) -> None:
    page = reader.get(f"{HERE}/coverage?lang=en").text
    assert "No contribution is public yet." in page
    assert "3 of 5 passages</summary>" in page
    assert f'href="{TIME}/clauses/r1"' in page


def test_two_versions_are_compared_in_all_languages_with_what_did_not_change_folded(
    reader: FlaskClient,
) -> None:
    page = reader.get(f"{TIME}/compare?from=1&to=2&in=all&lang=en").text
    assert "1 passage differs." in page
    assert "changed: 1</b> — 1 word added, 0 words removed" in page
    assert "4 passages unchanged</summary>" in page
    assert "Another language changed: this one waits to be confirmed." in page
    back = reader.get(f"{TIME}/compare?from=2&to=1&in=fr&view=side&lang=en").text
    assert 'class="before diff"' in back
    assert "0 words added, 1 word removed" in back
    same = reader.get(f"{TIME}/compare?from=2&to=2&lang=en").text
    assert "These two versions say the same." in same
    assert reader.get(f"{TIME}/compare?from=1&to=99").status_code == 404
    assert reader.get(f"{TIME}/compare?from=x&to=-3&in=zz&view=q").status_code in {200, 404}


def test_changes_lead_to_each_other(reader: FlaskClient) -> None:
    page = reader.get(f"{TIME}/compare?from=1&to=6&lang=en").text
    ids = re.findall(r'id="(change-\d+)"', page)
    assert ids == [f"change-{number}" for number in range(1, len(ids) + 1)]
    assert {f"#{one}" for one in ids} >= set(re.findall(r'href="(#change-\d+)"', page))
    for word in ("changed", "struck out", "new"):
        assert word in page


def test_a_list_of_versions_leaves_their_texts_where_they_are(library: Flask) -> None:
    db.session.expire_all()
    charter = db.session.scalars(select(Charter)).one()
    found = published_versions(db.session(), charter)
    assert len(found) == 6
    assert all("document" in inspect(version).unloaded for version in found)
