"""What people type about statements."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from deliberate.core.fields import texts
from deliberate.inputs.statements.rules import TEXT_LIMIT


class ProposalForm(FlaskForm):
    """A statement that someone proposes. `website` is hidden from people: only programs fill it in."""

    text = TextAreaField(
        _l("Your statement"), [InputRequired(_l("Write the statement first.")), Length(max=5 * TEXT_LIMIT)]
    )
    language = SelectField(_l("Language of your statement"), [InputRequired()])
    website = StringField(_l("Leave this field empty"))


class StatementForm(FlaskForm):
    """A statement of the team, in French and in English; other languages are kept as they are."""

    text_fr = TextAreaField(_l("Statement, in French"), [Length(max=5 * TEXT_LIMIT)])
    text_en = TextAreaField(_l("Statement, in English"), [Length(max=5 * TEXT_LIMIT)])

    def texts(self) -> dict[str, str]:
        """The statement by language, empty ones left out."""
        return texts(self, "text")
