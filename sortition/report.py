"""report.html: quotas against pool against lottery, the distribution of chances, and how to verify.

One self-contained page: style and charts (inline SVG) inside, each chart followed by its table.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from sortition.lottery import Lottery

Say = Callable[[str], str]

SEATS = (
    "%(size)d seats, %(people)d volunteers, %(panels)d equally likely panels. Every panel meets every quota."
)
LEAST = (
    "No lottery that meets these quotas can give those with the least chance more than %(bound).2f %%; this "
    "one gives them %(least).2f %%."
)
NEAREST = (
    "Nobody's chance in this lottery is further than %(difference).2f percentage points from the most equal "
    "chances."
)
OUT_OF_REACH = (
    "The most equal chances that the quotas suggest were not reached by a mixture of real panels; this lottery "
    "comes as near to them as was found."
)
BARS = 20
LEFT, ROW, LABEL = 240, 24, 36
STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0
1rem;color:#1d2a33;background:#fff}
h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%;margin:1rem
0}caption{text-align:left;font-weight:600} th,td{padding:.3rem .6rem;border-bottom:1px solid
#ccd5da;text-align:right}th:first-child,td:first-child{text-align:left} svg{width:100%;height:auto;margin:1rem
0}code{overflow-wrap:anywhere}text{font:12px system-ui,sans-serif;fill:#1d2a33}
.wide{overflow-x:auto}.wide svg{min-width:40rem}.wide table{min-width:34rem}svg .head{font-weight:600}
.grid{stroke:#dfe6e9}.quota{fill:#b9cdd6}.pool{fill:#8a5a00}.lottery{fill:#0b5c7a}
""".strip()


def report(lottery: Lottery, say: Say = lambda text: text, language: str = "en") -> str:
    """The page. `say` translates its sentences (%-format templates) into `language`."""
    title = say("Report of the lottery")
    parts = [
        f"<h1>{escape(title)}</h1>",
        _summary(lottery, say),
        _quotas(lottery, say),
        _chances(lottery, say),
        _verification(lottery, say),
    ]
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _summary(lottery: Lottery, say: Say) -> str:
    values = {
        "people": len(lottery.chances),
        "size": lottery.public["size"],
        "panels": sum(len(chance.panels) for chance in lottery.chances.values()) // _size(lottery),
        "bound": 100 * float(lottery.bound),
        "least": 100 * float(lottery.least),
        "difference": 100 * float(lottery.largest_difference),
    }
    sentences = [SEATS, LEAST, NEAREST] if lottery.attained else [SEATS, LEAST, NEAREST, OUT_OF_REACH]
    return "\n".join(
        f"<p>{escape((say(sentence) % values).replace(' %', chr(0xA0) + '%'))}</p>" for sentence in sentences
    )


def _size(lottery: Lottery) -> int:
    size = lottery.public["size"]
    assert isinstance(size, int)
    return size


@dataclass(frozen=True)
class _Row:
    """A quota: minimum, maximum, the pool in proportion, the mean over the panels; all in seats."""

    category: str
    value: str
    low: int
    high: int
    pool: float
    mean: float


def _rows(lottery: Lottery) -> list[_Row]:
    quotas, rows = lottery.public["quotas"], lottery.attributes["rows"]
    assert isinstance(quotas, list)
    assert isinstance(rows, list)
    categories = list(dict.fromkeys(quota["category"] for quota in quotas))
    pseudonyms = lottery.public["pseudonyms"]
    assert isinstance(pseudonyms, list)
    chance = [float(lottery.chances[lottery.key[pseudonym]].lottery) for pseudonym in pseudonyms]
    pool: Counter[tuple[str, str]] = Counter()
    mean: dict[tuple[str, str], float] = {}
    for row, probability in zip(rows, chance, strict=True):
        for key in zip(categories, row[: len(categories)], strict=True):
            pool[key] += 1
            mean[key] = mean.get(key, 0.0) + probability
    return [
        _Row(
            category=quota["category"],
            value=quota["value"],
            low=quota["min"],
            high=quota["max"],
            pool=pool[quota["category"], quota["value"]] * _size(lottery) / len(rows),
            mean=mean.get((quota["category"], quota["value"]), 0.0),
        )
        for quota in quotas
    ]


def _quotas(lottery: Lottery, say: Say) -> str:
    rows = _rows(lottery)
    title = say("Quotas, pool and lottery")
    legend = say(
        "Pale band: from minimum to maximum. Brown line: the pool in proportion. Dot: mean over the panels."
    )
    heads = [
        say(head) for head in ("Quota", "Minimum", "Maximum", "Pool in proportion", "Mean over the panels")
    ]
    cells = [
        [f"{row.category}: {row.value}", f"{row.low}", f"{row.high}", f"{row.pool:.1f}", f"{row.mean:.2f}"]
        for row in rows
    ]
    chart = _quota_chart(title, rows)
    return f"<h2>{escape(title)}</h2>\n{chart}\n<p>{escape(legend)}</p>\n{_table(title, heads, cells)}"


