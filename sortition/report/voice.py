"""Saying sentences and numbers in the language of the reader."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
MARKS = {"fr": (",", NARROW, f"{NO_BREAK}%")}
ENGLISH = (".", ",", "%")


@dataclass(frozen=True)
class Voice:
    """Sentences by `translate` (English %-format template → that of `language`), escaped for a page."""

    translate: Callable[[str], str]
    language: str

    def __call__(self, template: str, /, **values: object) -> str:
        said = self.translate(template)
        return escape(said % values if values else said)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with the marks of the language."""
        decimal, thousands, _ = MARKS.get(self.language, ENGLISH)
        return f"{value:,.{digits}f}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)

    def percent(self, share: float, digits: int = 1) -> str:
        """A share (0 to 1) in percent."""
        return self.number(100 * share, digits) + MARKS.get(self.language, ENGLISH)[2]

    def plain(self, text: object) -> str:
        """A name or a text of somebody else's, escaped."""
        return escape(str(text))
