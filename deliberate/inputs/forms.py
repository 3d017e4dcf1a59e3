"""What a person types to contribute, and what the team types about contributions. Shapes only."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from deliberate.core.fields import Text, choices
from deliberate.inputs import lesson_rules, rules

SHORT, LONG = 200, rules.TEXT_LIMIT
NOT_SAID = ("", _l("I would rather not say"))


class CategoriesForm(FlaskForm):
    """What a person may say about themselves: each of it optional, and only with consent."""

    age = SelectField(_l("Your age"), choices=choices([NOT_SAID, *rules.AGE_NAMES.items()]))
    gender = SelectField(_l("You are"), choices=choices([NOT_SAID, *rules.GENDER_NAMES.items()]))
    occupation = StringField(_l("What you do"), [Length(max=rules.CATEGORY_LIMIT)])
    territory = StringField(_l("Where you live"), [Length(max=rules.CATEGORY_LIMIT)])

    def categories(self) -> dict[str, str]:
        """What was said, by category."""
        return {name: self[name].data or "" for name in rules.CATEGORIES}


class AnswerForm(CategoriesForm):
    """An answer to an open question. `website` is hidden from people: only programs fill it in."""

    text = TextAreaField(_l("Your answer"), [InputRequired(_l("Write your answer first."))])
    language = SelectField(_l("Language of your answer"), [InputRequired()])
    theme = SelectField(_l("Theme"))
    consent = BooleanField(
        _l("I agree that what I say about myself is counted, in tables that point to nobody")
    )
    website = StringField(_l("Leave this field empty"))
    begun = HiddenField()
    variant = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """What a person says about themselves is recorded only with the box ticked."""
        sound = super().validate(extra_validators)
        if any(self.categories().values()) and not self.consent.data:
            self.consent.errors = [_l("Tick this box, or leave the lines about yourself empty.")]
            return False
        return bool(sound)


class CorrectionForm(FlaskForm):
    """A contribution, reworded by whoever holds its receipt."""

    text = TextAreaField(_l("Your answer"), [InputRequired(_l("Write your answer first."))])


class ContestForm(FlaskForm):
    """Why words stand on the wrong line."""

    reason = TextAreaField(_l("Why your words do not belong there"), [InputRequired(_l("Say why."))])


class EntryForm(CategoriesForm):
    """Answers of a group or from paper, many at once."""

    question = SelectField(_l("Question"), [InputRequired()])
    channel = SelectField(
        _l("Where this comes from"),
        choices=choices(
            [("paper", _l("Sheets of paper")), ("group", _l("A group session")), ("import", _l("A file"))]
        ),
    )
    received = DateField(_l("Received on"), [InputRequired(_l("Say on which day this was received."))])
    language = SelectField(_l("Language, where a line says no other"), [InputRequired()])
    note = StringField(_l("Group, table or place"), [Length(max=rules.NOTE_LIMIT)])
    lines = TextAreaField(_l("One answer per line"))
    file = FileField(_l("Or a CSV file"))
    group_answer = TextAreaField(_l("What the group then answers together"), [Length(max=LONG)])


class QuestionForm(FlaskForm):
    """An open question."""

    key = StringField(
        _l("Short name, for the address"), [InputRequired(_l("Give it a short name.")), Length(max=39)]
    )
    round = SelectField(_l("Round"), [InputRequired()])
    text_fr = TextAreaField(_l("The question, in French"), [Length(max=500)])
    text_en = TextAreaField(_l("The question, in English"), [Length(max=500)])
    variants = TextAreaField(_l("Other wordings, for other groups"))
    theme = SelectField(_l("Theme"))


class LessonForm(FlaskForm):
    """A field lesson, told in one language."""

    language = SelectField(_l("Language"), [InputRequired()])
    title = StringField(_l("Title"), [InputRequired(_l("Give it a title.")), Length(max=SHORT)])
    territory = StringField(_l("Place"), [Length(max=120)])
    country = StringField(_l("Country"), [Length(max=60)])
    level = SelectField(_l("Level"), choices=choices([("", "–"), *lesson_rules.LEVEL_NAMES.items()]))
    theme = SelectField(_l("Theme"))
    outcome = SelectField(
        _l("How it ended"), choices=choices([("", "–"), *lesson_rules.OUTCOME_NAMES.items()])
    )
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
        said = {name: {self.language.data: self[name].data or ""} for name in lesson_rules.TEXTS}
        return {
            **plain,
            **said,
            "sources": [line for line in (self.sources.data or "").splitlines() if line.strip()],
        }


class FileForm(FlaskForm):
    """Many lessons, or a grid: pasted, or as a file."""

    content = TextAreaField(_l("Paste it here"))
    file = FileField(_l("Or choose a file"))


class LineForm(FlaskForm):
    """A line of synthesis."""

    dimension = SelectField(_l("Place on the grid"), [InputRequired()])
    theme = SelectField(_l("Theme"))
    text_fr = TextAreaField(_l("The line, in French"), [Length(max=1000)])
    text_en = TextAreaField(_l("The line, in English"), [Length(max=1000)])
    dissent_fr = TextAreaField(_l("Who disagrees with this wording, and why, in French"), [Length(max=1000)])
    dissent_en = TextAreaField(_l("Who disagrees with this wording, and why, in English"), [Length(max=1000)])


class OutcomeForm(FlaskForm):
    """What became of contributions."""

    outcome = SelectField(
        _l("What became of them"), choices=choices([("", "–"), *rules.OUTCOME_NAMES.items()])
    )
    charter = StringField(_l("Charter"), [Optional(), Length(max=60)])
    clause = StringField(_l("Clause"), [Optional(), Length(max=60)])
    reason_fr = TextAreaField(_l("Why, in French"), [Length(max=2000)])
    reason_en = TextAreaField(_l("Why, in English"), [Length(max=2000)])


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
        return {name: {self.language.data: self[name].data or ""} for name in lesson_rules.CHECK}
