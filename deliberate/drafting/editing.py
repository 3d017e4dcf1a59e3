"""From what was typed in the clause editor to operations: pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from charters.model import Charter, Clause, normal_line, normal_text

Json = dict[str, Any]
Typed = Mapping[str, str]

CUT = "---"


def languages(text: Charter) -> list[str]:
    """The languages that the editor offers: those of the charter, then French and English."""
    return list(dict.fromkeys([*text.languages, "fr", "en"]))


def reworded(text: Charter, clause: Clause, typed: Typed) -> list[Json]:
    """Other words for a clause, in each language where they differ."""
    steps: list[Json] = []
    for lang in languages(text):
        words: Json = {}
        for name, known, normal in (
            ("heading", clause.heading, normal_line),
            ("text", clause.text, normal_text),
        ):
            said = typed.get(f"{name}_{lang}")
            if said is not None and normal(said) != known.get(lang, ""):
                words[name] = normal(said)
        if words:
            steps.append({"op": "replace", "clause": clause.id, "lang": lang, **words})
    return steps


def inserted(text: Charter, clause: Clause, typed: Typed) -> list[Json]:
    """A new clause after this one, or as the last one below it."""
    below = typed.get("place") == "below"
    parent = clause.id if below else parent_of(text, clause.id)
    after = (clause.clauses[-1].id if clause.clauses else None) if below else clause.id
    step: Json = {"op": "insert", "parent": parent, "after": after, "kind": typed.get("kind", "article")}
    for name in ("heading", "text"):
        words = {lang: said for lang in languages(text) if (said := typed.get(f"{name}_{lang}", "").strip())}
        if words:
            step[name] = words
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


EDITS = {"words": reworded, "insert": inserted, "strike": struck, "move": moved, "split": cut, "join": joined}


def parent_of(text: Charter, id: str) -> str | None:
    """The clause that holds another one; None at the top."""
    return next(parent for clause, parent, _depth in text.walk() if clause.id == id)


def siblings(text: Charter, id: str) -> Sequence[Clause]:
    """The other clauses beside one."""
    parent = parent_of(text, id)
    beside = text.clauses if parent is None else text.clause(parent).clauses
    return [clause for clause in beside if clause.id != id]


def _parts(said: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for line in said.splitlines():
        if line.strip() == CUT:
            parts.append([])
        else:
            parts[-1].append(line)
    return [part for lines in parts if (part := normal_text("\n".join(lines)))]
