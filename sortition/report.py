"""report.html: quotas against pool against lottery, the distribution of chances, and how to verify.

One self-contained page: style and charts (inline SVG) inside, each chart followed by its table.
"""

from collections import Counter
from collections.abc import Callable, Mapping
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
STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0
1rem;color:#1d2a33;background:#fff}
h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%;margin:1rem
0}caption{text-align:left;font-weight:600} th,td{padding:.3rem .6rem;border-bottom:1px solid
#ccd5da;text-align:right}th:first-child,td:first-child{text-align:left} svg{width:100%;height:auto;margin:1rem
0}code{overflow-wrap:anywhere}text{font:12px system-ui,sans-serif;fill:#1d2a33}
.quota{fill:#b9cdd6}.pool{fill:#8a5a00}.lottery{fill:#0b5c7a}
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
    return "\n".join(f"<p>{escape(say(sentence) % values)}</p>" for sentence in sentences)


def _size(lottery: Lottery) -> int:
    size = lottery.public["size"]
    assert isinstance(size, int)
    return size


def _rows(lottery: Lottery) -> list[tuple[str, float, float, float, float]]:
    """Per quota: name, minimum, maximum, the pool in proportion, the mean over the panels; all in seats."""
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
        for key in zip(categories, row, strict=True):
            pool[key] += 1
            mean[key] = mean.get(key, 0.0) + probability
    return [
        (
            f"{quota['category']}: {quota['value']}",
            quota["min"],
            quota["max"],
            pool[quota["category"], quota["value"]] * _size(lottery) / len(rows),
            mean.get((quota["category"], quota["value"]), 0.0),
        )
        for quota in quotas
    ]


def _quotas(lottery: Lottery, say: Say) -> str:
    rows = _rows(lottery)
    title = say("Quotas, pool and lottery")
    widest = max(*(max(row[2], row[3]) for row in rows), 1)
    scale = 560 / widest
    bars = []
    for number, (name, low, high, pool, mean) in enumerate(rows):
        top = 24 * number
        bars.append(
            f'<text x="0" y="{top + 15}">{escape(name[:38])}</text>'
            f'<rect class="quota" x="{240 + low * scale:.1f}" y="{top + 3}" '
            f'width="{max((high - low) * scale, 2):.1f}" height="16"/>'
            f'<rect class="pool" x="{240 + pool * scale - 1:.1f}" y="{top + 3}" width="2" height="16"/>'
            f'<circle class="lottery" cx="{240 + mean * scale:.1f}" cy="{top + 11}" r="4"/>'
        )
    chart = _svg(title, 24 * len(rows) + 4, "".join(bars))
    legend = say(
        "Pale band: from minimum to maximum. Brown line: the pool in proportion. Dot: mean over the panels."
    )
    heads = [
        say(head) for head in ("Quota", "Minimum", "Maximum", "Pool in proportion", "Mean over the panels")
    ]
    cells = [[row[0], f"{row[1]}", f"{row[2]}", f"{row[3]:.1f}", f"{row[4]:.2f}"] for row in rows]
    return f"<h2>{escape(title)}</h2>\n{chart}\n<p>{escape(legend)}</p>\n{_table(title, heads, cells)}"


def _chances(lottery: Lottery, say: Say) -> str:
    title = say("Distribution of chances")
    chances = [float(chance.lottery) for chance in lottery.chances.values()]
    most = max(chances)
    edges = [most * number / BARS for number in range(BARS + 1)]
    counts = Counter(min(int(chance / most * BARS), BARS - 1) for chance in chances)
    tallest = max(counts.values())
    bars = "".join(
        f'<rect class="lottery" x="{40 * number + 2}" y="{200 - 180 * counts[number] / tallest:.1f}" '
        f'width="36" height="{180 * counts[number] / tallest:.1f}"/>'
        f'<text x="{40 * number + 20}" y="216" text-anchor="middle">{100 * edges[number]:.1f}</text>'
        for number in range(BARS)
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
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 804 {height}" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{content}</svg>'
    )


def _table(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f"<table><caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table>"
    )
