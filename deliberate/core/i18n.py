"""Languages: which one the reader gets, and how it writes dates, numbers and texts.

The reader's language is, in this order, `?lang=` in the address (remembered in a cookie), the cookie, what
the browser asks for, then the instance's own. Every page carries a link to itself in the other language.

In a template: `_()`, `ngettext()`, and the filters `localdate`, `localdatetime`, `localtime`, `daterange`,
`localnumber`, `percent`, `localized`, `localized_text`, `tagged`, `in_words`. In Python: the functions of the
same names here, and `gettext`, `ngettext` from `flask_babel`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Protocol
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers
from babel.lists import format_list
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, gettext
from markupsafe import Markup, escape

from deliberate.core.catalogues import MergedDomain, count_by_locale, translations
from deliberate.core.current import settings

LOCALES = {"fr": "fr_FR", "en": "en_GB"}
LANGUAGE_NAMES = {"fr": "Français", "en": "English"}
COOKIE = "language"
COOKIE_SECONDS = 365 * 24 * 3600

DATE_PATTERNS = {
    "long": "d MMMM y",
    "medium": "d MMM y",
    "short": "d MMM",
    "month": "MMMM y",
    "weekday": "EEEE d MMMM y",
}
DECIMALS = re.compile(r"%\((\w+)\)\.(\d)f")
TIME_PATTERNS = {"fr": "H'\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}'mm", "en": "HH:mm"}


def init_app(app: Flask) -> None:
    """Choose languages, load catalogues and register the filters. Needs `app.config["SETTINGS"]`."""
    babel = Babel(app, locale_selector=chosen_locale, timezone_selector=time_zone)
    babel.domain_instance = MergedDomain({"fr": translations("fr")})
    count_by_locale(app)
    app.jinja_env.filters.update(
        localdate=localdate,
        localdatetime=localdatetime,
        localtime=localtime,
        daterange=daterange,
        localnumber=localnumber,
        percent=percent,
        localized=localized,
        localized_text=localized_text,
        tagged=tagged,
        in_words=in_words,
    )
    app.jinja_env.globals.update(
        language=language, language_names=LANGUAGE_NAMES, address_in=address_in, time_zone_name=time_zone_name
    )
    app.after_request(_remember_language)


# The reader's language


def chosen_locale() -> str:
    return LOCALES[chosen_language()]


def chosen_language() -> str:
    """The code of the language to answer in: `fr` or `en`."""
    if has_request_context():
        for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
            if wanted in LOCALES:
                return wanted
        # The regions a browser asks for (fr-CA) do not matter here, their order does.
        for accepted, _weight in request.accept_languages:
            if (primary := accepted.partition("-")[0].lower()) in LOCALES:
                return str(primary)
    return settings().language


def language() -> str:
    """The code of the language in force, `in_language` included."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Say what follows in a given language: a mail to someone, a bilingual document."""
    with force_locale(LOCALES.get(code, LOCALES["en"])):
        yield


def address_in(code: str) -> str:
    """The address of the page being read, in another language; always within this site.

    A page that only answers a form has no address of its own: its link leads to the home page.
    """
    rule = request.url_rule
    readable = rule is None or "GET" in (rule.methods or ())
    path = quote("/" + request.path.lstrip("/\\")) if readable else "/"
    query = urlencode({**request.args.to_dict(flat=False), "lang": [code]}, doseq=True)
    return f"{request.script_root}{path}?{query}"


def _remember_language(response: Response) -> Response:
    if response.mimetype != "text/html":
        return response
    response.headers.setdefault("Content-Language", language())
    response.vary.update(("Accept-Language", "Cookie"))
    wanted = request.args.get("lang")
    if wanted in LOCALES and wanted != request.cookies.get(COOKIE):
        secure = settings().secure
        response.set_cookie(COOKIE, wanted, COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return response


# Dates and times


def time_zone() -> tzinfo:
    """The zone times are said in: the process's, set by `use_time_zone`, or the instance's."""
    zone = g.get("time_zone") or ZoneInfo(settings().time_zone)
    return zone if isinstance(zone, tzinfo) else ZoneInfo(zone)


def use_time_zone(name: str) -> None:
    """Say times in the zone of the process being read, until the end of the request."""
    g.time_zone = ZoneInfo(name)


def time_zone_name(zone: str | None = None) -> str:
    """« heure de Paris »: the zone, named by its city."""
    key = zone or str(time_zone())
    known: Any = get_locale().time_zones.get(key) or {}
    return str(gettext("%(city)s time", city=known.get("city") or key.rpartition("/")[2].replace("_", " ")))


def _local(moment: datetime, zone: str | None) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone) if zone else time_zone())


