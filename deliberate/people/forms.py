"""What a person types to sign in or about their account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length

from deliberate.core.fields import choices
from deliberate.core.i18n import LANGUAGE_NAMES


class LinkForm(FlaskForm):
    """Ask for a sign-in link."""

    email = EmailField(
        _l("Your e-mail address"),
        [
            InputRequired(_l("Write your address.")),
            Email(_l("This does not look like an e-mail address: name@example.org")),
            Length(max=255),
        ],
        render_kw={"autocomplete": "email"},
    )


class CodeForm(FlaskForm):
    """Sign in with a printed code."""

    code = StringField(
        _l("The code on your letter"),
        [InputRequired(_l("Type the code.")), Length(max=40)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class AccountForm(FlaskForm):
    """How others are shown this person, and in which language letters reach them."""

    name = StringField(
        _l("Your name"),
        [InputRequired(_l("Write your name.")), Length(max=120)],
        render_kw={"autocomplete": "name"},
    )
    language = SelectField(
        _l("Language of the letters you receive"),
        choices=choices(LANGUAGE_NAMES.items()),
    )
