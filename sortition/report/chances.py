"""Everyone's chance against equality and the proven bound: as a curve, as a distribution, and in words."""

from sortition.report import markup
from sortition.report.charts import BINS_PER_STEP, Bin, Scale, bins, chance_scale, curve, histogram
from sortition.report.figures import Figures
from sortition.report.voice import Voice

CURVE = (
    "Each volunteer’s chance, from the lowest to the highest. The flatter the curve, the more equal the chances; "
    "on the dashed line all would have the same."
)
SPREAD = (
    "How many volunteers have which chance. Bars left of the dashed line are people who have less than if all had "
    "the same, mostly from groups that volunteered often."
)
BEYOND_ONE = "One volunteer has a chance beyond the end of this axis: %(most)s."
BEYOND = "%(people)s volunteers have a chance beyond the end of this axis, up to %(most)s."
RATIO = (
    "Those with the lowest chance have %(ratio)s times the chance that all would have if it were the same."
)
BELOW = "%(below)s of the volunteers have less than that chance, %(above)s have more."
CERTAIN = (
    "%(people)s volunteers are certain to be drawn: they are in all panels, because too few others have the same answers "
    "for the seats that the quotas keep for them."
)
CERTAIN_ONE = (
    "One volunteer is certain to be drawn: they are in all panels, because too few others have the same answers for the "
    "seats that the quotas keep for them."
)
GINI = "The Gini index of the chances is %(gini)s. It is 0 when all are equal, and near 1 when few people hold all chances."
WHY = (
    "Chances differ because groups that volunteer less often must still have their seats. Each person of such a group "
    "is drawn more often; the others share the seats that remain."
)


def chances(found: Figures, say: Voice) -> str:
    """The section with both charts, the table and what the numbers mean."""
    scale = chance_scale(found)
    return "\n".join(
        [
            f"<h2>{say('Everyone’s chance')}</h2>",
            f'<div class="pair">\n{chance_curve(found, say, scale)}\n{_distribution(found, say, scale)}\n</div>',
            _bins_table(found, say, scale),
            f"<h2>{say('What the numbers mean')}</h2>",
            markup.paragraph(say(WHY)),
            markup.items(_meaning(found, say)),
        ]
    )


def chance_curve(found: Figures, say: Voice, scale: Scale, mark: float | None = None) -> str:
    """The sorted curve; `mark` is the chance of the person whose page it is."""
    named = [("curve", say("chance of each volunteer")), *_levels(found, say)]
    if mark is not None:
        named.append(("mark", say("you: %(chance)s", chance=say.percent(mark))))
    beside = markup.paragraph(
        say("Across: volunteers, from the lowest chance to the highest. Up: chance."), "soft"
    )
    caption = f"<b>{say('Chances in order')}</b> {say(CURVE)} {_beyond(found, scale, say)}"
    return markup.figure(caption, markup.key(named) + curve(found, scale, say, mark) + beside)


def _levels(found: Figures, say: Voice) -> list[tuple[str, str]]:
    equal = ("equal", say("the same for all: %(chance)s", chance=say.percent(found.equal)))
    if not found.limits_least:
        return [equal]
    return [equal, ("bound", say("proven limit of the lowest: %(chance)s", chance=say.percent(found.bound)))]


def _beyond(found: Figures, scale: Scale, say: Voice) -> str:
    people = sum(chance > scale.top * (1 + 1e-9) for chance in found.chances)
    if not people:
        return ""
    said = BEYOND_ONE if people == 1 else BEYOND
    return say(said, people=say.number(people), most=say.percent(found.most))


def _distribution(found: Figures, say: Voice, scale: Scale) -> str:
    beyond = _beyond(found, scale, say)
    named = [("bar", say("number of volunteers")), *_levels(found, say)]
    if beyond:
        named.insert(1, ("beyond", say("beyond the axis")))
    caption = f"<b>{say('Distribution of chances')}</b> {say(SPREAD)} {beyond}"
    beside = markup.paragraph(say("Across: chance. Up: number of volunteers."), "soft")
    return markup.figure(caption, markup.key(named) + histogram(found, scale, say) + beside)


def _bins_table(found: Figures, say: Voice, scale: Scale) -> str:
    """The distribution in figures."""
    rows = [
        (
            _between(one, scale, say),
            say.number(one.people),
            say.percent(one.people / found.people, 1),
        )
        for one in bins(found, scale)
        if one.people
    ]
    heads = [say("Chance"), say("Volunteers"), say("Share of the volunteers")]
    return markup.table(say("Distribution of chances"), heads, [("", rows)])


def _between(one: Bin, scale: Scale, say: Voice) -> str:
    low, high = (say.percent(chance, scale.digits(BINS_PER_STEP)) for chance in (one.low, one.high))
    return f"{low} – {high}"


def _meaning(found: Figures, say: Voice) -> list[str]:
    below = sum(chance < found.equal * (1 - 1e-9) for chance in found.chances) / found.people
    above = sum(chance > found.equal * (1 + 1e-9) for chance in found.chances) / found.people
    said = [
        say(RATIO, ratio=say.number(found.least / found.equal, 2)),
        say(BELOW, below=say.percent(below, 0), above=say.percent(above, 0)),
    ]
    certain = sum(chance == 1 for chance in found.chances)
    if certain and found.equal < 1:
        said.append(say(CERTAIN_ONE) if certain == 1 else say(CERTAIN, people=say.number(certain)))
    return [*said, say(GINI, gini=say.number(found.gini, 2))]
