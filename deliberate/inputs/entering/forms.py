"""The shape of answers typed many at once, of a session with a group, and of an order for sheets."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from deliberate.core.fields import choices
from deliberate.inputs import rules
from deliberate.inputs.entering.rules import LARGEST_COUNT
from deliberate.inputs.forms import LONG, CategoriesForm

A_NUMBER = _l("Write a whole number from 1 on.")


class EntryForm(CategoriesForm):
    """Answers of a group or from paper, many at once."""

    code = StringField(_l("Code of the question, as the sheet says it"), [Length(max=rules.NOTE_LIMIT)])
    question = SelectField(_l("Question"), [InputRequired()])
    channel = SelectField(
        _l("Where this comes from"),
        choices=choices(
            [("paper", _l("Sheets of paper")), ("group", _l("A group session")), ("import", _l("A file"))]
        ),
    )
    received = DateField(_l("Received on"), [InputRequired(_l("Say on which day this was received."))])
    late = BooleanField(_l("This came or is typed too late: let it wait for the next round"))
    language = SelectField(_l("Language, where a line says no other"), [InputRequired()])
    note = StringField(_l("Group, table or place"), [Length(max=rules.NOTE_LIMIT)])
    lines = TextAreaField(_l("One answer per line"))
    file = FileField(_l("Or a file: CSV or Excel (.xlsx)"))
    group_answer = TextAreaField(_l("What the group then answers together"), [Length(max=LONG)])


class ReasonForm(FlaskForm):
    """Why something is undone."""

    reason = StringField(_l("Why"), [InputRequired(_l("Say why: the reason stands in the public journal."))])


class SessionForm(CategoriesForm):
    """A group that is about to answer."""

    question = SelectField(_l("Question"), [InputRequired()])
    group = StringField(_l("Group"), [InputRequired(_l("Name the group.")), Length(max=90)])
    place = StringField(_l("Place"), [Length(max=90)])
    received = DateField(_l("Day"), [InputRequired(_l("Say on which day this was received."))])
    people = IntegerField(
        _l("How many people are here"), [InputRequired(A_NUMBER), NumberRange(1, LARGEST_COUNT, A_NUMBER)]
    )
    language = SelectField(_l("Language of the answers"), [InputRequired()])


class GroupAnswerForm(FlaskForm):
    """One answer, typed while the group speaks."""

    text = TextAreaField(_l("What was said"), [InputRequired(_l("Write the answer first."))])
    count = IntegerField(
        _l("People"), [InputRequired(A_NUMBER), NumberRange(1, LARGEST_COUNT, A_NUMBER)], default=1
    )
    component = StringField(_l("Code on the grid"), [Length(max=12)])


class SheetsForm(FlaskForm):
    """How many sheets of which question."""

    question = SelectField(_l("Question"), [InputRequired()])
    number = IntegerField(_l("How many sheets"), [InputRequired(A_NUMBER)], default=30)
