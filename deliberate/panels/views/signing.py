"""The guarantor's signature on the pool: what is signed, and what changed since the last one."""

from flask import render_template
from flask_security import auth_required

from deliberate.core.database import db
from deliberate.panels import queries, signatures
from deliberate.panels.views.blueprint import blueprint
from deliberate.process.current import process_here, require_here


@blueprint.get("/processes/<slug>/pool/sign")
@auth_required("session")
def sign_page(slug: str) -> str:
    """A page that says what is signed, then the button."""
    process = process_here(slug)
    require_here(process, "sign", "pool")
    digest = queries.digest_of_pool(db.session(), process)
    return render_template(
        "panels/sign_pool.html",
        process=process,
        people=queries.pool_size(db.session(), process),
        digest=digest,
        signed=signatures.signature_state(db.session(), process, digest),
    )