def _quota_chart(title: str, rows: Sequence[_Row]) -> str:
    """One line per value below the name of its category, over a grid of seats."""
    widest = max(*(max(row.high, row.pool) for row in rows), 1)
    scale = 550 / widest
    bars, top, category = [], 0, None
    for row in rows:
        if row.category != category:
            category = row.category
            bars.append(f'<text class="head" x="0" y="{top + 17}">{escape(category)}</text>')
            top += ROW
        bars.append(_quota_bar(row, top, scale))
        top += ROW
    step = next((size for size in (1, 2, 5, 10, 20, 50, 100) if widest / size <= 12), 500)
    grid = [
        f'<line class="grid" x1="{LEFT + seats * scale:.1f}" x2="{LEFT + seats * scale:.1f}" y1="{ROW}" '
        f'y2="{top}"/><text x="{LEFT + seats * scale:.1f}" y="{top + 16}" text-anchor="middle">{seats}</text>'
        for seats in range(0, int(widest) + 1, step)
    ]
    return _svg(title, top + ROW, "".join(grid + bars))


def _quota_bar(row: _Row, top: int, scale: float) -> str:
    label = row.value if len(row.value) <= LABEL else f"{row.value[: LABEL - 1]}…"
    return (
        f'<text x="12" y="{top + 16}">{escape(label)}</text>'
        f'<rect class="quota" x="{LEFT + row.low * scale:.1f}" y="{top + 4}" '
        f'width="{max((row.high - row.low) * scale, 2):.1f}" height="16"/>'
        f'<rect class="pool" x="{LEFT + row.pool * scale - 1:.1f}" y="{top + 4}" width="2" height="16"/>'
        f'<circle class="lottery" cx="{LEFT + row.mean * scale:.1f}" cy="{top + 12}" r="4"/>'
    )


def _chances(lottery: Lottery, say: Say) -> str:
    title = say("Distribution of chances")
    chances = [float(chance.lottery) for chance in lottery.chances.values()]
    most = max(chances)
    edges = [most * number / BARS for number in range(BARS + 1)]
    counts = Counter(min(int(chance / most * BARS), BARS - 1) for chance in chances)
    tallest = max(counts.values())
    bars = "".join(
        f'<rect class="lottery" x="{38 * number + 16}" y="{200 - 175 * count / tallest:.1f}" '
        f'width="36" height="{175 * count / tallest:.1f}"/>'
        f'<text x="{38 * number + 34}" y="{196 - 175 * count / tallest:.1f}" text-anchor="middle">{count}</text>'
        for number, count in sorted(counts.items())
    )
    bars += "".join(
        f'<text x="{38 * number + 15}" y="216" text-anchor="middle">{100 * edge:.1f}</text>'
        for number, edge in enumerate(edges)
        if number % 2 == 0
    )
    heads = [say("Chance (%)"), say("People")]
    cells = [
        [f"{100 * low:.2f} – {100 * high:.2f}", str(counts[number])]
        for number, (low, high) in enumerate(pairwise(edges))
        if counts[number]
    ]
    legend = say("Chance of being drawn, in percent, and number of people.")
    chart = _svg(title, 220, bars)
    return f"<h2>{escape(title)}</h2>\n{chart}\n<p>{escape(legend)}</p>\n{_table(title, heads, cells)}"


def _verification(lottery: Lottery, say: Say) -> str:
    randomness = lottery.public["randomness"]
    assert isinstance(randomness, Mapping)
    source = say("The panel will be drawn by: %(source)s.") % {"source": randomness["source"]}
    explained = say(
        "This digest, published before the draw, seals the lottery. To verify, put lottery.json and the "
        "documents published with it into one folder and run the command below. It needs Python only and "
        "trusts nothing that prepared the lottery."
    )
    return (
        f"<h2>{escape(say('How to verify'))}</h2>\n<p>{escape(source)}</p>\n"
        f"<p><code>{escape(lottery.commitment)}</code></p>\n<p>{escape(explained)}</p>\n"
        "<p><code>python -m sortition verify lottery.json</code></p>"
    )


def _svg(title: str, height: int, content: str) -> str:
    chart = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 804 {height}" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{content}</svg>'
    )
    return _wide(title, chart)


def _table(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    table = (
        f"<table><caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table>"
    )
    return _wide(caption, table)


def _wide(title: str, content: str) -> str:
    """What scrolls in itself on a narrow screen, also by keyboard."""
    return f'<div class="wide" role="group" aria-label="{escape(title)}" tabindex="0">{content}</div>'
