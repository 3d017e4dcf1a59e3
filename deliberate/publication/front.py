"""Words for what is written without a page: catalogues, texts and names of languages."""

from collections.abc import Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations

from deliberate.core.catalogues import translations
from deliberate.core.config import LANGUAGES


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages in a language; those of English are the source strings."""
    return translations(language) if language in LANGUAGES and language != "en" else NullTranslations()


def text(texts: Mapping[str, str], language: str) -> str:
    """A text in a language, else in the first one it has."""
    return texts.get(language) or next(iter(texts.values()), "")


def language_name(code: str) -> str:
    """A language in its own words; its code where it has no name here."""
    try:
        return Locale.parse(code, sep="-").get_language_name() or code
    except (UnknownLocaleError, ValueError):
        return code
