"""Shapes of what people type: registrations, quotas, files, reasons, randomness."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from deliberate.core.fields import choices, texts
from deliberate.core.i18n import language, localized_text
from deliberate.core.typed import fraction
from deliberate.panels.models import Quota, Registrant
from deliberate.panels.rules import MOST_CATEGORY, MOST_VALUE, Contact, QuotaRow

NEEDED = _l("This is needed.")
MOST_ROWS = 200
MOST_PEOPLE_DIGITS = 6
SHARE_LENGTH = 20
LENGTHS = {"category": MOST_CATEGORY, "value": MOST_VALUE}


class ContactForm(FlaskForm):
    """How to reach a volunteer. Subclasses add one question per category."""

    categories: tuple[str, ...] = ()

    name = StringField(_l("First name and last name"), [DataRequired(NEEDED), Length(max=160)])
    email = StringField(
        _l("E-mail address"),
        [Optional(), Length(max=254), Email(_l("This does not look like an e-mail address: check it."))],
    )
    phone = StringField(_l("Telephone"), [Optional(), Length(max=40)])
    address = TextAreaField(_l("Postal address"), [Optional(), Length(max=400)])

    @property
    def contact(self) -> Contact:
        """What was typed, in the language of the page."""
        fields = (self.name, self.email, self.phone, self.address)
        name, email, phone, address = ((field.data or "").strip() for field in fields)
        return Contact(name, email, phone, address, language())

    @property
    def values(self) -> dict[str, str]:
        """One value per category."""
        return {category: self[f"answer_{number}"].data for number, category in enumerate(self.categories)}

    @property
    def answers(self) -> list[Any]:
        """The fields of the categories."""
        return [self[f"answer_{number}"] for number in range(len(self.categories))]


class RegistrationForm(ContactForm):
    """The same, by the volunteer: with consent, and a field that only a machine fills."""

    website = StringField(_l("Leave this empty"))
    consent = BooleanField(_l("I agree that these answers are kept for the draw."), [DataRequired(NEEDED)])

    def validate_website(self, field: StringField) -> None:
        """Refuse what filled the hidden field."""
        if field.data:
            raise ValidationError(gettext("Leave this field empty: it is there to keep machines out."))


class CorrectionForm(ContactForm):
    """The same, by an organiser, with the reason that stands in the journal."""

    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])


def with_answers(form: type[ContactForm], categories: Mapping[str, Sequence[Quota]]) -> type[ContactForm]:
    """The form with one question per category, its possible answers as written in the quotas."""
    fields: dict[str, Any] = {"categories": tuple(categories)}
    for number, (category, quotas) in enumerate(categories.items()):
        fields[f"answer_{number}"] = RadioField(
            localized_text(quotas[0].category_label) or category,
            [InputRequired(NEEDED)],
            choices=choices((quota.value, localized_text(quota.label) or quota.value) for quota in quotas),
        )
    return type(form.__name__, (form,), fields)


def filled_in(registrant: Registrant, categories: Sequence[str]) -> dict[str, Any]:
    """What a volunteer said, as a form's first content."""
    contact = registrant.contact
    known = (
        {name: getattr(contact, name) for name in ("name", "email", "phone", "address")} if contact else {}
    )
    return known | {
        f"answer_{number}": registrant.values.get(category) for number, category in enumerate(categories)
    }


class FileForm(FlaskForm):
    """A table in a file."""

    file = FileField(_l("File (CSV or XLSX)"), [FileRequired(_l("Choose a file first."))])


class ReasonForm(FlaskForm):
    """Why something is done, for everyone to read."""

    reason = StringField(_l("Reason"), [DataRequired(_l("Say why: everyone will read it.")), Length(max=500)])


class RandomnessForm(FlaskForm):
    """What was drawn in public."""

    randomness = StringField(_l("What was drawn"), [DataRequired(NEEDED), Length(max=2000)])


