"""One person's own page: their chance, the panels they are in, and how to check both."""

from sortition.lottery import Lottery
from sortition.problems import SortitionError
from sortition.proofs.canonical import canonical
from sortition.report import markup
from sortition.report.chances import chance_curve
from sortition.report.charts import chance_scale
from sortition.report.figures import figures
from sortition.report.page import Translate
from sortition.report.voice import Voice

YOURS = "Your chance is %(panels)s in %(of)s: you are in %(panels)s of %(of)s equally likely panels."
NOWHERE = "You are in none of the %(of)s panels."
AGAINST = (
    "If all had the same chance, yours would be %(equal)s; it is %(own)s. The lowest chance in this lottery is %(least)s, "
    "the highest %(most)s."
)
WHY = (
    "Chances differ because groups that volunteer less often must still have their seats. The lottery gives those with "
    "the least chance as much as it found possible."
)
OWN_ROW = (
    "In lottery.json you bear the pseudonym below; keep it to yourself. The commitment that stands there at your place "
    "is the SHA-256 of the nonce, as bytes, followed by your answers and the numbers of your panels: it shows that "
    "the lottery was sealed with them as they are here."
)
OWN_PANELS = "Once the number of the panel is drawn in public, look for it in this list: if it is there, you are drawn."


def personal(lottery: Lottery, person: str, say: Translate = lambda text: text, language: str = "en") -> str:
    """The page for the person with this id alone. Raises SortitionError when nobody has it."""
    if person not in lottery.chances:
        raise SortitionError("Nobody in this lottery has the id “%(id)s”.", {"id": person})
    voice = Voice(say, language)
    found = figures(lottery.public, lottery.attributes, lottery.commitment)
    chance = lottery.chances[person]
    return markup.page(
        voice("Your chance in the lottery"),
        [
            _in_words(len(chance.panels), found.panels, voice),
            markup.paragraph(
                voice(
                    AGAINST,
                    equal=voice.percent(found.equal),
                    own=voice.percent(float(chance.lottery)),
                    least=voice.percent(found.least),
                    most=voice.percent(found.most),
                )
            ),
            markup.paragraph(voice(WHY)),
            chance_curve(found, voice, chance_scale(found), mark=float(chance.lottery)),
            f"<h2>{voice('Your panels')}</h2>",
            markup.paragraph(voice(OWN_PANELS)),
            markup.paragraph(", ".join(str(number) for number in chance.panels) or "–"),
            f"<h2>{voice('Check your own row')}</h2>",
            markup.paragraph(voice(OWN_ROW)),
            markup.terms(_own_row(lottery, person, voice)),
        ],
        voice,
    )


def _in_words(panels: int, of: int, say: Voice) -> str:
    said = (
        say(YOURS, panels=say.number(panels), of=say.number(of))
        if panels
        else say(NOWHERE, of=say.number(of))
    )
    return markup.paragraph(said, "lead")


def _own_row(lottery: Lottery, person: str, say: Voice) -> list[tuple[str, str]]:
    """What the person can recompute their commitment from."""
    own = next(pseudonym for pseudonym, of in lottery.key.items() if of == person)
    pseudonyms, commitments = lottery.public["pseudonyms"], lottery.public["commitments"]
    rows, nonces = lottery.attributes["rows"], lottery.attributes["nonces"]
    assert isinstance(pseudonyms, list)
    assert isinstance(commitments, list)
    assert isinstance(rows, list)
    assert isinstance(nonces, list)
    place = pseudonyms.index(own)
    return [
        (term, f"<code>{say.plain(text)}</code>")
        for term, text in (
            (say("Pseudonym"), own),
            (
                say("Answers and panels"),
                canonical([rows[place], list(lottery.chances[person].panels)]).decode(),
            ),
            (say("Nonce"), nonces[place]),
            (say("Commitment"), commitments[place]),
            (say("Digest of the lottery"), lottery.commitment),
        )
    ]
