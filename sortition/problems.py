"""What went wrong, as data: a sentence to translate and the values that fill it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """A sentence for a person.

    `template` is an English %-format string with named values, and at the same time the key of its
    translation; ``template % values`` is the sentence. For a problem in a file, `values` holds the ``row``
    (as a spreadsheet numbers it, the header being row 1), the ``column`` and the ``value`` found there.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def row(self) -> object:
        return self.values.get("row")

    @property
    def column(self) -> object:
        return self.values.get("column")

    @property
    def value(self) -> object:
        return self.values.get("value")

    def __str__(self) -> str:
        return self.template % self.values


class SortitionError(Exception):
    """Something asked for cannot be done; says what happened, why, and what to do.

    `problems` holds the details where there are several.
    """

    def __init__(
        self, template: str, values: Mapping[str, object] | None = None, problems: tuple[Problem, ...] = ()
    ) -> None:
        super().__init__(template, values, problems)
        self.template = template
        self.values: Mapping[str, object] = values or {}
        self.problems = problems

    def __str__(self) -> str:
        return self.template % self.values


def unusable(problems: Sequence[Problem]) -> SortitionError:
    """The refusal of files that people brought, with everything that is wrong in them."""
    return SortitionError("The files cannot be used as they are:", problems=tuple(problems))


def no_panel() -> SortitionError:
    """The refusal of quotas that no panel of the pool meets."""
    return SortitionError(
        "No panel of this pool meets every quota. Check the quotas to see which of them conflict."
    )
