"""Claims about charters are read off figures, and what is measured on is the same everywhere."""

from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from charters import check_chain, diff
from tests.benchmarks.charter_chart import chart, slope
from tests.benchmarks.charter_claims import charter_claims
from tests.benchmarks.charter_figures import CharterFigures, told
from tests.benchmarks.charter_texts import chain, charter, pairs, revised
from tests.benchmarks.charter_words import WordFigure, Words
from tests.benchmarks.charters import Cost
from tests.benchmarks.claims import Claim

COSTS = [
    Cost("comparison", "clauses", 1000, 0.1, 0.05, 40),
    Cost("comparison", "clauses", 2000, 0.2, 0.1, 40),
    Cost("merge", "amendments", 500, 0.9, 0.8, 120, 50),
    Cost("provenance", "versions", 200, 2.0, 0.7, 90),
]
WORDS = Words(
    200,
    WordFigure("ours", 0.1, 400, 9000, 0, 200),
    WordFigure("peer", 0.2, 450, 8000, 100, 200),
    None,
    {"by hand": (56, 1, 2)},
)
EXPORTS = {"html": 0.5, "pdf": 3.0}


def claim(
    words: str, costs: list[Cost] = COSTS, exports: dict[str, float] = EXPORTS, found: Words | None = WORDS
) -> Claim:
    return next(one for one in charter_claims(costs, exports, found) if words in one.sentence)


def test_figures_within_every_limit_meet_every_claim() -> None:
    assert all(one.met for one in charter_claims(COSTS, EXPORTS, WORDS))


@pytest.mark.parametrize(
    ("words", "cost"),
    [
        ("compared", replace(COSTS[0], processor_seconds=0.3)),
        ("merged", replace(COSTS[2], memory_mb=300)),
        ("merged", replace(COSTS[2], processor_seconds=1.5)),
        ("origin", replace(COSTS[3], processor_seconds=1.5)),
    ],
)
def test_a_figure_beyond_its_limit_is_told_as_not_met(words: str, cost: Cost) -> None:
    others = [one for one in COSTS if one.series != cost.series]
    assert claim(words, [cost, *others]).met is False


def test_growth_faster_than_near_linear_is_told() -> None:
    square = [Cost("merge", "clauses", size, 1, size**2 / 1e6, 1) for size in (10, 100, 1000)]
    assert slope(square) == pytest.approx(2)
    assert claim("near-linearly", square).met is False


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert {one.met for one in charter_claims([], {}, None)} == {None}
    assert claim("fewer pieces", found=replace(WORDS, peer=None, problem="no index")).figure == "no index"


def test_a_word_cut_or_a_text_lost_breaks_the_claim_about_word_differences() -> None:
    assert claim("fewer pieces", found=replace(WORDS, ours=replace(WORDS.ours, cut=1))).met is False
    assert claim("fewer pieces", found=replace(WORDS, ours=replace(WORDS.ours, exact=199))).met is False


def test_the_chart_has_a_line_for_everything_measured() -> None:
    drawn = ET.fromstring(chart(COSTS))
    lines = drawn.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == len({(cost.series, cost.over) for cost in COSTS})


def test_the_figures_are_told_in_tables(tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("out")
    text = told(CharterFigures(COSTS, EXPORTS, WORDS, ["export: no typst"]), out)
    assert "| provenance | versions | 200 |" in text
    assert "export: no typst" in text
    assert (out / "charters.svg").exists()


def test_there_are_over_a_hundred_pairs_of_sentences_in_two_languages() -> None:
    count = Counter(pair.lang for pair in pairs())
    assert set(count) == {"fr", "en"}
    assert sum(pair.edit == "by hand" for pair in pairs()) > 50
    assert min(count.values()) > 90
    assert all(pair.old != pair.new for pair in pairs())
    assert pairs() == pairs()


def test_charters_and_chains_measured_on_hold_together() -> None:
    small = charter(23)
    assert len(small.index.clauses) == 23
    assert small == charter(23)
    kinds = {type(step).__name__ for step in diff(charter(200), revised(charter(200)))}
    assert {"Move", "Strike", "Insert", "Split", "Replace"} <= kinds
    check_chain(chain(60, 4))
