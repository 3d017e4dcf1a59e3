"""The message catalogues: one .po file per part, merged and compiled in memory at start."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import numbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Domain, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context

TRANSLATIONS = Path(__file__).parents[1] / "translations"


class Count(int):
    """How many: `%(num)s` writes it as the reader's language does, `%(num)d` in digits alone."""

    def __str__(self) -> str:
        return str(numbers.format_decimal(int(self), locale=get_locale()))


class MergedDomain(Domain):
    """The messages of every part, read from its .po file at start; the source strings stand for English."""

    def __init__(self, catalogues: Mapping[str, Translations]) -> None:
        super().__init__(domain="deliberate")
        self.catalogues = catalogues

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return self.catalogues.get(locale.language if locale else "", NullTranslations())

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """A sentence about so many, its number written by locale."""
        return str(super().ngettext(singular, plural, Count(num), **variables))


def count_by_locale(app: Flask) -> None:
    """Have `ngettext()` in templates write its number by locale, as it does in Python."""
    known: dict[str, Any] = app.jinja_env.globals
    plain = known["ngettext"]

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int, **variables: Any) -> Any:
        return plain(context, singular, plural, Count(num), **variables)

    known["ngettext"] = ngettext


def merged_catalogue(code: str, folder: Path = TRANSLATIONS) -> Catalog:
    """Every .po file of `folder/code` in one catalogue; for a message in two files, the first file wins."""
    merged = Catalog(locale=code)
    for path in sorted((folder / code).glob("*.po")):
        with path.open("rb") as source:
            part = read_po(source, locale=code)
        for message in part:
            if message.id and message.id not in merged:
                merged.add(message.id, message.string, flags=message.flags)
    return merged


def translations(code: str, folder: Path = TRANSLATIONS) -> Translations:
    """The merged catalogue in the form gettext reads, made in memory."""
    return Translations(BytesIO(_compiled(code, folder)), domain="deliberate")


@cache
def _compiled(code: str, folder: Path) -> bytes:
    """Once for each process: it takes longer than all the rest of a start."""
    compiled = BytesIO()
    write_mo(compiled, merged_catalogue(code, folder))
    return compiled.getvalue()
