"""One person's own page: their chance, the panels they are in, and how to check both."""

from collections.abc import Mapping
from typing import Any

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


def personal_page(
    public: Mapping[str, Any],
    attributes: Mapping[str, Any],
    mine: Mapping[str, Any],
    say: Translate = lambda text: text,
    language: str = "en",
) -> str:
    """The page for one person alone; `mine` is what they are told (`sortition.sealing.personal`)."""
    voice = Voice(say, language)
    found = figures(public, attributes, mine["commitment"])
    own = len(mine["panels"]) / found.panels
    return markup.page(
        voice("Your chance in the lottery"),
        [
            _in_words(len(mine["panels"]), found.panels, voice),
            markup.paragraph(
                voice(
                    AGAINST,
                    equal=voice.percent(found.equal),
                    own=voice.percent(own),
                    least=voice.percent(found.least),
                    most=voice.percent(found.most),
                )
            ),
            markup.paragraph(voice(WHY)),
            chance_curve(found, voice, chance_scale(found), mark=own),
            f"<h2>{voice('Your panels')}</h2>",
            markup.paragraph(voice(OWN_PANELS)),
            markup.paragraph(", ".join(str(number) for number in mine["panels"]) or "–"),
            f"<h2>{voice('Check your own row')}</h2>",
            markup.paragraph(voice(OWN_ROW)),
            markup.terms(_own_row(public, mine, voice)),
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


def _own_row(public: Mapping[str, Any], mine: Mapping[str, Any], say: Voice) -> list[tuple[str, str]]:
    """What the person can recompute their commitment from."""
    place = public["pseudonyms"].index(mine["pseudonym"])
    return [
        (term, f"<code>{say.plain(text)}</code>")
        for term, text in (
            (say("Pseudonym"), mine["pseudonym"]),
            (say("Answers and panels"), canonical([mine["row"], mine["panels"]]).decode()),
            (say("Nonce"), mine["nonce"]),
            (say("Commitment"), public["commitments"][place]),
            (say("Digest of the lottery"), mine["commitment"]),
        )
    ]
