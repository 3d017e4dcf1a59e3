"""The shape of answers typed many at once."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from deliberate.core.fields import choices
from deliberate.inputs import rules
from deliberate.inputs.forms import LONG, CategoriesForm


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
