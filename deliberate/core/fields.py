"""What the fields of several forms share: choices, and texts that are typed in French and in English."""

from collections.abc import Iterable
from typing import Any

from wtforms.fields import SelectChoice
from wtforms.form import BaseForm

from deliberate.core.i18n import language

CODES = ("fr", "en")
Text = dict[str, str]


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices, from values and labels, in the form WTForms takes."""
    return [SelectChoice(value, label) for value, label in pairs]


def texts(form: BaseForm, name: str) -> Text:
    """The fields `name_fr` and `name_en` of a form as one text per language, empty ones left out."""
    return {code: said for code in CODES if (said := (form[f"{name}_{code}"].data or "").strip())}


def both(name: str, text: Text) -> Text:
    """A text per language as values for its French and English fields."""
    return {f"{name}_{code}": text.get(code, "") for code in CODES}


def in_my_language(text: str | None) -> Text:
    """A text typed in the language of the page."""
    return {language(): text.strip()} if text and text.strip() else {}
