"""The words of the pages, from the application's own catalogue: a sentence that changes there changes here."""

from typing import Any

from deliberate.core.catalogues import merged_catalogue

LOCALES = {"fr": "fr-FR", "en": "en-GB"}


class Words:
    """Says an English source sentence as a page in this language says it.

    A sentence that counts is said in the form given: the singular, or the plural. Raises KeyError for a sentence that no
    page contains any more.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._french: dict[str, str] = {}
        for message in merged_catalogue("fr"):
            # A sentence that counts has two forms, each with its own.
            sources = [message.id] if isinstance(message.id, str) else message.id
            said = [message.string] if isinstance(message.string, str) else message.string or []
            self._french |= zip(sources, map(str, said), strict=True)

    def __call__(self, source: str, **values: Any) -> str:
        said = self._french[source]
        text = source if self.language == "en" else said
        return text % values if values else text.replace("%%", "%")

    def either(self, french: str, english: str) -> str:
        """What a person types, in their language."""
        return french if self.language == "fr" else english
