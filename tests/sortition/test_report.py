"""The report as its readers have it before them: alone, in their language, naming nobody."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import sortition
from sortition import Lottery, report
from sortition.report import Figures, figures, personal_page, report_of
from sortition.report.charts import bins, chance_scale, steps_up_to
from sortition.report.voice import Voice
from sortition.sealing import personal

TRANSLATIONS = Path(sortition.__file__).parents[1] / "deliberate" / "translations" / "fr"
VOID = {"meta"}


class Page(HTMLParser):
    """What a reader's program makes of a page: its tags, what it would fetch, its text, tags left open."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href", "style"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    return page


@pytest.fixture(scope="session")
def found(lottery: Lottery) -> Figures:
    return figures(lottery.public, lottery.attributes, lottery.commitment)


@pytest.fixture(scope="session")
def french() -> Callable[[str], str]:
    """The French of a sentence; a sentence without French fails the test."""
    catalog: dict[str, str] = {}
    for path in TRANSLATIONS.glob("*.po"):
        with path.open("rb") as file:
            catalog |= {
                message.id: str(message.string) for message in read_po(file) if isinstance(message.id, str)
            }
    return catalog.__getitem__


def with_chances(found: Figures, chances: list[float]) -> Figures:
    """The same lottery with other chances."""
    return replace(found, chances=tuple(sorted(chances)), least=min(chances))


def test_the_report_stands_alone_and_is_whole(lottery: Lottery) -> None:
    page = read(report(lottery))
    assert page.open == []
    assert page.fetched == []
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert "http" not in report(lottery)


def test_every_chart_says_what_to_see_and_is_followed_by_its_figures(lottery: Lottery) -> None:
    page = read(report(lottery))
    assert page.tags.count("figure") == page.tags.count("figcaption") == 4
    assert page.tags.count("table") == page.tags.count("caption") == 3


def test_the_report_gives_the_bound_the_least_chance_and_the_digest(lottery: Lottery) -> None:
    text = read(report(lottery)).text
    bound, least = 100 * float(lottery.bound), 100 * float(lottery.least)
    assert f"more than {bound:.2f}%; this one gives them {least:.2f}%" in text
    assert lottery.commitment in text
    assert "two balls drawn in public" in text
    assert "20.0% if all had the same chance" in " ".join(
        re.findall(r"[\d.]+% if all had the same chance", reversed_facts(text))
    )


def reversed_facts(text: str) -> str:
    """The facts as they are seen: the figure above its name."""
    return re.sub(r"(if all had the same chance) ([\d.]+%)", r"\2 \1", text)


def test_quotas_stand_beside_pool_lottery_and_where_known_population(lottery: Lottery) -> None:
    assert "Population in proportion" not in read(report(lottery)).text
    text = read(report(lottery, population={("gender", "woman"): 0.51, ("gender", "man"): 0.49})).text
    assert "Population in proportion" in text
    assert "woman 3 3 3.1 20 4.0 3.00" in text
    assert re.search(r"16-29 1 2 – 6 1.2 \d\.\d\d", text)


def test_the_report_names_nobody(lottery: Lottery) -> None:
    text = report(lottery)
    assert not any(pseudonym in text for pseudonym in lottery.key)
    assert not any(f">{person}<" in text for person in lottery.chances)


def told_to(lottery: Lottery) -> dict[str, object]:
    """What the first person of the pool is given."""
    person = next(iter(lottery.chances))
    own = next(pseudonym for pseudonym, of in lottery.key.items() if of == person)
    found = personal(lottery.public, lottery.attributes, own, {"id": person}, lottery.salts[own])
    assert found is not None
    return found


def test_every_sentence_of_report_and_own_page_is_in_french(
    lottery: Lottery, found: Figures, french: Callable[[str], str]
) -> None:
    page = report(lottery, say=french, language="fr", population={("gender", "woman"): 0.51})
    assert '<html lang="fr">' in page
    assert "Comment vérifier" in page
    assert "20,0\N{NO-BREAK SPACE}%" in page
    assert "lowest chance" not in page
    personal_page(lottery.public, lottery.attributes, told_to(lottery), say=french, language="fr")
    for objective in ("leximin", "maximin", "minimax", "nash", "goldilocks"):
        report_of(replace(found, objective=objective, ticket="hash", room=0.2), french, "fr")
    rare = with_chances(found, [0.1] * 28 + [0.9, 1.0])
    for one in (rare, with_chances(found, [0.1] * 29 + [1.0]), with_chances(found, [1.0] * 3 + [0.1] * 27)):
        report_of(one, french, "fr")


