"""Public pages kept ready for visitors, until the journal of their process grows.

Whatever changes on a page of charters is an act, and every act adds an entry to the journal: so the journal's last
digest, the address and the language say whether the page that was made is still the page to give.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, NamedTuple, ParamSpec

from flask import Response, current_app, make_response, request, session
from sqlalchemy import select

from deliberate.core.database import db
from deliberate.core.i18n import language
from deliberate.journal.models import Journal

MOST_BYTES = 64 * 1024 * 1024  # an address may ask for the same page in endless ways
KEPT_HEADERS = ("Link", "Memento-Datetime")
Given = ParamSpec("Given")
OK = 200


class Page(NamedTuple):
    """What a visitor is given: the page, and what it tells programs beside it."""

    text: bytes
    headers: tuple[tuple[str, str], ...]


class Pages:
    """The pages made last, by what they were made from. One per application, shared by its threads."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, tag: str) -> Page | None:
        """The page, if it is still there."""
        with self._lock:
            if tag in self._pages:
                self._pages.move_to_end(tag)
            return self._pages.get(tag)

    def keep(self, tag: str, page: Page) -> None:
        """Keep a page, and let go of those that were not asked for longest."""
        with self._lock:
            self._forget(tag)
            self._pages[tag] = page
            self._bytes += len(page.text)
            while self._bytes > MOST_BYTES:
                self._forget(next(iter(self._pages)))

    def _forget(self, tag: str) -> None:
        if (page := self._pages.pop(tag, None)) is not None:
            self._bytes -= len(page.text)


def remembered(view: Callable[Given, Any]) -> Callable[Given, Any]:
    """Have a page of a process made once for all visitors. Those signed in get one made for them."""

    @wraps(view)
    def answer(*args: Given.args, **values: Given.kwargs) -> Any:
        tag = _tag(str(values.get("slug", "")))
        if tag is None:
            return view(*args, **values)
        pages: Pages = current_app.extensions.setdefault("pages", Pages())
        page = pages.get(tag)
        if page is None:
            response = make_response(view(*args, **values))
            if response.status_code != OK:
                return response
            said = tuple((name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers)
            page = Page(response.get_data(), said)
            pages.keep(tag, page)
        return _as_response(page, tag)

    return answer


def _tag(slug: str) -> str | None:
    """What a visitor's page is made from, as a digest; None for whoever gets a page of their own."""
    if "_user_id" in session or "_flashes" in session:
        return None
    head = db.session.scalar(select(Journal.digest).where(Journal.scope == slug))
    made_from = "\n".join((head or "", request.full_path, language()))
    return hashlib.sha256(made_from.encode()).hexdigest()


def _as_response(page: Page, tag: str) -> Response:
    response = Response(page.text, mimetype="text/html")
    response.headers.extend(page.headers)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return response
