"""A version as a file, in each of the formats and languages it is published in."""

import hashlib

from flask import Response, request, url_for

from charters import FORMATS
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.i18n import best_language
from deliberate.publication import documents, reading
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import charter_at, lasting, whole_address

VERSION = "/processes/<slug>/charters/<key>/versions/<int:number>"
FORMAT = f"<any({', '.join(FORMATS)}):format>"


@blueprint.get(f"{VERSION}.{FORMAT}")
@blueprint.get(f"{VERSION}.<lang>.{FORMAT}")
def version_file(slug: str, key: str, number: int, format: str, lang: str = "") -> Response:
    """A version as a file: JSON, or the other formats in one of its languages (`2.fr.pdf`)."""
    process, charter = charter_at(slug, key)
    version = reading.published_version(db.session(), charter, number)
    written = documents.languages(version)
    if lang and lang not in written:
        raise NotFound(N_("This version is not written in that language."))
    chosen = lang or best_language(dict.fromkeys(written, "x")) or written[0]
    place = url_for("publication.version", slug=process.slug, key=charter.key, number=number)
    made = documents.file_of(db.session(), version, format, chosen, whole_address(place))
    response = Response(made, content_type=documents.media_type(format))
    if policy := FORMATS[format].policy:
        response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
    if format == "json":  # the others print minority statements, which may come and go
        return lasting(response, version.version_digest)
    beside = documents.tag(documents.minority(db.session(), version, chosen))
    response.set_etag(
        hashlib.sha256(f"{version.version_digest}{beside}{format}{chosen}".encode()).hexdigest()
    )
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    response.make_conditional(request)
    return response
