"""The shape of a claim and where it comes from."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from deliberate.core.fields import choices

STANCES = [("for", _l("for")), ("against", _l("against")), ("neither", _l("neither"))]


class EvidenceForm(FlaskForm):
    """A claim and where it comes from."""

    claim = TextAreaField(_l("What is claimed"), [Length(max=2000)])
    source = StringField(_l("Source"), [Length(max=1000)])
    stance = SelectField(_l("This speaks"), choices=choices(STANCES))
    about = StringField(_l("About which clause or idea"), [Optional(), Length(max=120)])
    validation = StringField(_l("How it was checked, and by whom"), [Optional(), Length(max=1000)])
