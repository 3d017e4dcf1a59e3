"""What a person types to tell or check a lesson."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from deliberate.core.fields import Text, choices
from deliberate.inputs.experience import rules
from deliberate.inputs.forms import LONG, SHORT


class LessonForm(FlaskForm):
    """A field lesson, told in one language."""

    language = SelectField(_l("Language"), [InputRequired()])
    title = StringField(_l("Title"), [InputRequired(_l("Give it a title.")), Length(max=SHORT)])
    territory = StringField(_l("Place"), [Length(max=120)])
    country = StringField(_l("Country"), [Length(max=60)])
    level = SelectField(_l("Level"), choices=choices([("", "–"), *rules.LEVEL_NAMES.items()]))
    theme = SelectField(_l("Theme"))
    outcome = SelectField(_l("How it ended"), choices=choices([("", "–"), *rules.OUTCOME_NAMES.items()]))
    context = TextAreaField(_l("The situation at the start"), [Length(max=LONG)])
    tried = TextAreaField(_l("What was tried"), [InputRequired(_l("Say what was tried.")), Length(max=LONG)])
    teaches = TextAreaField(
        _l("What it teaches"), [InputRequired(_l("Say what it teaches.")), Length(max=LONG)]
    )
    sectors = StringField(_l("Sectors"), [Length(max=SHORT)])
    sdg = StringField(_l("Sustainable development goals"), [Length(max=60)])
    sources = TextAreaField(_l("Sources"), [Length(max=2000)])

    def record(self) -> dict[str, Any]:
        """The lesson as plain data."""
        plain = {
            name: self[name].data or ""
            for name in ("territory", "country", "level", "theme", "outcome", "sectors", "sdg")
        }
        said = {name: {self.language.data: self[name].data or ""} for name in rules.TEXTS}
        return {
            **plain,
            **said,
            "sources": [line for line in (self.sources.data or "").splitlines() if line.strip()],
        }


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
