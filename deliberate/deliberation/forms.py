"""Shapes that several rooms share."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    IntegerField,
    SelectField,
)
from wtforms.validators import NumberRange, Optional


class PresenceForm(FlaskForm):
    """Where a ballot opens: in a session whose attendance was marked, or with a stated number of people."""

    sitting = SelectField(_l("Session"), coerce=int)
    present = IntegerField(
        _l("Number of people present"),
        [Optional(), NumberRange(1, message=_l("Write a whole number above 0."))],
    )