def test_a_rehearsal_says_on_top_that_it_has_no_value(found: Figures) -> None:
    text = read(report_of(found, warning="Rehearsal, without value")).text
    assert text.index("Rehearsal, without value") < text.index("lowest chance")


def test_names_that_look_like_markup_are_shown_as_they_are(found: Figures) -> None:
    value = replace(found.values[0], category="<script>", value='"><b>')
    page = read(report_of(replace(found, values=(value, *found.values[1:]), source="<img src=x>")))
    assert page.fetched == []
    assert '"><b>' in page.text
    assert "<img src=x>" in page.text


def test_people_who_are_certain_do_not_flatten_the_others(found: Figures) -> None:
    few = with_chances(found, [0.05] * 200 + [0.06] * 95 + [1.0] * 5)
    scale = chance_scale(replace(few, size=20))
    assert scale.top < 0.3
    assert bins(few, scale)[-1].people == 5
    text = read(report_of(replace(few, size=20))).text
    assert "5 volunteers have a chance beyond the end of this axis, up to 100.0%." in text


def test_many_people_who_are_certain_stay_on_the_axis(found: Figures) -> None:
    many = with_chances(found, [0.1] * 15 + [1.0] * 15)
    assert chance_scale(many).top == 1.0
    assert "beyond the end" not in report_of(many)


def test_thin_groups_are_named_by_how_far_they_are_from_equality(found: Figures) -> None:
    thin = replace(found.values[0], category="age", value="16-29", average=3 * found.equal)
    text = read(report_of(replace(found, values=(*found.values[1:], thin)))).text
    assert "“age: 16-29”" in text
    assert "drawn 3.0 times as often as if all had the same chance" in text
    even = tuple(replace(value, average=found.equal) for value in found.values)
    assert "No group is thin" in report_of(replace(found, values=even))


def test_equal_chances_have_a_gini_index_of_zero(found: Figures) -> None:
    assert abs(with_chances(found, [0.2] * 30).gini) < 1e-12
    assert with_chances(found, [0.0] * 99 + [1.0]).gini == pytest.approx(0.99)


def test_one_person_is_told_their_chance_their_panels_and_how_to_check(lottery: Lottery) -> None:
    person, chance = next(iter(lottery.chances.items()))
    text = read(personal_page(lottery.public, lottery.attributes, told_to(lottery))).text
    assert f"Your chance is {len(chance.panels)} in 100" in text
    assert ", ".join(str(number) for number in chance.panels) in text
    own = next(pseudonym for pseudonym, of in lottery.key.items() if of == person)
    assert own in text
    assert sum(pseudonym in text for pseudonym in lottery.key) == 1


def test_numbers_are_written_as_the_language_does() -> None:
    english, french = Voice(str, "en"), Voice(str, "fr")
    assert (english.number(1234.5, 1), english.percent(0.0345)) == ("1,234.5", "3.5%")
    assert french.number(1234.5, 1) == "1\N{NARROW NO-BREAK SPACE}234,5"
    assert french.percent(0.0345) == "3,5\N{NO-BREAK SPACE}%"


@given(st.floats(min_value=1e-5, max_value=1e5))
def test_an_axis_reaches_its_largest_value_in_few_steps(largest: float) -> None:
    scale = steps_up_to(largest)
    assert 1 <= scale.steps <= 6
    assert largest <= scale.top * (1 + 1e-6)
    assert scale.top - scale.step <= largest
    labels = scale.labels(Voice(str, "en"))
    assert len(set(labels)) == len(labels)


@given(st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=60).filter(any))
def test_every_person_is_in_one_bin(found: Figures, hundredths: list[int]) -> None:
    drawn = with_chances(found, [number / 100 for number in hundredths])
    size = max(1, round(sum(drawn.chances)))
    held = bins(replace(drawn, size=size), chance_scale(replace(drawn, size=size)))
    assert sum(one.people for one in held) == len(hundredths)
    assert read(report_of(replace(drawn, size=size))).open == []
