"""What a verification says: plain data, in the standard library alone, because it is pasted into every bundle."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Said:
    """A sentence as an English template and its values, with the file and place it speaks of."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    where: str = ""

    def __str__(self) -> str:
        sentence = self.template % self.values
        return f"{self.where}: {sentence}" if self.where else sentence


class UnsoundError(Exception):
    """A part of a bundle that is not what it should be; nothing more can be checked in it."""

    def __init__(self, where: str, template: str, **values: Any) -> None:
        super().__init__(template)
        self.said = Said(template, values, where)


@dataclass
class Report:
    """What was checked, what is wrong and where, what was withdrawn, and what could not be checked."""

    checked: list[Said] = field(default_factory=list)
    faults: list[Said] = field(default_factory=list)
    withdrawn: list[Said] = field(default_factory=list)
    unchecked: list[Said] = field(default_factory=list)

    @property
    def verifies(self) -> bool:
        """Whether no fault was found."""
        return not self.faults

    def say(self, template: str, **values: Any) -> None:
        """Add what was checked."""
        self.checked.append(Said(template, values))

    def withdrew(self, template: str, **values: Any) -> None:
        """Add what was withdrawn by the person it concerns: neither a fault nor a doubt."""
        self.withdrawn.append(Said(template, values))

    def leave(self, template: str, **values: Any) -> None:
        """Add what could not be checked with what lies here."""
        self.unchecked.append(Said(template, values))

    def fault(self, where: str, template: str, **values: Any) -> None:
        """Add a fault at a place."""
        self.faults.append(Said(template, values, where))

    def expect(self, holds: bool, where: str, template: str, **values: Any) -> bool:
        """Add a fault unless something holds; returns whether it does."""
        if not holds:
            self.fault(where, template, **values)
        return holds

    def attempt(self, check: Callable[..., None], *arguments: Any) -> None:
        """Run a check; what it cannot make sense of becomes a fault, never an exception.

        A bundle is written by whoever hands it over: any shape may be missing or of another kind.
        """
        try:
            check(*arguments)
        except UnsoundError as unsound:
            self.faults.append(unsound.said)
        except (
            KeyError,
            IndexError,
            TypeError,
            ValueError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ) as error:
            where = next((str(argument) for argument in arguments if isinstance(argument, str)), "")
            self.fault(where, "its shape is not the one expected (%(kind)s)", kind=type(error).__name__)
