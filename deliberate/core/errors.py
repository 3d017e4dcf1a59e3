"""What an act says when it will not be done: a sentence for a person, and the status it answers with.

A `Refusal` carries an English template and its named values rather than a finished sentence, so that the page
can say it in the reader's language: the template is the message id of the catalogue.
"""

from typing import Any


def N_(message: str) -> str:
    """Mark a sentence for translation without translating it here."""
    return message


class Refusal(Exception):
    """An act that was not done. Nothing was changed; `template % values` says why and what to do."""

    status = 422

    def __init__(self, template: str, field: str | None = None, **values: Any) -> None:
        super().__init__(template)
        self.template = template
        self.values = values
        self.field = field

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template


class NotPermitted(Refusal):
    """The person, or the phase, does not allow the act."""

    status = 403


class NotFound(Refusal):
    """The thing named does not exist."""

    status = 404


class Conflict(Refusal):
    """The thing changed in the meantime, or the act was already done."""

    status = 409


class TooMany(Refusal):
    """The act was asked for too often from one place."""

    status = 429


class SettingsError(Exception):
    """A setting is wrong; the message names it and says what it takes."""
