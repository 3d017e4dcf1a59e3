"""Markdown in one language or two; what is not part of the charter follows it after a line."""

from collections.abc import Mapping

from charters.files.markdown_writing import clause_lines, escaped, title_line, write_markdown
from charters.formats.publication import Minority, Publication, preamble_title
from charters.labels import numbers
from charters.model import normal_line


def write(publication: Publication) -> bytes:
    """The charter in the language asked for (and the one beside it), then what is printed with it.

    Reading it back gives the charter in these languages: version, codes, minority statements and the
    included preamble come after the line that ends it.
    """
    words, version = publication.words, publication.version
    langs = [publication.lang, *filter(None, [publication.beside])]
    lines = [f"{publication.adopted}. {words['non_binding']}", ""]
    lines += [f"- {name}{words['colon']}{value}" for name, value in _codes(publication)]
    places = _places(publication) if publication.minority else {}
    for statement in publication.minority:
        lines += ["", *_minority(publication, statement, places)]
    lines += _preamble(publication, langs)
    return write_markdown(version.charter, langs, words["non_binding_short"], "\n".join(lines)).encode()


def _codes(publication: Publication) -> list[tuple[str, str]]:
    said = {"address": publication.address, "by": publication.by, "process": publication.process}
    return publication.codes + [(publication.words[name], _line(text)) for name, text in said.items() if text]


def _line(text: str) -> str:
    return escaped(normal_line(text))


def _places(publication: Publication) -> dict[str | None, str]:
    """What each clause is called, and the charter itself (None)."""
    charter = publication.version.charter
    number = numbers(charter)
    names: dict[str | None, str] = {
        clause.id: title_line(clause, number.get(clause.id), publication.lang)
        for clause, _parent, _depth in charter.walk()
    }
    return names | {None: escaped(publication.title)}


def _minority(publication: Publication, statement: Minority, places: Mapping[str | None, str]) -> list[str]:
    place = places.get(statement.clause, places[None])
    held = _line(publication.held_by(statement))
    text = [escaped(line.strip(" \t")) for line in statement.text.split("\n")]
    return [f"**{publication.words['minority']}** ({held}), {place}", "", *text]


def _preamble(publication: Publication, langs: list[str]) -> list[str]:
    version = publication.preamble
    if version is None:
        return []
    number = publication.numbered(version)
    title = f"# {escaped(preamble_title(publication, version))}"
    return ["", title, f"{number} · {version.content}", *clause_lines(version.charter, langs, deeper=1)]
