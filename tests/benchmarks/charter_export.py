"""How long each format of a charter takes: `python -m tests.benchmarks.charter_export CLAUSES`.

The last line printed is JSON: processor seconds per format; the one before it says bytes. The version has
notes, references, addressees, minority statements and a version before it.
"""

import json
import sys
import time
from dataclasses import replace

from charters import FORMATS, Charter, Clause, Minority, Version, export, next_version
from tests.benchmarks.charter_texts import charter


def published(clauses: int) -> tuple[Version, Version]:
    """Two versions of a charter of this many clauses; the second renames it."""
    first = Version(1, _dressed(charter(clauses, seed=1)), "2026-03-01")
    titles = {lang: f"{title} 2" for lang, title in first.charter.title.items()}
    return first, next_version(first, replace(first.charter, title=titles), date="2026-06-14")


def measured(clauses: int) -> dict[str, tuple[float, int]]:
    """Processor seconds and bytes of each format, in the first language of the charter."""
    first, second = published(clauses)
    lang = second.charter.languages[0]
    some = [clause.id for clause, _parent, _depth in second.charter.walk()][::20]
    minority = [Minority(clause, "Nous ne sommes pas de cet avis.", 3) for clause in some]
    found = {}
    for name in FORMATS:
        begin = time.process_time()
        content = export(second, name, lang, minority=minority, chain=[first], address="https://c.example/2")
        found[name] = (time.process_time() - begin, len(content))
    return found


def _dressed(text: Charter) -> Charter:
    """The same clauses with whom they commit, what they lean on, and a note on every fifth."""
    return replace(text, clauses=tuple(_clause(clause, n) for n, clause in enumerate(text.clauses)))


def _clause(clause: Clause, n: int) -> Clause:
    return replace(
        clause,
        commits=("authorities",),
        references=("ETS 5", "SDG 8.5"),
        note=dict.fromkeys(clause.text, "Une explication.") if n % 5 == 0 else {},
        clauses=tuple(_clause(child, n + m + 1) for m, child in enumerate(clause.clauses)),
    )


if __name__ == "__main__":
    figures = measured(int(sys.argv[1]))
    print("bytes", json.dumps({name: size for name, (_took, size) in figures.items()}))
    print(json.dumps({name: round(took, 3) for name, (took, _size) in figures.items()}))
