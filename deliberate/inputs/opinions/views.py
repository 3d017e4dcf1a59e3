"""Pages of the opinion map."""

from math import ceil
from typing import Any

from flask import Response, jsonify, render_template, request

from deliberate.core import typed, web
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, NotPermitted
from deliberate.core.sending import Page
from deliberate.inputs.blueprint import blueprint, page_asked, round_asked, text_asked
from deliberate.inputs.opinions import computing, picture, queries
from deliberate.inputs.opinions.exporting import polis_files
from deliberate.inputs.opinions.importing import packed
from deliberate.inputs.opinions.listing import ORDERS, listed
from deliberate.inputs.opinions.models import OpinionMap
from deliberate.inputs.opinions.refreshing import being_drawn
from deliberate.inputs.opinions.rules import votes_public
from deliberate.inputs.statements.current import participant_here, results_shown
from deliberate.inputs.statements.queries import figures, statements_of
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process

PER_PAGE = 20
HIDDEN = N_(
    "The results of the voting are not shown yet: everyone votes before seeing what others think, and the protocol says when results open."
)


@blueprint.get("/processes/<slug>/opinions")
def opinions(slug: str) -> Page:
    """The map of a round: its picture, and everything it shows in words and figures."""
    process = process_here(slug)
    number = round_asked(process)
    if not results_shown(process, number):
        return _page(process, number, hidden=True)
    maps = queries.maps_of(db.session(), process, number)
    if not maps:
        return _page(process, number)
    asked = request.args.get("map", None, typed.whole)
    shown = maps[-1] if asked is None else queries.map_numbered(db.session(), process, number, asked)
    return _page(process, number, maps=maps, shown=shown)


def _page(process: Process, number: int, hidden: bool = False, **more: Any) -> str:
    shown: OpinionMap | None = more.get("shown")
    known = {"maps": [], "shown": None, "drawing": None, "you": None, "turned": None, **more}
    if shown is not None:
        known |= _drawn(process, shown) | _listed(process, shown)
    return render_template(
        "inputs/opinions/map.html",
        process=process,
        round=number,
        rounds=process.rounds,
        hidden=hidden,
        least=computing.LEAST_PEOPLE,
        figures=figures(db.session(), process, number),
        waiting=being_drawn(db.session(), process, number),
        may_import=allowed(process, "create", "conversation"),
        may_download_votes=may_have_votes(process, number),
        imported=queries.imported(db.session(), process, number),
        growth=computing.GROWTH,
        key_shape=picture.key_shape,
        thumbnail=_thumbnail,
        **known,
    )


def _thumbnail(found: OpinionMap) -> dict[str, Any]:
    return picture.drawing(found.picture["dots"], picture.LETTERS)


def _drawn(process: Process, shown: OpinionMap) -> dict[str, Any]:
    """What the picture of a map is made of, and where the reader stands on it if they voted."""
    last, you, turned = queries.last_of(shown), None, None
    if last is not None:
        own = queries.rows_by(db.session(), participant_here(process), shown.round)
        you, turned = computing.place_of(last, own), computing.turned(last)
    return {"drawing": _thumbnail(shown), "you": you, "turned": turned}


def _listed(process: Process, shown: OpinionMap) -> dict[str, Any]:
    """The statements by number, and one page of their figures as the reader asked for them."""
    texts = {one.number: one for one in statements_of(db.session(), process, shown.round)}
    words, order, group = (text_asked(name) for name in ("words", "order", "group"))
    rows = listed(shown.report, texts, words, order, group)
    start = (page_asked() - 1) * PER_PAGE
    return {
        "report": shown.report,
        "cells": {row["number"]: row for row in shown.report["statements"]},
        "texts": texts,
        "rows": rows[start : start + PER_PAGE],
        "found": len(rows),
        "asked": {"words": words, "order": order if order in ORDERS else "", "group": group},
        "orders": ORDERS,
        "page": page_asked(),
        "pages": ceil(len(rows) / PER_PAGE),
        "current": shown.reference != {},
    }


def may_have_votes(process: Process, number: int) -> bool:
    """Whether this reader may have the single votes of a round: never before its close, and of no handful of people.

    After it everyone may where the protocol says so, else those alone who make statements: neither guarantors nor
    citizens drawn by lot.
    """
    found = queries.latest(db.session(), process, number)
    if found is None or not found.closed:
        return False
    return allowed(process, "change", "statement") or votes_public(
        process.protocol, found.report["participants"]
    )


@blueprint.get("/processes/<slug>/opinions.json")
def opinions_json(slug: str) -> Response:
    """The last map of a round as plain data: figures, and the dots of the picture."""
    process = process_here(slug)
    number = round_asked(process)
    if not results_shown(process, number):
        raise NotPermitted(HIDDEN)
    found = queries.latest(db.session(), process, number)
    if found is None:
        raise NotFound(N_("There is no opinion map of this round yet."))
    said = {
        "round": number,
        "number": found.number,
        "closed": found.closed,
        "digest": found.digest,
        "reference_of": found.computed_at.isoformat(),
        "votes_read_at": found.shown_at.isoformat(),
        "letters": picture.LETTERS,
        "dots": found.picture["dots"],
        **found.report,
    }
    return jsonify(said)


@blueprint.get("/processes/<slug>/opinions.zip")
def export_polis(slug: str) -> Response:
    """The round as the files of a Polis export."""
    process = process_here(slug)
    number = round_asked(process)
    if not results_shown(process, number):
        raise NotPermitted(HIDDEN)
    address = web.outside_address("inputs.opinions", slug=slug, round=number)
    files = polis_files(db.session(), process, number, may_have_votes(process, number), address)
    return web.file(packed(files), "application/zip", f"{process.slug}-opinions-{number}.zip")
