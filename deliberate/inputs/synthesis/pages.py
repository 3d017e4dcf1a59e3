"""What the pages of the synthesis share: names of the grid, the form of a line, what one asks of the board."""

from deliberate.core.database import db
from deliberate.core.errors import N_, NotPermitted
from deliberate.core.fields import both, choices
from deliberate.core.i18n import language
from deliberate.inputs.blueprint import blueprint, hidden_round, text_asked, theme_choices
from deliberate.inputs.synthesis import queries, rules
from deliberate.inputs.synthesis.forms import LineForm
from deliberate.inputs.synthesis.models import SynthesisLine
from deliberate.process.current import process_here
from deliberate.process.models import Process

ASKED = ("words", "question", "theme", "state", "like")


def asked() -> dict[str, str]:
    """What the list beside the lines is narrowed to."""
    return {name: text_asked(name) for name in ASKED}


def row_name(row: rules.Row) -> str:
    """The name of a row of the grid in the reader's language."""
    return row.get(language()) or row["en"] or row["fr"]


def names_of_grid(process: Process) -> dict[str, str]:
    """Code → name, in the order of the grid in force."""
    return {rules.grid_code(row): row_name(row) for row in queries.grid_rows(db.session(), process)}


def codes(process: Process) -> list[tuple[str, str]]:
    """The codes of the grid in force, for a list: code, code and name."""
    return [(code, f"{code} — {name}") for code, name in names_of_grid(process).items()]


def line_form(process: Process, line: SynthesisLine | None = None) -> LineForm:
    """The form of a line, filled with one that is there."""
    data = {}
    if line is not None:
        data = {
            **both("text", line.text),
            **both("dissent", line.dissent),
            "dimension": line.dimension,
            "theme": line.theme,
        }
    form = LineForm(data=data)
    form.theme.choices = theme_choices(process)
    form.dimension.choices = choices(codes(process))
    return form


def line_here(slug: str, key: str) -> tuple[Process, SynthesisLine]:
    """The process and the line at an address."""
    process = process_here(slug)
    return process, queries.line(db.session(), process, key)


def refuse_hidden(process: Process, number: int) -> None:
    """Keep a round's synthesis from those who have yet to answer. Raises NotPermitted."""
    if hidden_round(process) == number:
        raise NotPermitted(
            N_(
                "The synthesis of this round is shown once you have answered yourself, or once the open phase has closed."
            )
        )


@blueprint.app_template_filter("line_standing")
def line_standing(line: SynthesisLine) -> rules.Standing:
    """What the mixed board says of the wording in force."""
    return queries.standing_of(line.process, line)
