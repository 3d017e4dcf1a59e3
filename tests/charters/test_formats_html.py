"""The web page that stands alone: one title, landmarks, links that lead somewhere, two languages side by side."""

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from charters import FORMATS, CharterError, Clause, export
from tests.charters.published import FIRST, MINORITY, PREAMBLE, SECOND

PAGE = export(
    SECOND, "html", "fr", minority=MINORITY, preamble=PREAMBLE, address="https://c.example/2"
).decode()
PAIR = export(FIRST, "html", "fr", minority=MINORITY, preamble=PREAMBLE, beside="en").decode()


@pytest.mark.parametrize("page", [PAGE, PAIR])
def test_there_is_one_title_and_no_heading_skips_a_level(page: str) -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("page", [PAGE, PAIR])
def test_ids_are_unique_and_every_link_within_the_page_leads_somewhere(page: str) -> None:
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)


def test_ids_of_the_page_are_never_those_of_a_clause() -> None:
    names = ("main", "text", "included", "preamble-p1", "preamble")
    text = replace(FIRST.charter, clauses=tuple(Clause(name, text={"fr": name}) for name in names))
    page = export(replace(FIRST, charter=text), "html", "fr", preamble=PREAMBLE).decode()
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(names) <= set(ids)


def test_it_stands_alone_with_landmarks() -> None:
    assert not re.search(r"<(script|link|img|iframe)\b|url\(|@import", PAGE)
    for landmark in ("<main", "<header", "<nav", "<footer", 'class="skip"'):
        assert PAGE.count(landmark) == 1


def test_its_policy_allows_its_own_style_and_nothing_else() -> None:
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    assert style is not None
    hashed = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = FORMATS["html"].policy
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{hashed}'")
    assert f'content="{policy}"' in PAGE


def test_two_languages_stand_side_by_side_each_named() -> None:
    assert '<div lang="en"><p>All decide.</p>' in PAIR
    assert '<span class="second" lang="en">Right 1 — Chosen time</span>' in PAIR
    assert PAIR.count("Une part fixée retirerait à certains.") == 1
    assert "This passage does not exist in this language yet." in PAIR


def test_a_language_from_right_to_left_says_so() -> None:
    assert '<html lang="ar" dir="rtl">' in export(FIRST, "html", "ar").decode()


def test_formats_of_one_language_refuse_a_second() -> None:
    with pytest.raises(CharterError, match="side by side"):
        export(FIRST, "pdf", "fr", beside="en")


def test_a_chain_that_does_not_lead_to_the_version_is_refused() -> None:
    with pytest.raises(CharterError, match="does not follow"):
        export(SECOND, "akn", "fr", chain=[replace(FIRST, act="act-2")])
