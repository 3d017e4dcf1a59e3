"""A visitor without a browser: plain HTTP over one kept connection, cookies, and forms sent as they stand in the page."""

import asyncio
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

TYPED = {"hidden", "text", "email", "date", "number", "search", ""}
REDIRECTS = {301, 302, 303}


@dataclass(frozen=True)
class Answer:
    """What a server answered: status, address (after redirections), text, and how long the first answer took."""

    status: int
    address: str
    text: str
    seconds: float

    def form(self, holding: str) -> "Form":
        """The form of the page that holds a field of this name. Raises LookupError when there is none."""
        reader = _Forms()
        reader.feed(self.text)
        for form in reader.forms:
            if holding in form.fields or holding in form.buttons:
                return Form(urljoin(self.address, form.action), form.fields, form.buttons)
        raise LookupError(f"no form with “{holding}” at {self.address} ({self.status}): {self.text[:300]}")


@dataclass
class Form:
    """Where a form goes, and its fields as the page fills them in; `buttons` are those that carry a value."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, list[str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Every form of a page that is sent with POST."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.choosing = self.writing = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "form" and given.get("method", "").lower() == "post":
            self.open = Form(given.get("action", ""))
            self.forms.append(self.open)
        elif self.open is None or not (name or tag == "option"):
            return
        elif tag == "input" and given.get("type", "") in TYPED:
            self.open.fields[name] = given.get("value", "")
        elif tag == "button":
            self.open.buttons.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self.choosing = name
        elif (
            tag == "option"
            and self.choosing
            and ("selected" in given or self.choosing not in self.open.fields)
        ):
            self.open.fields[self.choosing] = given.get("value", "")
        elif tag == "textarea":
            self.writing = name
            self.open.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self.open is not None and self.writing:
            self.open.fields[self.writing] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.choosing = ""
        elif tag == "textarea":
            self.writing = ""


class Visitor:
    """One person at a server: `times` keeps the seconds of every request under the name it was given."""

    def __init__(self, address: str, language: str = "fr") -> None:
        self.address, self.language = address, language
        self.cookies: dict[str, str] = {}
        self.times: list[tuple[str, float]] = []
        self.connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self, path: str, kind: str = "page") -> Answer:
        """Read a page."""
        return await self._go("GET", urljoin(self.address, path), b"", kind)

    async def send(self, form: Form, kind: str, **typed: str) -> Answer:
        """Send a form with what was typed, and read the page it leads to."""
        body = urlencode({**form.fields, **typed}).encode()
        return await self._go("POST", form.action, body, kind)

    def leave(self) -> None:
        """Close the connection."""
        if self.connection:
            self.connection[1].close()
            self.connection = None

    async def _go(self, method: str, address: str, body: bytes, kind: str) -> Answer:
        begun = time.perf_counter()
        status, headers, text = await self._ask(method, address, body)
        taken = time.perf_counter() - begun
        self.times.append((kind, taken))
        if status in REDIRECTS:
            address = urljoin(address, headers["location"])
            after = await self._go("GET", address, b"", "page")
            return Answer(after.status, after.address, after.text, taken)
        return Answer(status, address, text, taken)

    async def _ask(self, method: str, address: str, body: bytes) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", f"Accept-Language: {self.language}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
                f"Origin: {parts.scheme}://{parts.netloc}",
                f"Referer: {address}",
            ]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
        for fresh in (False, True):
            reader, writer = await self._connected(parts.hostname or "", parts.port or 80, fresh)
            try:
                writer.write(request)
                return await self._read(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                # The server closed a kept connection before it read anything.
                self.leave()
                if fresh:
                    raise
        raise ConnectionError(address)

    async def _connected(
        self, host: str, port: int, fresh: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if fresh or self.connection is None:
            self.leave()
            self.connection = await asyncio.open_connection(host, port, limit=1 << 22)
        return self.connection

    async def _read(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str], str]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in filter(None, head[1:]):
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                self._keep(value.strip())
            headers[name.lower()] = value.strip()
        content = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.leave()
        return int(head[0].split()[1]), headers, content.decode("utf-8", "replace")

    def _keep(self, cookie: str) -> None:
        for name, morsel in SimpleCookie(cookie).items():
            if morsel["max-age"] == "0" or not morsel.value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value
