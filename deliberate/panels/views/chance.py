"""A volunteer's own chance, behind the secret link of their receipt: in words, in numbers, and how to check it."""

from flask import render_template
from werkzeug.wrappers import Response

from deliberate.core import web
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.panels import queries
from deliberate.panels.figures import chances, is_sealed, limit_of_least
from deliberate.panels.models import Draw
from deliberate.panels.places import Place, place_of
from deliberate.panels.views.blueprint import blueprint
from deliberate.panels.views.ceremony import drawn
from deliberate.process.current import process_here
from sortition.proofs.canonical import canonical
from sortition.sealing import personal


@blueprint.get("/processes/<slug>/receipt/<secret>/chance")
def own_chance(slug: str, secret: str) -> str:
    """One's chance before and after the draw, the panels one is in, against all others, and what to recompute."""
    process = process_here(slug)
    registrant = queries.registrant_by_link(db.session(), process, secret)
    draw = queries.current_draw(db.session(), process)
    sealed = draw if is_sealed(draw) else None
    place = place_of(db.session(), sealed, registrant) if sealed else None
    return render_template(
        "panels/chance.html",
        process=process,
        secret=secret,
        registrant=registrant,
        draw=sealed,
        place=place,
        chances=chances(sealed) if sealed else [],
        bound=limit_of_least(sealed) if sealed else None,
        fate=_fate(sealed, place) if sealed and place else "",
    )


@blueprint.get("/processes/<slug>/receipt/<secret>/person.json")
def own_file(slug: str, secret: str) -> Response:
    """What `python -m sortition verify --person` reads: one's own row, nonce and panels, for oneself alone."""
    process = process_here(slug)
    registrant = queries.registrant_by_link(db.session(), process, secret)
    draw = queries.current_draw(db.session(), process)
    place = place_of(db.session(), draw, registrant) if is_sealed(draw) else None
    own = _own(draw, place, registrant.pseudonym) if draw is not None and place else None
    if own is None:
        raise NotFound(N_("This file exists once the draw has come so far."))
    return web.file(canonical(own), "application/json", "person.json")


def _own(draw: Draw, place: Place, name: str) -> dict[str, object] | None:
    salt = draw.salts.get(place.pseudonym, "")
    return personal(draw.lottery, draw.attributes, place.pseudonym, {"id": name}, salt) if salt else None


def _fate(draw: Draw, place: Place) -> str:
    """What the draw said of this person: drawn, alternate, remaining; nothing before it."""
    if draw.ticket is None:
        return ""
    if place.pseudonym in drawn(draw, "reveal"):
        return "drawn"
    return "alternate" if place.pseudonym in drawn(draw, "alternates") else "remaining"
