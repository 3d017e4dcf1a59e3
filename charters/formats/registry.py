"""The formats in which a charter is published. A new format is one module and one line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from charters.formats import as_html, as_json, as_markdown, as_pdf
from charters.formats.publication import Minority, Publication
from charters.problems import CharterError
from charters.version import Version


@dataclass(frozen=True)
class Format:
    """``suffix`` of the file name, media type, and the function that writes a publication."""

    suffix: str
    media_type: str
    write: Callable[[Publication], bytes]


FORMATS = {
    "html": Format("html", "text/html; charset=utf-8", as_html.write),
    "pdf": Format("pdf", "application/pdf", as_pdf.write),
    "json": Format("json", "application/json", as_json.write),
    "md": Format("md", "text/markdown; charset=utf-8", as_markdown.write),
}


def export(
    version: Version, format: str, lang: str, *, minority: Sequence[Minority] = (),
    preamble: Version | None = None, address: str = "", process: str = "", by: str = "",
) -> bytes:  # fmt: skip
    """Publish a version in one language and format (a key of FORMATS).

    Raises CharterError when the format is not known, or when ``preamble`` is not the text the charter pins.
    """
    if format not in FORMATS:
        raise CharterError(
            "“%(format)s” is not a format. Choose among: %(formats)s.",
            format=format,
            formats=", ".join(FORMATS),
        )
    pinned = version.charter.preamble
    if preamble and (pinned is None or pinned.content != preamble.content):
        raise CharterError("The preamble given is not the one that this charter includes.")
    publication = Publication(version, lang, tuple(minority), preamble, address, process, by)
    return FORMATS[format].write(publication)
