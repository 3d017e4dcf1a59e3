"""Markdown in one language; what is not part of the charter follows it after a line."""

from charters.formats.publication import Publication
from charters.labels import heading_line, numbers
from charters.markdown import write_markdown


def write(publication: Publication) -> bytes:
    """The charter in the language asked for, with its version, codes and minority statements."""
    words, version = publication.words, publication.version
    lines = [
        f"{publication.adopted}. {words['non_binding']}", "",
        f"- {words['content_code']}{words['colon']}{version.content}",
        f"- {words['version_code']}{words['colon']}{version.digest}",
    ]  # fmt: skip
    lines += [f"- {words['address']}{words['colon']}{publication.address}"] if publication.address else []
    number = numbers(version.charter)
    clauses = {clause.id: clause for clause, _parent, _depth in version.charter.walk()}
    for statement in publication.minority:
        clause = clauses.get(statement.clause or "")
        place = heading_line(clause, number.get(clause.id), publication.lang) if clause else publication.title
        lines += [
            "",
            f"**{words['minority']}** ({publication.held_by(statement)}), {place}",
            "",
            statement.text,
        ]
    return write_markdown(
        version.charter, [publication.lang], words["non_binding_short"], "\n".join(lines)
    ).encode()
