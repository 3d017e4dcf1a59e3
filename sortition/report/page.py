"""report.html: what the lottery is, everyone's chance, quotas against pool and population, how to verify."""

from collections.abc import Callable

from sortition.lottery import Lottery
from sortition.report import markup
from sortition.report.chances import chances
from sortition.report.figures import Figures, Shares, figures
from sortition.report.groups import quotas, thin
from sortition.report.voice import Voice

Translate = Callable[[str], str]

SEATS = (
    "%(size)s seats, %(people)s volunteers, %(panels)s equally likely panels. Every panel meets every quota; "
    "one of them will be drawn in public."
)
LEAST = (
    "No lottery that meets these quotas can give those with the least chance more than %(bound)s; this one "
    "gives them %(least)s."
)
PROVEN = {
    "minimax": (
        "In every lottery that meets these quotas somebody has a chance of at least %(bound)s; the highest here is "
        "%(most)s."
    ),
    "nash": "The chances aimed at have at least %(bound)s of the largest geometric mean that the quotas allow.",
    "goldilocks": (
        "No lottery that meets these quotas brings highest and lowest chance together below %(bound)s of what the "
        "chances aimed at come to."
    ),
}
NEAREST = "Nobody’s chance in this lottery is further than %(difference)s percentage points from the chances aimed at."
WORTH_SAYING = 0.01
ROOM = "The proof leaves room: it does not exclude that another lottery comes %(room)s %% nearer to this aim."
AIMS = {
    "leximin": (
        "It makes the lowest chance as high as the quotas allow, then the second lowest, and so on (leximin)."
    ),
    "maximin": "It makes the lowest chance as high as the quotas allow (maximin).",
    "minimax": "It makes the highest chance as low as the quotas allow (minimax).",
    "nash": "It makes the product of all chances as large as the quotas allow (Nash).",
    "goldilocks": "It keeps the lowest chances high and the highest low, both together (Goldilocks).",
}
STEPS = (
    "Before the draw, note the digest below, or read it in a newspaper, in minutes, on a wall: it seals the lottery.",
    "After the draw, put lottery.json and the documents published with it into one folder.",
    (
        "On a computer with Python 3.9 or later, run the command below. The program verify.py lies among the documents, "
        "to be read as well as run. It needs none of the programs that prepared the lottery: Python’s own library is "
        "enough for it."
    ),
    (
        "It recounts the digest, the chances and the panel drawn. With attributes.json beside it, it also recounts "
        "every quota in every panel and checks the proof that no lottery does better."
    ),
    "Compare the digest that it prints with the one you noted, and the panel with the randomness you saw drawn.",
)
RULES = {
    "digits": "The digits drawn are the number of the panel.",
    "hash": "The number of the panel follows from the digest and the text drawn, by SHA-256.",
}


def report(
    lottery: Lottery,
    say: Translate = lambda text: text,
    language: str = "en",
    population: Shares | None = None,
) -> str:
    """The page. `say` translates its sentences (%-format templates) into `language`.

    `population` gives shares (0 to 1) of the population by category and value.
    """
    return report_of(
        figures(lottery.public, lottery.attributes, lottery.commitment, population), say, language
    )


def report_of(
    found: Figures, say: Translate = lambda text: text, language: str = "en", warning: str = ""
) -> str:
    """The page of figures; `warning`, in the reader's language, stands on top of it."""
    voice = Voice(say, language)
    content = [
        markup.paragraph(f"<strong>{voice.plain(warning)}</strong>", "message") if warning else "",
        _summary(found, voice),
        chances(found, voice),
        quotas(found, voice),
        thin(found, voice),
        _computed(found, voice),
        _verification(found, voice),
    ]
    return markup.page(voice("Report of the lottery"), content, voice)


def _summary(found: Figures, say: Voice) -> str:
    seats = say(
        SEATS,
        size=say.number(found.size),
        people=say.number(found.people),
        panels=say.number(found.panels),
    )
    large = [
        (say("if all had the same chance"), say.percent(found.equal)),
        (say("lowest chance"), say.percent(found.least)),
        (say("highest chance"), say.percent(found.most)),
    ]
    if found.limits_least:
        large.append((say("proven limit of the lowest"), say.percent(found.bound)))
    aim = say(AIMS[found.objective]) if found.objective in AIMS else ""
    said = [
        aim,
        say(
            PROVEN.get(found.objective, LEAST),
            bound=say.percent(found.bound, 2),
            least=say.percent(found.least, 2),
            most=say.percent(found.most, 2),
        ),
        say(NEAREST, difference=say.number(100 * found.largest_difference, 2)),
        say(ROOM, room=say.number(100 * found.room, 1)) if found.room > WORTH_SAYING else "",
    ]
    return "\n".join(
        [
            markup.paragraph(seats, "lead"),
            markup.facts(large),
            markup.paragraph(" ".join(one for one in said if one)),
        ]
    )


def _computed(found: Figures, say: Voice) -> str:
    entries = [
        (say("Aim"), say.plain(found.objective)),
        (say("Panels"), say.number(found.panels)),
        (say("The panel will be drawn by"), say.plain(found.source)),
        (say("From the randomness to the panel"), say(RULES[found.ticket])),
        (
            say("Software"),
            say.plain(", ".join(f"{name} {version}" for name, version in sorted(found.software.items()))),
        ),
    ]
    explained = say(
        "The same input, secret entropy and versions give the same lottery to the byte. Other versions may find "
        "other, equally good panels; checking needs none of them."
    )
    return f"<h2>{say('How it was computed')}</h2>\n{markup.terms(entries)}\n{markup.paragraph(explained)}"


def _verification(found: Figures, say: Voice) -> str:
    steps = markup.items([say(step) for step in STEPS], ordered=True)
    return (
        f"<h2>{say('How to verify')}</h2>\n{steps}\n"
        f'<div class="keep"><p><code>{say.plain(found.commitment)}</code></p>\n'
        "<p><code>python -I verify.py</code></p></div>"
    )
