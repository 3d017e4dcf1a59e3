"""What a person types to tell, correct or check a lesson, or to bring many in."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from deliberate.core.fields import Text, choices
from deliberate.inputs.experience import rules
from deliberate.inputs.experience.importing import KNOWN
from deliberate.inputs.forms import LONG, SHORT, FileForm

ONE_LINE = ("territory", "country", "level", "theme", "outcome", "sectors")


def _lazy(names: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [(value, _l(name)) for value, name in names.items()]


class LessonForm(FlaskForm):
    """A field lesson, told in one language."""

    language = SelectField(_l("Language"), [InputRequired()])
    title = StringField(_l("Title"), [InputRequired(_l("Give it a title.")), Length(max=SHORT)])
    territory = StringField(_l("Place"), [Length(max=120)])
    country = StringField(_l("Country"), [Length(max=60)])
    level = SelectField(_l("Level"), choices=choices([("", "–"), *_lazy(rules.LEVEL_NAMES)]))
    theme = SelectField(_l("Theme"))
    outcome = SelectField(
        _l("How it ended"),
        [InputRequired(_l("Say how it ended: worked, failed or mixed."))],
        choices=choices([("", "–"), *_lazy(rules.OUTCOME_NAMES)]),
    )
    context = TextAreaField(_l("The situation at the start"), [Length(max=LONG)])
    tried = TextAreaField(_l("What was tried"), [InputRequired(_l("Say what was tried.")), Length(max=LONG)])
    teaches = TextAreaField(
        _l("What it teaches"), [InputRequired(_l("Say what it teaches.")), Length(max=LONG)]
    )
    sectors = StringField(_l("Sectors"), [Length(max=SHORT)])
    sdg = SelectMultipleField(
        _l("Sustainable development goals"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    sources = TextAreaField(_l("Sources"), [Length(max=2000)])
    website = StringField(_l("Leave this empty"), [Length(max=SHORT)])

    def record(self, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The lesson as plain data; what the form does not ask for, other languages among it, as it was `before`."""
        kept = dict(before or {})
        said = {name: {self.language.data: self[name].data or ""} for name in rules.TEXTS}
        return {
            **kept,
            **{name: self[name].data or "" for name in ONE_LINE},
            **{name: {**kept.get(name, {}), **text} for name, text in said.items()},
            "sdg": self.sdg.data or [],
            "sources": [line for line in (self.sources.data or "").splitlines() if line.strip()],
        }


def typed(record: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What the form shows of a lesson in one language."""
    plain = {name: record[name] for name in ONE_LINE if name != "sectors"}
    said = {name: record[name].get(language, "") for name in rules.TEXTS}
    return {
        **plain,
        **said,
        "language": language,
        "sectors": "; ".join(record["sectors"]),
        "sdg": [str(number) for number in record["sdg"]],
        "sources": "\n".join(record["sources"]),
    }


class CorrectionForm(LessonForm):
    """A lesson that the team corrects, or translates."""

    reason = StringField(
        _l("Why it is corrected"),
        [InputRequired(_l("Say why: the reason stands in the public journal.")), Length(max=SHORT)],
    )


class CheckForm(FlaskForm):
    """A line in the validation ledger of a lesson."""

    language = SelectField(_l("Language"), [InputRequired()])
    criterion = StringField(
        _l("What was checked"), [InputRequired(_l("Say what was checked.")), Length(max=SHORT)]
    )
    who = StringField(_l("By whom"), [InputRequired(_l("Say by whom.")), Length(max=SHORT)])
    how = StringField(_l("How"), [Length(max=SHORT)])
    dissent = StringField(_l("Who disagreed, and why"), [Length(max=SHORT)])

    def check(self) -> dict[str, Text]:
        """The line as plain data."""
        return {name: {self.language.data: self[name].data or ""} for name in rules.CHECK}


class ImportForm(FileForm):
    """Many lessons, and what becomes of those that are here already."""

    known = RadioField(
        _l("An experience whose short name is here already"),
        choices=choices(_lazy(KNOWN)),
        default="refuse",
    )
    reason = StringField(_l("Why they are corrected"), [Length(max=SHORT)])