def localdate(value: date | datetime | None, style: str = "long", zone: str | None = None) -> str:
    """« 3 mars 2026 », « 1ᵉʳ sept. » (`style="short"`). A moment is first taken to its zone.

    `style` is long, medium, short, month or weekday; an unknown one raises KeyError.
    """
    if value is None:
        return ""
    day = _local(value, zone).date() if isinstance(value, datetime) else value
    pattern = DATE_PATTERNS[style]
    if day.day == 1 and language() == "fr" and style != "month":
        pattern = pattern.replace("d MMM", "d'ᵉʳ' MMM")
    return dates.format_date(day, pattern, locale=get_locale())


def localtime(value: datetime, zone: str | None = None) -> str:
    """« 18 h 30 »."""
    local = _local(value, zone)
    return dates.format_time(local, TIME_PATTERNS[language()], tzinfo=local.tzinfo, locale=get_locale())


def localdatetime(
    value: datetime | None, style: str = "long", zone: str | None = None, named: bool = False
) -> str:
    """« 3 mars 2026 à 18 h 30 »; `named` adds « (heure de Paris) »."""
    if value is None:
        return ""
    said = gettext("%(date)s at %(time)s", date=localdate(value, style, zone), time=localtime(value, zone))
    return f"{said} ({time_zone_name(zone)})" if named else said


def daterange(opens: date | None, closes: date | None, style: str = "short", zone: str | None = None) -> str:
    """« 3 mars – 30 avril », with an open end said in words."""
    if opens and closes:
        return f"{localdate(opens, style, zone)} – {localdate(closes, style, zone)}"
    if opens:
        return str(gettext("from %(date)s", date=localdate(opens, style, zone)))
    return str(gettext("until %(date)s", date=localdate(closes, style, zone))) if closes else ""


# Numbers


def localnumber(value: float, digits: int | None = None) -> str:
    """A number as the language writes it; `digits` after the decimal sign when given."""
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return numbers.format_decimal(value, format=pattern, locale=get_locale())


def percent(share: float | None, digits: int = 0) -> str:
    """A share between 0 and 1: « 21 % »."""
    if share is None:
        return "–"
    pattern = (
        "#,##0"
        + ("." + "0" * digits if digits else "")
        + ("\N{NO-BREAK SPACE}%" if language() == "fr" else "%")
    )
    return numbers.format_percent(share, format=pattern, locale=get_locale())


# Texts that people wrote, in their own languages


def best_language(texts: Mapping[str, str]) -> str | None:
    """The language to show: the reader's, else the instance's, else English, else the first that has text."""
    wished = (language(), settings().language, "en", *texts)
    return next((code for code in wished if texts.get(code)), None)


def localized(texts: Mapping[str, str] | None) -> Markup:
    """The text in the reader's language, or in another one tagged with its own `lang`."""
    code = best_language(texts or {})
    return tagged(texts[code], code) if texts and code else Markup("")


def localized_text(texts: Mapping[str, str] | None) -> str:
    """The same choice as plain text, for a title, an attribute or a mail."""
    code = best_language(texts or {})
    return texts[code] if texts and code else ""


# A French mark of two parts stays on the line of its word, however its author typed the space.
_UNBROKEN = re.compile(r"(?<=\S) (?=[?!:;»%](?:\s|$))|(?<=«) (?=\S)")


def tagged(text: str, code: str) -> Markup:
    """A text that says its language (and direction) when that is not the page's."""
    if code == "fr":
        text = _UNBROKEN.sub("\u00a0", text)
    if code == language():
        return escape(text)
    return Markup('<span lang="{}" dir="{}">{}</span>').format(code, direction(code), text)


def direction(code: str) -> str:
    """`rtl` or `ltr`; `auto` for a language that is not known."""
    try:
        return str(Locale.parse(code, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "auto"


# Sentences that come as data


def sentence(template: str, values: Mapping[str, Any] | None = None) -> str:
    """The template and values that a refusal or an engine's problem carries, in the reader's language."""
    said = {name: in_words(value) for name, value in (values or {}).items()}
    text = str(gettext(template))
    if not said:
        return text
    # A number with decimals is written as the language does: 2.94 in English, 2,94 in French.
    text = DECIMALS.sub(lambda found: localnumber(said[found[1]], int(found[2])), text)
    return text % said


class Said(Protocol):
    """What refusals and the engines' problems have in common."""

    @property
    def template(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...


def problem(said: Said) -> str:
    """A refusal or an engine's problem, in the reader's language."""
    return sentence(said.template, said.values)


def in_words(value: Any) -> Any:
    """A value as it goes into a sentence: dates and lists written out, texts chosen, numbers left for %d."""
    if isinstance(value, datetime):
        return localdatetime(value)
    if isinstance(value, date):
        return localdate(value)
    if isinstance(value, list | tuple | set | frozenset):
        return format_list([str(in_words(item)) for item in value], locale=get_locale())
    if isinstance(value, dict):
        return localized_text(value)
    return value
