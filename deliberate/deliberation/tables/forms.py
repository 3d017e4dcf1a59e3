"""What is typed about the tables of a session."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from deliberate.core.fields import choices


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
