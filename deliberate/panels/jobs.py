"""What the worker runs: computing a lottery, and finding the alternates of the panel revealed."""

from collections.abc import Callable

from deliberate.core.jobs import Cancelled, Run
from deliberate.panels.judgement import advised
from deliberate.panels.lotteries import (
    engine_inputs,
    keep_alternates,
    keep_lottery,
    refuse_draw,
    seated_before,
    source_as_text,
)
from deliberate.panels.models import Draw
from sortition import (
    Progress,
    SortitionError,
    alternates,
    prepare,
    reveal,
)

STEPS = 1000
REHEARSAL = "REHEARSAL, WITHOUT VALUE – TIRAGE D’ESSAI, SANS VALEUR"


def compute_draw(run: Run) -> None:
    """Prepare the lottery of a draw from its stored inputs and entropy, then seal it.

    Killed and taken up again it gives the same bytes. A draw that was cancelled meanwhile stays cancelled.
    """
    draw = run.session.get_one(Draw, run.payload["draw"])
    if draw.state not in ("requested", "computing"):
        raise Cancelled
    draw.state = "computing"
    found, respondents = engine_inputs(draw)
    seated, replaces = seated_before(draw), draw.inputs.get("replaces", "")
    size, settings, entropy = draw.size, draw.settings, bytes.fromhex(draw.entropy)
    source = declared_source(draw)
    run.session.commit()
    try:
        lottery = prepare(
            found,
            respondents,
            size,
            objective=settings.get("objective", "leximin"),
            panels=settings["panels"],
            ticket=settings["ticket"],
            randomness_source=source,
            entropy=entropy,
            progress=_heard(run),
            seated=seated,
            replaces=replaces,
            alternates=settings.get("alternates", 0),
        )
    except SortitionError as error:
        advice = advised(found, respondents, size, seated) if replaces else []
        refuse_draw(run.session, draw, error, run.clock(), advice)
        return
    keep_lottery(run.session, draw, lottery, run.clock())


def find_alternates(run: Run) -> None:
    """Find the alternates of a panel revealed, by the second lottery that its sealed documents alone determine.

    Killed and taken up again it gives the same bytes.
    """
    draw = run.session.get_one(Draw, run.payload["draw"])
    if not draw.awaited or draw.randomness is None:
        raise Cancelled
    lottery, attributes, randomness = draw.lottery, draw.attributes, draw.randomness
    run.session.commit()
    drawn = reveal(lottery, attributes, randomness)
    keep_alternates(run.session, draw, alternates(lottery, attributes, drawn), run.clock())


def declared_source(draw: Draw) -> str:
    """The source of randomness as the lottery holds it; a rehearsal bears its mark in the sealed document itself."""
    declared = source_as_text(draw.settings)
    return f"{REHEARSAL}\n{declared}" if draw.rehearsal else declared


def _heard(run: Run) -> Callable[[Progress], None]:
    """Report a step when it differs from the one before: a report is a write, and hears whether to stop."""
    last: dict[str, object] = {}

    def heard(step: Progress) -> None:
        said = as_progress(step)
        if (said["stage"], said["done"]) != (last.get("stage"), last.get("done")):
            last.update(said)
            run.report(said)

    return heard


def as_progress(step: Progress) -> dict[str, object]:
    """How far a computation is, in whole numbers: thousandths, and chances in millionths."""
    return {
        "stage": step.stage,
        "done": round(STEPS * step.fraction),
        "total": STEPS,
        "bound": None if step.bound is None else round(1e6 * step.bound),
        "attained": None if step.attained is None else round(1e6 * step.attained),
    }
