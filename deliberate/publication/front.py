"""The first page of a bundle, read from its folder: made without a server, in every language we speak."""

from collections.abc import Iterable, Mapping
from functools import cache

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
        listed=sorted(path for path in paths if not path.startswith("charters/")),
        first=first,
        languages=sorted(LANGUAGES, key=lambda code: code != first),
        say={code: catalogue(code).gettext for code in LANGUAGES},
        text=text,
    )
    return page.encode()
