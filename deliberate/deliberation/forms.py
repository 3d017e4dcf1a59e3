"""What is typed about a session of the panel: shapes only."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

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


class PairForm(Form):
    """Two members."""

    one = SelectField(_l("First person"), coerce=int, default=0)
    other = SelectField(_l("Second person"), coerce=int, default=0)


class FixedForm(Form):
    """A member and the table at which they sit."""

    one = SelectField(_l("Person"), coerce=int, default=0)
    table = IntegerField(
        _l("Table"), [Optional(), NumberRange(1, message=_l("Write a whole number above 0."))]
    )


class TablesForm(FlaskForm):
    """How a session sits down. 0 stands for nobody."""

    tables = IntegerField(_l("Number of tables"), [InputRequired(_l("Say how many."))])
    rounds = IntegerField(
        _l("Number of rotations"),
        [InputRequired(_l("Say how many."))],
        description=_l("How many times people sit down: 1 when nobody changes tables."),
    )
    balance = SelectMultipleField(
        _l("Mix at every table"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    hosts = SelectMultipleField(
        _l("Who runs a table"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l(
            "They stay at their table through all rotations and are not counted among its people."
        ),
    )
    apart = FieldList(FormField(PairForm), min_entries=3, max_entries=40)
    together = FieldList(FormField(PairForm), min_entries=3, max_entries=40)
    fixed = FieldList(FormField(FixedForm), min_entries=2, max_entries=40)
    present = BooleanField(_l("Seat only those who are marked as present"))
    anew = BooleanField(_l("Replace the tables made before"))

    def offer(
        self, people: list[tuple[int, str]], hosts: list[tuple[int, str]], categories: list[tuple[str, str]]
    ) -> None:
        """Who and what can be chosen."""
        self.balance.choices = choices(categories)
        self.hosts.choices = choices(hosts)
        nobody = choices([(0, "–"), *people])
        for row in (*self.apart, *self.together):
            row.form.one.choices = row.form.other.choices = nobody
        for row in self.fixed:
            row.form.one.choices = nobody

    def pairs(self, name: str) -> tuple[tuple[int, ...], ...]:
        """The pairs filled in: `name` is apart or together."""
        typed = [(row["one"], row["other"]) for row in self[name].data]
        return tuple((one, other) for one, other in typed if one and other and one != other)

    def places(self) -> tuple[tuple[int, int], ...]:
        """Who sits at which table."""
        return tuple((row["one"], row["table"]) for row in self.fixed.data if row["one"] and row["table"])
