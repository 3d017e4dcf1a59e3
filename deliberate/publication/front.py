"""The first page of a bundle, read from its folder: made without a server, in every language we speak."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deliberate.core.catalogues import translations
from deliberate.core.config import LANGUAGES
from deliberate.core.web import template_folder
from deliberate.drafting.models import Charter
from deliberate.process.models import Process

Versions = list[tuple[int, tuple[str, ...]]]


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages in a language; those of English are the source strings."""
    return translations(language) if language in LANGUAGES and language != "en" else NullTranslations()


def text(texts: Mapping[str, str], language: str) -> str:
    """A text in a language, else in the first one it has."""
    return texts.get(language) or next(iter(texts.values()), "")


def _by_number(path: str) -> list[tuple[int, str]]:
    """What sorts ballot 2 before ballot 10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", path)]


def language_name(code: str) -> str:
    """A language in its own words; its code where it has no name here."""
    try:
        return Locale.parse(code, sep="-").get_language_name() or code
    except (UnknownLocaleError, ValueError):
        return code


def front_page(process: Process, charters: Iterable[tuple[Charter, Versions]], paths: Iterable[str]) -> bytes:
    """`index.html`: the charters in each version and language, the other files, how to verify them."""
    environment = Environment(
        loader=FileSystemLoader(template_folder()), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    first = next((code for code in process.title if code in LANGUAGES), LANGUAGES[0])
    page = environment.get_template("publication/bundle.html").render(
        process=process,
        charters=list(charters),
        listed=sorted((path for path in paths if not path.startswith("charters/")), key=_by_number),
        first=first,
        languages=sorted(LANGUAGES, key=lambda code: code != first),
        say={code: catalogue(code).gettext for code in LANGUAGES},
        text=text,
        language_name=language_name,
    )
    return page.encode()
