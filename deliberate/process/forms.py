"""What an organiser types about a process: its texts, its protocol, its people.

The fields of the protocol bear the names of its parts (`rules-amendment-threshold` is `rules.amendment.threshold`), so
that a fault found by the rules is shown beside the field it names.
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from deliberate.core.fields import choices, texts
from deliberate.process.rules import BOARD, OBJECTIVE_WORDS, ROLE_NAMES, ROLES, TEXTS, Fault

LEVELS = [
    ("municipality", _l("Municipality")),
    ("region", _l("Region")),
    ("nation", _l("Nation")),
    ("europe", _l("Europe")),
    ("world", _l("World")),
]
DENOMINATORS = [("present", _l("those present")), ("cast", _l("votes cast")), ("seated", _l("all members"))]
SECRECIES = [
    ("open", _l("open: who voted what can be read")),
    ("secret", _l("secret: on paper, counted by two people")),
]
TICKETS = [
    ("digits", _l("the digits drawn are the number")),
    ("hash", _l("computed from the text drawn (dice, lottery, any text)")),
]
RESULT_MOMENTS = [
    (
        "after voting",
        _l("to those who voted on some themselves, and to everyone once the open phase has closed"),
    ),
    ("at the close", _l("to everyone, once the open phase has closed")),
]
MODERATIONS = [("before", _l("before they are published")), ("after", _l("after they are published"))]


class TextsForm(FlaskForm):
    """The remit of a process, in French and in English; one of the two languages is enough."""

    title_fr = StringField(_l("Title, in French"), [Length(max=160)])
    title_en = StringField(_l("Title, in English"), [Length(max=160)])
    question_fr = TextAreaField(_l("The question asked, in French"), [Length(max=500)])
    question_en = TextAreaField(_l("The question asked, in English"), [Length(max=500)])
    remit_fr = TextAreaField(_l("What the process is for, in French"), [Length(max=4000)])
    remit_en = TextAreaField(_l("What the process is for, in English"), [Length(max=4000)])
    commissioned_by_fr = StringField(_l("At whose request, in French"), [Length(max=200)])
    commissioned_by_en = StringField(_l("At whose request, in English"), [Length(max=200)])
    funded_by_fr = StringField(_l("Who pays, in French"), [Length(max=200)])
    funded_by_en = StringField(_l("Who pays, in English"), [Length(max=200)])
    level = SelectField(_l("Level"), choices=choices(LEVELS))
    territory = StringField(_l("Territory"), [Length(max=120)])
    themes = StringField(_l("Themes, separated by commas"), [Length(max=300)])

    def validate(self, extra_validators: Any = None) -> bool:
        """The title and the question are there in at least one language."""
        sound = bool(super().validate(extra_validators))
        for name, said in (
            ("title", _l("Give the process a title.")),
            ("question", _l("Write the question that is asked.")),
        ):
            if not any((self[f"{name}_{code}"].data or "").strip() for code in ("fr", "en")):
                self[f"{name}_fr"].errors = [*self[f"{name}_fr"].errors, said]
                sound = False
        return sound

    def texts(self) -> dict[str, dict[str, str]]:
        """The texts by language, empty ones left out."""
        return {name: texts(self, name) for name in TEXTS}

    def plain(self) -> dict[str, Any]:
        """What is not a text per language."""
        themes = [theme.strip() for theme in (self.themes.data or "").split(",") if theme.strip()]
        return {"level": self.level.data, "territory": self.territory.data or "", "themes": themes}


class WindowForm(Form):
    """The days on which something opens and closes."""

    opens = DateField(_l("Opens on"), [Optional()])
    closes = DateField(_l("Closes on"), [Optional()])


class PhaseForm(WindowForm):
    """A phase; without dates it opens and closes by act."""

    kind = HiddenField()
    round = HiddenField()


class PanelForm(Form):
    """How the panel is drawn."""

    size = IntegerField(_l("How many people are drawn"), [InputRequired(_l("Write a number."))])
    alternates = IntegerField(_l("How many alternates"), [InputRequired(_l("Write a number."))])
    panels = IntegerField(_l("How many panels in the lottery"), [InputRequired(_l("Write a number."))])
    ticket = SelectField(_l("How the drawn panel is read from public chance"), choices=choices(TICKETS))
    objective = SelectField(
        _l("What the draw does with unequal chances"),
        choices=choices([(name, _l(said)) for name, said in OBJECTIVE_WORDS.items()]),
        default="leximin",
    )
    randomness_fr = StringField(_l("Where chance comes from, in French"), [Length(max=300)])
    randomness_en = StringField(_l("Where chance comes from, in English"), [Length(max=300)])
    one_per_household = BooleanField(_l("At most one person per household"))
    answer_days = IntegerField(_l("Days to answer once drawn"), [Optional()])
    alternates_until = DateField(_l("Last day on which an alternate is called"), [Optional()])
    attributes_public = BooleanField(_l("Publish the volunteers’ answers (without names) with the draw"))


class RuleForm(Form):
    """How something is decided."""

    threshold = StringField(_l("Adopted from this share in favour, such as 3/4"), [Length(max=9)])
    denominator = SelectField(_l("Counted against"), choices=choices(DENOMINATORS))
    quorum = StringField(_l("Share of members who must be present, such as 2/3"), [Length(max=9)])
    secrecy = SelectField(_l("Votes are"), choices=choices(SECRECIES))
    method = HiddenField()


class RulesForm(Form):
    """The decision rules."""

    amendment = FormField(RuleForm, _l("An amendment"))
    version = FormField(RuleForm, _l("A new version of a charter"))
    conflict = FormField(RuleForm, _l("A choice between texts that exclude each other"))


class ProtocolForm(FlaskForm):
    """Everything that is fixed before the start."""

    time_zone = StringField(
        _l("Time zone"), [InputRequired(_l("Write a time zone such as Europe/Paris.")), Length(max=60)]
    )
    registration = FormField(WindowForm, _l("Registration of volunteers"))
    phases = FieldList(FormField(PhaseForm))
    panel = FormField(PanelForm, _l("The draw"))
    rules = FormField(RulesForm, _l("How decisions are taken"))
    moderation = SelectField(_l("Contributions are read by a moderator"), choices=choices(MODERATIONS))
    answers_visible = BooleanField(_l("Show others’ answers before one has answered"))
    results = SelectField(
        _l("How others voted on statements is shown"), choices=choices(RESULT_MOMENTS), default="after voting"
    )
    votes_public = BooleanField(
        _l("Publish every vote on statements after the open phase, without names, once five people voted")
    )
    board_kinds = SelectMultipleField(
        _l("The mixed board that validates the synthesis"),
        choices=choices([(kind, _l(ROLE_NAMES[role])) for kind, role in BOARD.items()]),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    board_fr = TextAreaField(_l("Who sits on the board, in French"), [Length(max=1000)])
    board_en = TextAreaField(_l("Who sits on the board, in English"), [Length(max=1000)])
    evidence_threshold = IntegerField(
        _l("Experiences on a charter from which a new round is considered"), [Optional()], default=3
    )
    appeal_days = IntegerField(_l("Days to appeal against a refusal"), [Optional()])
    contest_days = IntegerField(_l("Days to contest"), [InputRequired(_l("Write a number."))])
    retention_months = IntegerField(
        _l("Months for which personal data is kept"), [InputRequired(_l("Write a number."))]
    )
    commitments_fr = TextAreaField(
        _l("What the authority commits to, one per line, in French"), [Length(max=4000)]
    )
    commitments_en = TextAreaField(
        _l("What the authority commits to, one per line, in English"), [Length(max=4000)]
    )

    def protocol(self) -> dict[str, Any]:
        """The protocol as plain data."""
        data = self.data
        panel = {
            name: data["panel"][name]
            for name in ("size", "alternates", "panels", "ticket", "attributes_public", "one_per_household")
        }
        panel["objective"] = data["panel"]["objective"]
        if data["panel"]["answer_days"] is not None:
            panel["answer_days"] = data["panel"]["answer_days"]
        if data["panel"]["alternates_until"]:
            panel["alternates_until"] = data["panel"]["alternates_until"].isoformat()
        randomness = {code: data["panel"][f"randomness_{code}"] or "" for code in ("fr", "en")}
        return {
            "time_zone": data["time_zone"],
            "registration": _days(data["registration"]),
            "phases": [
                # A round is an open phase and the deliberation after it, whatever the page sent.
                {"kind": phase["kind"], "round": place // 2 + 1, **_days(phase)}
                for place, phase in enumerate(data["phases"])
            ],
            "panel": panel | {"randomness": {code: text for code, text in randomness.items() if text}},
            "rules": data["rules"],
            "moderation": data["moderation"],
            "answers_visible": data["answers_visible"],
            "results": data["results"],
            "votes_public": data["votes_public"],
            "board": {"kinds": data["board_kinds"] or [], "named": texts(self, "board")},
            **({"evidence_threshold": data["evidence_threshold"]} if data["evidence_threshold"] else {}),
            **({"appeal_days": data["appeal_days"]} if data["appeal_days"] is not None else {}),
            "contest_days": data["contest_days"],
            "retention_months": data["retention_months"],
            "commitments": {code: (data[f"commitments_{code}"] or "").splitlines() for code in ("fr", "en")},
        }

    def show(self, faults: list[Fault], sentences: list[str]) -> None:
        """Put each fault's sentence beside its field, else on top of the form."""
        for fault, said in zip(faults, sentences, strict=True):
            field = self._named(fault.field.replace(".", "-"))
            if field is None:
                self.form_errors.append(said)
            else:
                field.errors = [*field.errors, said]

    def _named(self, name: str) -> Any:
        return next((field for field in leaves(self) if field.name == name), None)


def leaves(form: Any) -> list[Any]:
    """Every single field of a form, those inside other fields included."""
    found = []
    for field in form:
        inside = isinstance(field, FieldList | FormField)
        found += leaves(field) if inside else [field]
    return found


def _days(window: dict[str, Any]) -> dict[str, str | None]:
    return {name: window[name].isoformat() if window[name] else None for name in ("opens", "closes")}


class AppointForm(FlaskForm):
    """Give a person a role."""

    name = StringField(_l("Name"), [InputRequired(_l("Write the person’s name.")), Length(max=120)])
    email = EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Write an address.")),
            Email(_l("This does not look like an e-mail address: name@example.org")),
        ],
    )
    role = SelectField(
        _l("Role"),
        choices=choices([(role, _l(ROLE_NAMES[role])) for role in ROLES if role != "panel member"]),
    )


class ReasonForm(FlaskForm):
    """Say why."""

    reason = TextAreaField(
        _l("Why does the protocol change? Everyone will read it."),
        [InputRequired(_l("Say why the protocol changes: everyone will read it.")), Length(max=2000)],
    )
