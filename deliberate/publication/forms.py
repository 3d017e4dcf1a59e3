"""Shape checks of what is typed on public pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

REMARK_LENGTH = 4000


class RemarkForm(FlaskForm):
    """A guarantor's public remark."""

    text = TextAreaField(
        _l("Public remark"),
        validators=[DataRequired(_l("Write the remark first.")), Length(max=REMARK_LENGTH)],
    )
