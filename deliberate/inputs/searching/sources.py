"""What can be found of each kind of thing: what is public of it, in each of its languages."""

from collections.abc import Iterable, Mapping

from deliberate.core.fulltext.following import Source, follow
from deliberate.core.fulltext.index import Spoken
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.models import Contribution
from deliberate.inputs.statements.models import Statement
from deliberate.inputs.synthesis.models import SynthesisLine

Texts = Mapping[str, str]


def _contribution(one: Contribution) -> Iterable[Spoken]:
    if one.state == "published":
        yield Spoken(one.language, one.text)


def _lesson(one: Lesson) -> Iterable[Spoken]:
    if one.state != "published":
        return
    more = " ".join([one.territory, one.country, *one.sectors, *one.tags])
    texts = (one.tried, one.teaches, one.context)
    for language in sorted({code for text in (one.title, *texts) for code in text}):
        told = "\n".join(text[language] for text in texts if language in text)
        yield Spoken(language, told, one.title.get(language, ""), more)


def _line(one: SynthesisLine) -> Iterable[Spoken]:
    if one.retired_at is None:
        yield from _each(one.text)


def _statement(one: Statement) -> Iterable[Spoken]:
    if one.state in ("published", "retired"):
        yield from _each(one.text)


def _each(texts: Texts) -> Iterable[Spoken]:
    return (Spoken(language, text) for language, text in sorted(texts.items()))


SOURCES = (
    Source("contribution", Contribution, ("state", "language", "text"), _contribution),
    Source(
        "lesson",
        Lesson,
        ("state", "title", "tried", "teaches", "context", "territory", "country", "sectors", "tags"),
        _lesson,
    ),
    Source("line", SynthesisLine, ("retired_at", "text"), _line),
    Source("statement", Statement, ("state", "text"), _statement),
)
for _source in SOURCES:
    follow(_source)
