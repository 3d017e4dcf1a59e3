"""Making a page of the bundle from the templates of the application: same macros, same words, same filters.

Only addresses differ: they lead to files. So the templates are given an application of their own, which answers no
request, knows no database and nobody signed in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, render_template

from deliberate.core import i18n, web
from deliberate.core.config import Settings
from deliberate.core.i18n import LANGUAGE_NAMES, in_language, use_time_zone
from deliberate.inputs.blueprint import input_name
from deliberate.process import words as process_words
from deliberate.process.models import Process
from deliberate.publication import naming, reference_pages, words
from deliberate.publication.adoption import names
from deliberate.publication.blueprint import blueprint
from deliberate.publication.site.places import Places

Page = tuple[str, bytes]
FILTERS = (naming, names, reference_pages)  # whose filters hang on the blueprint


@contextmanager
def speaking(process: Process, places: Places, language: str) -> Iterator[None]:
    """Make pages in a language, with links to these places, until the block ends."""
    with _application().test_request_context("/"), in_language(language):
        g.places, g.process, g.code = places, process, language
        if zone := process.protocol.get("time_zone"):
            use_time_zone(zone)
        yield


def page(name: str, template: str, **values: Any) -> Page:
    """The path of a page and its bytes, while `speaking`."""
    text = render_template(
        f"publication/site/{template}.html",
        process=g.process,
        page=name,
        other_languages={code: said for code, said in LANGUAGE_NAMES.items() if code != g.code},
        **values,
    )
    return f"{g.code}/{name}.html", text.encode()


@cache
def _application() -> Flask:
    app = Flask("deliberate", template_folder=str(web.template_folder()), static_folder=None)
    settings = Settings(Path(), "not used: nobody signs in here, nothing is sent")
    app.config.update(SETTINGS=settings, SECRET_KEY=settings.secret_key)
    i18n.init_app(app)
    web.init_app(app)
    process_words.init_app(app)
    app.register_blueprint(blueprint)
    app.jinja_env.filters.update(short_code=words.short_code, as_date=_as_date, input_name=input_name)
    app.jinja_env.globals.update(url_for=_url_for, url_if=_url_if)
    return app


def _url_for(endpoint: str, **values: Any) -> str:
    places: Places = g.places
    return places.url_for(endpoint, **values)


def _url_if(endpoint: str, **values: Any) -> str | None:
    places: Places = g.places
    return places.url_if(endpoint, **values)


def _as_date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