class RequestForm(FlaskForm):
    """Where the randomness of a draw will come from."""

    source_fr = TextAreaField(_l("Future source of randomness, in French"), [Optional(), Length(max=500)])
    source_en = TextAreaField(_l("Future source of randomness, in English"), [Optional(), Length(max=500)])

    @property
    def source(self) -> dict[str, str]:
        """The text per language."""
        return texts(self, "source")


class ReplacementForm(RequestForm):
    """The same for a draw of empty seats, with how many alternates it draws."""

    alternates = IntegerField(
        _l("How many alternates"), [InputRequired(_l("Write a number.")), NumberRange(0, 5000)]
    )


# The quota table: as many rows as there are groups, so read by hand


class QuotaTable:
    """The quota table as typed: every cell's text, and what is wrong beside it.

    `rows` holds the texts by column; `errors` the sentences by cell name, such as `minimum-3`.
    """

    columns = ("category", "value", "category_fr", "category_en", "label_fr", "label_en", "population")
    numbers = ("minimum", "maximum")

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.rows = rows
        self.errors: dict[str, str] = {}

    @classmethod
    def typed(cls, form: Mapping[str, str]) -> "QuotaTable":
        """What a page sent; a row whose group was emptied is left out."""
        rows = []
        for number in range(MOST_ROWS):
            if f"value-{number}" not in form:
                break
            row = {name: form.get(f"{name}-{number}", "").strip() for name in (*cls.columns, *cls.numbers)}
            if row["value"] or row["minimum"] or row["maximum"]:
                rows.append(row)
        return cls(rows)

    @classmethod
    def stored(cls, quotas: Sequence[Quota]) -> "QuotaTable":
        """The quotas in force."""
        return cls([_as_typed(quota) for quota in quotas])

    def read(self) -> list[QuotaRow]:
        """The rows as quotas; empty when a cell cannot be read, and `errors` then says which."""
        found = [self._row(number, row) for number, row in enumerate(self.rows)]
        return [] if self.errors else [row for row in found if row is not None]

    def _row(self, index: int, typed: Mapping[str, str]) -> QuotaRow | None:
        for name in ("category", "value"):
            if not typed[name]:
                self.errors[f"{name}-{index}"] = gettext("This is needed.")
            elif len(typed[name]) > LENGTHS[name]:
                self.errors[f"{name}-{index}"] = gettext(
                    "This is too long: %(most)s characters at most.", most=LENGTHS[name]
                )
        for name in self.numbers:
            plain = typed[name].isascii() and typed[name].isdigit() and len(typed[name]) <= MOST_PEOPLE_DIGITS
            if not plain:
                self.errors[f"{name}-{index}"] = gettext("Write a whole number of people.")
        population = read_share(typed["population"])
        if population is None and typed["population"]:
            self.errors[f"population-{index}"] = gettext("Write a percentage, such as 19 or 19.5.")
        if any(cell.endswith(f"-{index}") for cell in self.errors):
            return None
        return QuotaRow(
            typed["category"],
            typed["value"],
            int(typed["minimum"]),
            int(typed["maximum"]),
            population,
            {code: text for code in ("fr", "en") if (text := typed[f"category_{code}"])},
            {code: text for code in ("fr", "en") if (text := typed[f"label_{code}"])},
        )


def read_share(text: str) -> str | None:
    """A percentage as typed (`19`, `19,5 %`), as a fraction such as `39/200`; None when it is none."""
    plain = text.replace("%", "").replace(",", ".").strip()
    try:
        share = fraction(plain) / 100
    except ValueError:
        return None
    said = f"{share.numerator}/{share.denominator}"
    return said if 0 <= share <= 1 and len(said) <= SHARE_LENGTH else None


def _as_typed(quota: Quota) -> dict[str, str]:
    share = Fraction(quota.population) * 100 if quota.population else None
    return {
        "category": quota.category,
        "value": quota.value,
        "category_fr": quota.category_label.get("fr", ""),
        "category_en": quota.category_label.get("en", ""),
        "label_fr": quota.label.get("fr", ""),
        "label_en": quota.label.get("en", ""),
        "population": "" if share is None else f"{float(share):g}",
        "minimum": str(quota.minimum),
        "maximum": str(quota.maximum),
    }
