"""Elements and words of XML: what XML cannot hold is named, and read back from its name."""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

_UNWRITABLE = re.compile("([^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff])")
_NAMED = re.compile(r"U\+([0-9A-F]{4,6})", re.ASCII)


def element(tag: str, attributes: dict[str, str] | None = None, *children: ET.Element | None) -> ET.Element:
    """An element with these children; those that are None are left out."""
    made = ET.Element(tag, attributes or {})
    made.extend(child for child in children if child is not None)
    return made


def worded(
    tag: str, words: str | Iterable[str | ET.Element], attributes: dict[str, str] | None = None
) -> ET.Element:
    """An element that holds words: text (a line feed is ``eol``), with elements in between."""
    made = element(tag, attributes)
    for part in [words] if isinstance(words, str) else words:
        if isinstance(part, str):
            _say(made, part)
        else:
            made.append(part)
    return made


def words_of(holder: ET.Element) -> str:
    """The words that ``worded`` put into an element; marks around some of them are not kept."""
    parts = [holder.text or ""]
    for child in holder:
        parts += [_inline(child), child.tail or ""]
    return "".join(parts)


def attribute(text: str) -> str:
    """Text for an attribute, with what XML cannot hold shown by code point."""
    return _UNWRITABLE.sub(lambda match: f"[U+{ord(match[1]):04X}]", text)


def _say(holder: ET.Element, text: str) -> None:
    for n, line in enumerate(text.split("\n")):
        if n:
            holder.append(ET.Element("eol"))
        for place, piece in enumerate(_UNWRITABLE.split(line)):
            if place % 2:
                holder.append(ET.Element("inline", {"name": f"U+{ord(piece):04X}"}))
            elif piece:
                _add(holder, piece)


def _add(holder: ET.Element, piece: str) -> None:
    if len(holder):
        holder[-1].tail = (holder[-1].tail or "") + piece
    else:
        holder.text = (holder.text or "") + piece


def _inline(child: ET.Element) -> str:
    if child.tag == "eol":
        return "\n"
    if named := _NAMED.fullmatch(child.get("name", "")):
        return chr(int(named[1], 16))
    return "".join(child.itertext())
