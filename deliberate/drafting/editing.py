"""From what was typed in the clause editor to operations: pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from charters.model import COMMITS, Charter, Clause, normal_line, normal_text

Json = dict[str, Any]
Typed = Mapping[str, str]

CUT = "---"
WORDS = (("heading", normal_line), ("text", normal_text), ("note", normal_text))


def languages(text: Charter) -> list[str]:
    """The languages that the editor offers: those of the charter, then French and English."""
    return list(dict.fromkeys([*text.languages, "fr", "en"]))


def reworded(text: Charter, clause: Clause, typed: Typed) -> list[Json]:
    """Other words for a clause, in each language where they differ."""
    steps: list[Json] = []
    for lang in languages(text):
        words = _differing(clause, lang, {name: typed.get(f"{name}_{lang}") for name, _normal in WORDS})
        if words:
            steps.append({"op": "replace", "clause": clause.id, "lang": lang, **words})
    return steps


def qualified(_text: Charter, clause: Clause, typed: Typed) -> list[Json]:
    """Another kind, other addressees or other references for a clause."""
    said = {"kind": typed.get("kind", clause.kind)} | _qualities(typed)
    known = {"kind": clause.kind, "commits": list(clause.commits), "references": list(clause.references)}
    changed = {name: value for name, value in said.items() if value != known[name]}
    return [{"op": "replace", "clause": clause.id, **changed}] if changed else []


def inserted(text: Charter, clause: Clause, typed: Typed) -> list[Json]:
    """A new clause before this one, after it, or as the last one below it."""
    parent, after = _place(text, clause, typed.get("place", "after"))
    step: Json = {"op": "insert", "parent": parent, "after": after, "kind": typed.get("kind", "article")}
    for name, _normal in WORDS:
        words = {lang: said for lang in languages(text) if (said := typed.get(f"{name}_{lang}", "").strip())}
        if words:
            step[name] = words
    step |= {name: values for name, values in _qualities(typed).items() if values}
    return [step] if step.keys() & {"heading", "text"} else []


def struck(_text: Charter, clause: Clause, _typed: Typed) -> list[Json]:
    """The clause taken out, with those below it."""
    return [{"op": "strike", "clause": clause.id}]


def moved(_text: Charter, clause: Clause, typed: Typed) -> list[Json]:
    """The clause put elsewhere; the place is typed as `parent|after`, either of them empty."""
    parent, _, after = typed.get("destination", "").partition("|")
    return [{"op": "move", "clause": clause.id, "parent": parent or None, "after": after or None}]


def cut(text: Charter, clause: Clause, typed: Typed) -> list[Json]:
    """The clause split where a line holds only `---`, as often in each language."""
    parts = {
        lang: _parts(typed[f"text_{lang}"])
        for lang in languages(text)
        if typed.get(f"text_{lang}", "").strip()
    }
    several = {lang: pieces for lang, pieces in parts.items() if len(pieces) > 1}
    return [{"op": "split", "clause": clause.id, "texts": several}] if several else []


def joined(_text: Charter, clause: Clause, typed: Typed) -> list[Json]:
    """The clause and another one made one, their words put end to end."""
    return [{"op": "join", "clauses": [clause.id, typed["other"]]}] if typed.get("other") else []


EDITS = {
    "words": reworded,
    "nature": qualified,
    "insert": inserted,
    "move": moved,
    "split": cut,
    "join": joined,
    "strike": struck,
}


def open_in(clause: Clause, lang: str) -> bool:
    """Whether a clause awaits a translation into a language, or its confirmation."""
    return lang in clause.stale or any(
        words and lang not in words for words in (clause.text, clause.heading, clause.note)
    )


def translated(text: Charter, lang: str, typed: Typed) -> list[Json]:
    """What one language lacked, clause by clause: words where they differ, else the confirmation that was ticked.

    Other languages are left as they are: the translation follows them, so it does not make them doubtful.
    """
    steps: list[Json] = []
    if (title := normal_line(typed.get("title", ""))) and lang not in text.title:
        steps.append({"op": "describe", "lang": lang, "title": title})
    for clause, _parent, _depth in text.walk():
        if not open_in(clause, lang):
            continue
        said = {name: typed.get(f"{name}_{clause.id}") for name, _normal in WORDS}
        if words := _differing(clause, lang, said):
            steps.append({"op": "replace", "clause": clause.id, "lang": lang, **words})
            sure = sorted(clause.languages - {lang} - set(clause.stale))
            steps += [{"op": "confirm", "clause": clause.id, "lang": other} for other in sure]
        elif typed.get(f"faithful_{clause.id}") and lang in clause.stale:
            steps.append({"op": "confirm", "clause": clause.id, "lang": lang})
    return steps


def parent_of(text: Charter, id: str) -> str | None:
    """The clause that holds another one; None at the top."""
    return next(parent for clause, parent, _depth in text.walk() if clause.id == id)


def siblings(text: Charter, id: str) -> Sequence[Clause]:
    """The other clauses beside one."""
    return [clause for clause in _beside(text, id) if clause.id != id]


def neighbours(text: Charter, id: str) -> tuple[Clause | None, Clause | None]:
    """The clauses read just before and just after one."""
    line = [clause for clause, _parent, _depth in text.walk()]
    at = next((place for place, clause in enumerate(line) if clause.id == id), None)
    if at is None:
        return None, None
    return (line[at - 1] if at else None), (line[at + 1] if at + 1 < len(line) else None)


def _beside(text: Charter, id: str) -> Sequence[Clause]:
    parent = parent_of(text, id)
    return text.clauses if parent is None else text.clause(parent).clauses


def _place(text: Charter, clause: Clause, typed: str) -> tuple[str | None, str | None]:
    if typed == "below":
        return clause.id, clause.clauses[-1].id if clause.clauses else None
    parent = parent_of(text, clause.id)
    if typed != "before":
        return parent, clause.id
    ids = [one.id for one in _beside(text, clause.id)]
    at = ids.index(clause.id)
    return parent, ids[at - 1] if at else None


def _differing(clause: Clause, lang: str, said: Mapping[str, str | None]) -> Json:
    """The words typed in one language that are not those of the clause; None is a field that was not shown."""
    words: Json = {}
    for name, normal in WORDS:
        typed, known = said.get(name), getattr(clause, name).get(lang, "")
        if typed is not None and normal(typed) != known:
            words[name] = normal(typed)
    return words


def _qualities(typed: Typed) -> Json:
    """Addressees, and references typed one per line, where the form showed them."""
    found: Json = {}
    if "commits" in typed:
        found["commits"] = [name for name in COMMITS if name in typed["commits"].split()]
    if "references" in typed:
        found["references"] = sorted(
            {said for line in typed["references"].splitlines() if (said := normal_line(line))}
        )
    return found


def _parts(said: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for line in said.splitlines():
        if line.strip() == CUT:
            parts.append([])
        else:
            parts[-1].append(line)
    return [part for lines in parts if (part := normal_text("\n".join(lines)))]
