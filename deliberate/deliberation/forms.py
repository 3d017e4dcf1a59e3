"""What is typed about a session of the panel: shapes only."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from deliberate.core.fields import choices

STANCES = [("for", _l("for")), ("against", _l("against")), ("neither", _l("neither"))]


class SittingForm(FlaskForm):
    """A session of the panel; the agenda has one point per line."""

    title_fr = StringField(_l("Title, in French"), [Length(max=200)])
    title_en = StringField(_l("Title, in English"), [Length(max=200)])
    opens_at = DateTimeLocalField(_l("Begins"), [InputRequired(_l("Say when it begins."))])
    place = StringField(_l("Place"), [Length(max=200)])
    agenda_fr = TextAreaField(_l("Agenda, in French: one point per line"), [Length(max=4000)])
    agenda_en = TextAreaField(_l("Agenda, in English: one point per line"), [Length(max=4000)])

    def agenda(self) -> list[dict[str, str]]:
        """The points of the agenda, each with its text per language."""
        lines = {code: (self[f"agenda_{code}"].data or "").strip().splitlines() for code in ("fr", "en")}
        count = max(len(points) for points in lines.values())
        return [
            {
                code: points[at].strip()
                for code, points in lines.items()
                if at < len(points) and points[at].strip()
            }
            for at in range(count)
        ]


class EvidenceForm(FlaskForm):
    """A claim and where it comes from."""

    claim = TextAreaField(_l("What is claimed"), [Length(max=2000)])
    source = StringField(_l("Source"), [Length(max=1000)])
    stance = SelectField(_l("This speaks"), choices=choices(STANCES))
    about = StringField(_l("About which clause or idea"), [Optional(), Length(max=120)])
    validation = StringField(_l("How it was checked, and by whom"), [Optional(), Length(max=1000)])


class NoteForm(FlaskForm):
    """What a table asks to be kept."""

    label = StringField(_l("Table"), [Length(max=40)])
    text = TextAreaField(_l("What the table asks to be kept"), [Length(max=8000)])


class PresenceForm(FlaskForm):
    """Where a ballot opens: in a session whose attendance was marked, or with a stated number of people."""

    sitting = SelectField(_l("Session"), coerce=int)
    present = IntegerField(
        _l("Number of people present"),
        [Optional(), NumberRange(1, message=_l("Write a whole number above 0."))],
    )
