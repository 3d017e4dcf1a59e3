"""What is typed about a charter: shapes only. The words of clauses come in fields made for each language."""

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional


class ProposalForm(FlaskForm):
    """Why an amendment is proposed, what it answers, whose it is."""

    reason = TextAreaField(_l("Why"), [InputRequired(_l("Say why.")), Length(max=4000)])
    answers = StringField(_l("Contributions and experiences it answers"), [Optional(), Length(max=400)])
    table = StringField(_l("Table"), [Optional(), Length(max=40)])

    def sources(self) -> list[str]:
        """The keys typed: "c-104, c-110"."""
        return [key for key in re.split(r"[\s,;]+", self.answers.data or "") if key]


class CharterForm(FlaskForm):
    """A new charter: from a text that ships with the application, or from Markdown."""

    key = StringField(
        _l("Short name, for its address"), [InputRequired(_l("Give it a short name.")), Length(max=40)]
    )
    template = SelectField(_l("Begin from"))
    text = TextAreaField(_l("Text in Markdown"), [Optional(), Length(max=200_000)])
    act = StringField(_l("Where this first text comes from"), [Optional(), Length(max=300)])


class StatementForm(FlaskForm):
    """What a minority holds instead, and of which clause."""

    clause = SelectField(_l("About"))
    text = TextAreaField(
        _l("What we hold instead, and why"), [InputRequired(_l("Write the statement.")), Length(max=4000)]
    )
