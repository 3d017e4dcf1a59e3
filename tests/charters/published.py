"""Charters to be published in tests: a full one, what people might type, and random ones of any size."""

import random
import re

from charters import (
    COMMITS,
    KINDS,
    Amendment,
    Charter,
    Clause,
    Inclusion,
    Minority,
    Version,
    apply,
    next_version,
    operations_from_json,
)

PREAMBLE = Version(
    2,
    Charter(
        "common",
        {"fr": "Préambule commun des chartes", "en": "Common preamble of the charters"},
        (
            Clause("p1", "preamble", {"fr": "Nous, tirés au sort."}, clauses=(Clause("p2", "recital", {"fr": "Vu la vie."}),)),
        ),
    ),
    "2026-01-01",
)  # fmt: skip
FIRST = Version(
    1,
    Charter(
        "time",
        {"fr": "Charte du temps", "en": "Charter of time"},
        (
            Clause(
                "pre", "preamble", {"fr": "Le temps compte.", "en": "Time counts."},
                clauses=(
                    Clause("r1", "recital", {"fr": "Vu les contributions ;"}),
                    Clause("r2", "paragraph", {"fr": "Vu le reste."}, clauses=(Clause("r2a", "point", {"fr": "Ceci."}),)),
                ),
            ),
            Clause(
                "p", "part", {}, {"fr": "Principes", "en": "Principles"},
                clauses=(
                    Clause(
                        "t1", "right",
                        {"fr": "Chacun décide.\nD’une part.\n\nElle est connue.", "en": "All decide."},
                        {"fr": "Le temps choisi", "en": "Chosen time"},
                        ("authorities", "citizens"), ("ETS 5", "SDG 8.5"),
                        {"fr": "Une note.\n\nEn deux paragraphes.", "en": "A note."}, ("en",),
                        (Clause("t1a", "point", {"fr": "Premier :"}, clauses=(Clause("t1b", "point", {"fr": "lettre."}),)),),
                    ),
                    Clause("t2", "article", {"fr": "Temps long."}),
                ),
            ),
            Clause("rec", "recommendation", {"fr": "Ouvrir les mairies."}, {}, ("all",), clauses=(Clause("t3", "article"),)),
        ),
        "time",
        Inclusion("common", 2, PREAMBLE.content),
    ),
    "2026-03-01",
    "act-1",
)  # fmt: skip
AMENDMENT = Amendment(
    "am-12",
    operations_from_json(
        [
            {"op": "replace", "clause": "t2", "lang": "fr", "text": "Temps très long."},
            {"op": "insert", "parent": "rec", "after": "t3", "lang": "fr", "text": "Le soir.", "kind": "commitment"},
            {"op": "move", "clause": "t1a", "parent": "t2", "after": None},
            {"op": "strike", "clause": "r1"},
        ],
        "am-12",
    ),
    answers=("c-104",),
)  # fmt: skip
SECOND = next_version(
    FIRST, apply(FIRST.charter, AMENDMENT.operations), date="2026-06-14", act="act-12", amendments=[AMENDMENT]
)
MINORITY = (
    Minority("t1", "Une part fixée retirerait à certains.\n\nNégocier.", 4, ("A.", "B.")),
    Minority("rec", "Le coût n’est pas chiffré.", 1),
    Minority(None, "Trop court.", 2),
)

TYPED = [
    "<script>alert(1)</script>", "</p></div></section><h1>Titre</h1>", "&lt;b&gt; &amp; &#60;i&#62;",
    "]]> <!-- note --> <?php x ?>", "#set text(red) #link(\"x\")[y] $x^2$ *gras* _penché_ `brut`", "= Titre",
    "# Titre {#t9 kind=part}", "- tiret", "+ plus", "12. douze", "3) trois", "> cité", "[x](javascript:alert(1))",
    "![x](y.png) [en] mot", "[en] # mot", "---", "===", "***", "~~~ ~~barré~~", "```\ncode\n```", "{#t1 in=pre}",
    "| a | b |\n|---|---|\n| c | d |", "\\", "fin \\", "\\# \\1. x", "{{ 7*7 }} {% raw %} ${x} %(title)s %s",
    "' onmouseover='x' \"", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;", "\\end{document} \\input{x}",
    "a\n\nb\n# c\n> d\n- e", "1. a\n2. b", "👩‍👩‍👧 😀 日本語 नमस्ते مرحبا עברית", "\u202eabc \u2066x", "\u2028 \x85 \ufeff",
    "e\u0323\u0302\u0361", "mot" * 700, "<w:p/><p class='note'/>", "\u00a0— « ! »", "0000000000000000000000000 1e999",
    "=SUM(A1) @x", "</script><script>", "http://x.example/?a=1&b=<2>", "a\tb", "<br>\n<hr/>",
]  # fmt: skip
CONTROL = ["\x07\x1b[31m", "a\x0bb\x0cc", "\ud7ff\ufffe\uffff \ue000"]


def version_of_words(words: list[str]) -> Version:
    """A version in which each of these is, in turn, the text, heading, note and reference of a clause."""
    clauses = tuple(
        Clause(f"w{n}", KINDS[n % len(KINDS)], {"fr": text, "en": text}, {"fr": text} if n % 2 else {}, COMMITS, (text,),
               {"fr": text}, ("fr",) if n % 3 else (), (Clause(f"v{n}", "point", {"fr": text}),))
        for n, text in enumerate(words)
    )  # fmt: skip
    title = " ".join(words)[:400] or "Titre"
    return Version(1, Charter("c", {"fr": title, "en": title}, clauses, title), "2026-06-14", title)


def statements(words: list[str]) -> tuple[Minority, ...]:
    """A minority statement for each of these, and one on the whole."""
    some = (Minority(f"w{n}", text, 2, (text,)) for n, text in enumerate(words))
    return (*some, Minority(None, "\n\n".join(words), 1))


def plain(text: str) -> str:
    """The same text with nothing in it that any format could take for markup: its lines stay lines."""
    return re.sub(r"[^\s].*", "mot", text.replace("\u2028", " ").replace("\x85", " "))


def random_charter(seed: int, clauses: int, words: list[str] | None = None) -> Charter:
    """A charter of this many clauses at random depths, in French and English, the same for the same seed."""
    rng = random.Random(seed)
    prose = words or ["le temps", "de la vie,", "l’action", "d’une\npart.", "Chacun\n\ndécide", "peut-être"]
    below: dict[str | None, list[str]] = {None: []}
    for n in range(clauses):
        parent = rng.choice([None, *rng.sample([key for key in below if key], min(4, len(below) - 1))])
        below[parent].append(f"c{n}")
        below[f"c{n}"] = []

    def texts(chance: float) -> dict[str, str]:
        return {lang: " ".join(rng.choices(prose, k=3)) for lang in ("fr", "en") if rng.random() < chance}

    def clause(name: str, depth: int) -> Clause:
        held = tuple(clause(child, depth + 1) for child in below[name]) if depth < 30 else ()
        return Clause(
            name, rng.choice(KINDS), texts(0.8), texts(0.3), tuple(rng.sample(COMMITS, rng.randrange(3))),
            tuple(rng.sample(["ETS 5", "CELEX 12012P/TXT", "SDG 8.5"], rng.randrange(3))), texts(0.2),
            tuple(rng.sample(["fr", "en"], rng.randrange(2))), held,
        )  # fmt: skip

    return Charter(
        "c", {"fr": "Charte", "en": "Charter"}, tuple(clause(name, 1) for name in below[None]), "temps"
    )
