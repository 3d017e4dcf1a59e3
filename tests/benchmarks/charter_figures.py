"""The part of the benchmark that is about charters: everything measured, and told as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import charter_words, charters
from tests.benchmarks.charter_chart import chart
from tests.benchmarks.charter_claims import charter_claims
from tests.benchmarks.charter_words import Words
from tests.benchmarks.charters import Cost
from tests.benchmarks.claims import Claim
from tests.benchmarks.tell import table

NOTES = """\
Each line is a process of its own; reading files and building the charters are not counted. Clauses have two sentences
in French and two in English; 15 of 100 are reworded between the two versions compared, some moved, struck, split or
new; each version of the chain adopts ten amendments. A tenth of the amendments merged conflict."""


@dataclass
class CharterFigures:
    """What a run found. ``problems``: sentences about what could not be measured."""

    costs: list[Cost] = field(default_factory=list)
    exports: dict[str, float] = field(default_factory=dict)
    words: Words | None = None
    problems: list[str] = field(default_factory=list)

    def claims(self) -> list[Claim]:
        return charter_claims(self.costs, self.exports, self.words)


def measure(folder: Path) -> CharterFigures:
    """Measure everything, and say so while it goes on."""
    found = CharterFigures()
    for cost in charters.measure():
        print(f"charters: {cost}", flush=True)
        if isinstance(cost, Cost):
            found.costs.append(cost)
        else:
            found.problems.append(cost)
    exports = charters.exports()
    if isinstance(exports, str):
        found.problems.append(exports)
    else:
        found.exports = exports
    found.words = charter_words.measure(folder)
    found.problems += [found.words.problem] if found.words.problem else []
    return found


def told(figures: CharterFigures, out: Path) -> str:
    """The figures as Markdown; draws the chart into the folder ``out``."""
    parts = ["## Charters", NOTES]
    if figures.costs:
        (out / "charters.svg").write_text(chart(figures.costs), "utf-8")
        parts += [
            "![processor seconds over clauses, amendments and versions](charters.svg)",
            _costs(figures.costs),
        ]
    if figures.exports:
        rows = [(name, f"{seconds:.2f}") for name, seconds in figures.exports.items()]
        parts.append(table(("format", "processor s for 1,000 clauses"), rows))
    if figures.words:
        parts += _words(figures.words)
    return "\n" + "\n\n".join([*parts, *figures.problems]) + "\n"


def _costs(costs: Sequence[Cost]) -> str:
    head = ("measured", "over", "size", "s", "processor s", "memory, MB", "conflicts")
    rows = [
        (
            cost.series, cost.over, f"{cost.size:,}", f"{cost.seconds:.3f}", f"{cost.processor_seconds:.3f}",
            f"{cost.memory_mb:.0f}", str(cost.conflicts) if cost.series == "merge" else "–",
        )
        for cost in costs
    ]  # fmt: skip
    return table(head, rows)


def _words(words: Words) -> list[str]:
    both = [figure for figure in (words.ours, words.peer, words.by_word) if figure]
    head = (
        f"word differences of {words.pairs} pairs",
        "ms a pair",
        "pieces",
        "signs in them",
        "words cut",
        "exact",
    )
    rows = [
        (
            one.name,
            f"{one.milliseconds:.3f}",
            str(one.fragments),
            f"{one.marked:,}",
            str(one.cut),
            str(one.exact),
        )
        for one in both
    ]
    kinds = [(edit, *map(str, figures)) for edit, figures in words.by_edit.items()]
    return [table(head, rows), table(("edit", "pairs", "pieces, ours", "pieces, peer"), kinds)]
