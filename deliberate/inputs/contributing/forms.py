"""What a person types to answer, and on the receipt."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length

from deliberate.inputs.forms import ConsentForm


class AnswerForm(ConsentForm):
    """An answer to an open question. `website` is hidden from people: only programs fill it in."""

    text = TextAreaField(_l("Your answer"), [InputRequired(_l("Write your answer first."))])
    language = SelectField(_l("Language of your answer"), [InputRequired()])
    theme = SelectField(_l("Theme"))
    remember = BooleanField(_l("Fill in these lines again for my next answer of this visit"))
    website = StringField(_l("Leave this field empty"))
    begun = HiddenField()
    variant = HiddenField()


class CorrectionForm(FlaskForm):
    """A contribution, reworded by whoever holds its receipt."""

    text = TextAreaField(_l("Your answer"), [InputRequired(_l("Write your answer first."))])


class ContestForm(FlaskForm):
    """Why words stand on the wrong line."""

    reason = TextAreaField(_l("Why your words do not belong there"), [InputRequired(_l("Say why."))])


class MailForm(FlaskForm):
    """Where to send a receipt, and whether to write again."""

    address = EmailField(
        _l("Your e-mail address"),
        [
            InputRequired(_l("Write your address.")),
            Email(_l("This does not look like an e-mail address: name@example.org")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "email"},
    )
    follow = BooleanField(_l("Also tell me what becomes of my words"))


class FindForm(FlaskForm):
    """The address or the code of a receipt."""

    code = StringField(
        _l("The address or the code of your receipt"),
        [InputRequired(_l("Type the code.")), Length(max=300)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
