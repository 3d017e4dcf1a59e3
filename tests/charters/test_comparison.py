"""What became of each clause between two versions, as data, text, JSON and a page."""

import json
from html.parser import HTMLParser

import pytest

from charters import Charter, Clause, Inclusion, apply, changes, compare, diff, statuses
from charters.comparing.changes import Fold
from charters.comparing.comparison_page import as_html
from charters.comparing.comparison_views import as_json, as_text
from charters.operations import Confirm, Describe, Insert, Join, Move, Replace, Split, Strike

HOUR, GIFT, SALE = "Une heure vaut une heure.", "Les dons comptent autant.", "Rien de tout cela ne se vend."
OLD = Charter(
    "c",
    {"fr": "Charte du temps", "en": "Charter of time"},
    (
        Clause("t1", text={"fr": f"{HOUR} {GIFT} {SALE}", "en": "An hour is an hour."}),
        Clause("t2", text={"fr": "Chacun décide de son temps."}),
        Clause("t3", text={"fr": "Le temps appris compte."}),
        Clause("t4", text={"fr": "Le temps donné compte."}),
    ),
)


def test_a_clause_cut_in_three_is_found_from_what_the_clauses_say() -> None:
    parts = tuple(
        Clause(name, text={"fr": text}) for name, text in [("t1", HOUR), ("n1", GIFT), ("n2", SALE)]
    )
    new = Charter("c", OLD.title, (*parts, *OLD.clauses[1:]))
    step = diff(OLD, new)[0]
    assert isinstance(step, Split)
    assert (step.clause, step.ids) == ("t1", ("n1", "n2"))
    assert apply(OLD, diff(OLD, new)) == new
    back = diff(
        new, Charter("c", OLD.title, (Clause("t1", text={"fr": f"{HOUR} {GIFT} {SALE}"}), *OLD.clauses[1:]))
    )
    assert isinstance(back[0], Join)
    assert back[0].clauses == ("t1", "n1", "n2")


def test_a_new_clause_beside_a_changed_one_is_no_split() -> None:
    new = apply(
        OLD, [Replace("t2", "fr", text="Chacun décide."), Insert(None, "t2", Clause("n", text={"fr": GIFT}))]
    )
    assert statuses(OLD, new) == {
        "t1": "unchanged",
        "t2": "changed",
        "n": "inserted",
        "t3": "unchanged",
        "t4": "unchanged",
    }


def test_figures_count_what_became_of_the_clauses_and_unchanged_ones_are_folded() -> None:
    new = apply(
        OLD, [Move("t4", None, None), Replace("t4", "fr", text="Le temps donné compte double."), Strike("t2")]
    )
    found = compare(OLD, new, "fr")
    assert found.figures == {"changed": 1, "moved": 1, "struck": 1, "unchanged": 2}
    assert [part.clauses if isinstance(part, Fold) else part.clause for part in found.parts] == [
        "t4",
        ("t1",),
        "t2",
        ("t3",),
    ]
    shown = compare(OLD, new, "fr", context=1).parts
    assert not any(isinstance(part, Fold) for part in shown)
    assert compare(OLD, OLD, "fr").same


def test_a_language_that_waits_is_shown_in_that_language() -> None:
    new = apply(OLD, [Replace("t1", "fr", text=HOUR)])
    waiting = compare(OLD, new, "en").changes
    assert [(change.clause, change.status, change.doubt) for change in waiting] == [
        ("t1", "unchanged", "stale")
    ]
    assert "to be confirmed" in as_text(OLD, new, "en")
    confirmed = compare(new, apply(new, [Confirm("t1", "en")]), "en").changes
    assert [change.doubt for change in confirmed] == ["confirmed"]


def test_what_changed_besides_words_is_said_in_words() -> None:
    new = apply(
        OLD,
        [
            Replace("t2", kind="recommendation", commits=("authorities",), references=("ETS 5",)),
            Replace("t2", "fr", note="Une note."),
            Describe("fr", "Charte du temps choisi"),
            Describe(preamble=Inclusion("preamble", 2, "sha256:" + "0" * 64)),
        ],
    )
    text = as_text(OLD, new, "fr")
    for said in (
        "Nature\u00a0: Article → Recommandation", "S’adresse à\u00a0: rien → les pouvoirs publics", "Références\u00a0: rien → ETS 5",
        "Note\u00a0: {+Une note.+}", "Charte du temps{+ choisi+}", "Le préambule commun inclus a changé.",
    ):  # fmt: skip
        assert said in text
    assert "Commits: nothing → public authorities" in as_text(OLD, new, "en")
    assert as_text(OLD, OLD, "en") == "No difference in this language."


def test_a_change_of_typography_alone_is_said_to_be_one() -> None:
    new = apply(OLD, [Replace("t2", "fr", text="Chacun décide\u00a0de son temps.")])
    assert "modifié (seule la typographie change)" in as_text(OLD, new, "fr")
    assert not compare(OLD, apply(OLD, [Replace("t2", "fr", text="Chacun.")]), "fr").changes[0].typographic


def test_a_struck_clause_stays_where_it_stood() -> None:
    new = apply(OLD, [Strike("t1"), Strike("t3")])
    assert [change.clause for change in changes(OLD, new, "fr")] == ["t1", "t2", "t3", "t4"]


@pytest.mark.parametrize("side_by_side", [False, True])
def test_the_json_view_holds_the_operations_and_both_texts(side_by_side: bool) -> None:
    new = apply(OLD, [Replace("t2", "fr", text="Chacun décide\nde sa vie.")])
    value = json.loads(as_json(OLD, new, "fr", side_by_side))
    assert value["operations"] == [
        {"op": "replace", "clause": "t2", "lang": "fr", "text": "Chacun décide\nde sa vie."}
    ]
    part = next(part for part in value["parts"] if part.get("clause") == "t2")
    assert part["called"] == "Article 2"
    if side_by_side:
        before, after = part["text"][0]
        assert "".join(text for _tag, text in before) == "Chacun décide de son temps."
        assert "".join(text for _tag, text in after) == "Chacun décide\nde sa vie."
    else:
        assert "".join(text for tag, text in part["text"] if tag != "delete") == "Chacun décide\nde sa vie."


class Page(HTMLParser):
    """The ids, links and elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.elements: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name == "href" and value]


@pytest.mark.parametrize("side_by_side", [False, True])
def test_the_page_leads_from_change_to_change_and_lets_no_text_become_markup(side_by_side: bool) -> None:
    new = apply(
        OLD,
        [
            Replace("t2", "fr", text="<script>alert(1)</script> & \x07"),
            Replace("t4", "fr", text="Le temps donné suffit."),
            Describe("fr", "<b>Charte</b>"),
        ],
    )
    text = as_html(OLD, new, "fr", side_by_side)
    page = Page(text)
    assert {"script", "b"}.isdisjoint(page.elements)
    assert {"#t2", "#t4"} <= set(page.links) <= {f"#{name}" for name in page.ids}
    assert page.elements.count("h1") == 1
    assert "[U+0007]" in text
    assert "supprimé : " in text
    assert "1 passage inchangé" in text


def test_words_side_by_side_stand_in_two_columns() -> None:
    new = apply(OLD, [Replace("t2", "fr", text="Chacun décide de sa vie.")])
    row = next(line for line in as_text(OLD, new, "fr", side_by_side=True).split("\n") if "|" in line)
    left, right = row.split("|")
    assert left.strip() == "Chacun décide de [-son temps-]."
    assert right.strip() == "Chacun décide de {+sa vie+}."
