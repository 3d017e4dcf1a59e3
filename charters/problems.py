"""What can be wrong with a charter, said as data: the application translates the template."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """A sentence for a person: an English %-format template with named values."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.values


class CharterError(ValueError):
    """An input that the engine refuses, with the sentence that says what happened, why and what to do.

    ``amendment``: id of the one that cannot be applied, where several were given.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.problem = Problem(template, values)
        self.amendment = ""
        super().__init__(str(self.problem))
