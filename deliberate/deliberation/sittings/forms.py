"""The shape of a session."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length


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
