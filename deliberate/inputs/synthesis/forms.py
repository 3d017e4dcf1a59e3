"""The shapes of a line, of what the board says of it, and of another wording."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from deliberate.core.fields import choices
from deliberate.inputs.synthesis.acts import LINE_LIMIT
from deliberate.inputs.synthesis.reviewing import WORDS_LIMIT
from deliberate.inputs.synthesis.rules import POSITION_NAMES
from deliberate.inputs.synthesis.wordings import WHY_LIMIT


class LineForm(FlaskForm):
    """A line of synthesis."""

    dimension = SelectField(_l("Place on the grid"), [InputRequired()])
    theme = SelectField(_l("Theme"))
    text_fr = TextAreaField(_l("The line, in French"), [Length(max=LINE_LIMIT)])
    text_en = TextAreaField(_l("The line, in English"), [Length(max=LINE_LIMIT)])
    dissent_fr = TextAreaField(
        _l("Who disagrees with this wording, and why, in French"), [Length(max=LINE_LIMIT)]
    )
    dissent_en = TextAreaField(
        _l("Who disagrees with this wording, and why, in English"), [Length(max=LINE_LIMIT)]
    )


class ReviewForm(FlaskForm):
    """What a member of the board says of a wording."""

    wording = HiddenField()
    position = RadioField(
        _l("What do you say of this wording?"),
        choices=choices((name, _l(said)) for name, said in POSITION_NAMES.items()),
        validators=[InputRequired(_l("Say whether you agree with this line."))],
    )
    words = TextAreaField(_l("Your reservations or your dissent"), [Length(max=WORDS_LIMIT)])


class WordingForm(FlaskForm):
    """How somebody would say a line."""

    text = TextAreaField(
        _l("How would you say it?"), [InputRequired(_l("Write something first.")), Length(max=LINE_LIMIT)]
    )
    why = TextAreaField(_l("Why is that better?"), [Length(max=WHY_LIMIT)])
    language = SelectField(_l("Language"))
    website = StringField(_l("Leave this empty"))


class SettlingForm(FlaskForm):
    """What a rapporteur does with a proposed wording."""

    outcome = RadioField(
        _l("What becomes of this wording?"),
        choices=choices(
            [("taken up", _l("Take it up: the line will say this")), ("declined", _l("Decline it"))]
        ),
        validators=[InputRequired(_l("Say whether you take this wording up."))],
    )
    answer = TextAreaField(_l("Why? Everyone will read it."), [Length(max=WHY_LIMIT)])
