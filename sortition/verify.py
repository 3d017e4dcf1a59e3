"""Checking a lottery from its documents alone, with the standard library alone.

No solver, no numpy: anyone can read this file and run it. Nothing that prepared the lottery is trusted. It runs
unchanged on Python 3.9 inside the `verify.py` of a bundle, so `zip` has no `strict` here.
"""

import hashlib
import unicodedata
from collections import Counter
from fractions import Fraction
from typing import Any, NamedTuple

from sortition.canonical import canonical, digest


class Finding(NamedTuple):
    """One thing looked at: ``template % values`` says what.

    `outcome` is passed, failed, unchecked, or withdrawn: by the people it concerns, which is no fault.
    """

    outcome: str
    template: str
    values: dict[str, object]

    def __str__(self) -> str:
        return self.template % self.values


class OrNull(NamedTuple):
    """A shape, or null in its place."""

    shape: Any


TEXT_SHAPES: dict[Any, type] = {Fraction: str, bytes: str}
PUBLIC_SHAPE = {
    "format": "deliberate/lottery/1",
    "size": 1,
    "one_per_household": bool,
    "quotas": [{"category": str, "value": str, "min": 0, "max": 0, "lowest": 0, "highest": 0}],
    "pseudonyms": [str],
    "commitments": [str],
    "certificate": str,
    "panels": [[0]],
    "objective": str,
    "randomness": {"source": str, "ticket": str},
    "chances": {"attained": bool, "bound": Fraction, "largest_difference": Fraction, "least": Fraction},
    "software": dict,
}
ATTRIBUTES_SHAPE = {
    "format": "deliberate/attributes/1",
    "levels": [{"bound": Fraction, "chance": Fraction, "multipliers": [int], "people": [0]}],
    "nonces": [OrNull(bytes)],
    "rows": [OrNull([str])],
}
REVEAL_SHAPE = {
    "format": "deliberate/reveal/1",
    "commitment": str,
    "randomness": str,
    "ticket": 0,
    "people": [str],
}
ALTERNATES_SHAPE = {
    "format": "deliberate/alternates/1",
    "lottery": str,
    "panel": 0,
    "sets": [[0]],
    "commitment": str,
    "randomness": str,
    "ticket": 0,
    "people": [str],
}


def verify_lottery(
    lottery: Any,
    attributes: Any = None,
    reveal: Any = None,
    alternates: Any = None,
    commitment: str | None = None,
) -> list[Finding]:
    """Everything that can be checked of a lottery from the documents given.

    `lottery`, `attributes`, `reveal` and `alternates` are the parsed documents, `commitment` the digest
    published before the draw. Documents of any shape are answered, never with an exception. In `attributes`
    a row may be null together with its nonce: withdrawn by the person it concerns.
    """
    documents = [
        ("lottery.json", lottery, PUBLIC_SHAPE),
        ("attributes.json", attributes, ATTRIBUTES_SHAPE),
        ("reveal.json", reveal, REVEAL_SHAPE),
        ("alternates.json", alternates, ALTERNATES_SHAPE),
    ]
    misshapen = [
        _failed(
            "%(document)s is not what its format promises: look at %(place)s.", document=name, place=place
        )
        for name, document, shape in documents
        if (document is not None or name == "lottery.json") and (place := _misfit(document, shape, name))
    ]
    if misshapen:
        return misshapen
    findings = _check_seal(lottery, reveal, commitment) + _check_panels(lottery)
    if findings[-1].outcome == "failed":
        return findings
    findings += _check_chances(lottery) + _check_attributes(lottery, attributes)
    if reveal is None:
        findings.append(_unchecked("The draw: no reveal was given."))
    else:
        findings += _check_reveal(lottery, reveal)
        if alternates is not None:
            findings += _check_alternates(lottery, reveal, alternates)
            findings += _check_homes(lottery, attributes, alternates["people"] + reveal["people"])
    return findings


def _passed(template: str, **values: object) -> Finding:
    return Finding("passed", template, values)


def _failed(template: str, **values: object) -> Finding:
    return Finding("failed", template, values)


def _unchecked(template: str, **values: object) -> Finding:
    return Finding("unchecked", template, values)


def _misfit(value: Any, shape: Any, place: str) -> str | None:
    """Where `value` departs from `shape`: types, exact texts, least numbers, lists of one shape, keys."""
    if isinstance(shape, OrNull):
        return None if value is None else _misfit(value, shape.shape, place)
    if isinstance(shape, dict):
        if not isinstance(value, dict) or set(value) != set(shape):
            return place
        found = (_misfit(value[key], shape[key], f"{place}: {key}") for key in shape)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            return place
        found = (_misfit(item, shape[0], f"{place} {number}") for number, item in enumerate(value))
    else:
        return None if _fits(value, shape) else place
    return next((misfit for misfit in found if misfit), None)


def _fits(value: Any, shape: Any) -> bool:
    if isinstance(shape, (str, int)):
        same_type = type(value) is type(shape)
        return same_type and bool(value == shape if isinstance(shape, str) else value >= shape)
    if not isinstance(value, TEXT_SHAPES.get(shape, shape)) or (shape is int and isinstance(value, bool)):
        return False
    if shape is Fraction:
        return _ratio(value) is not None
    if shape is bytes:
        return len(value) % 2 == 0 and set(value) <= set("0123456789abcdef")
    return shape is not str or not any("\ud800" <= letter <= "\udfff" for letter in value)


def _ratio(text: str) -> Fraction | None:
    """A rational written ``p/q`` in lowest terms, from 0 to 1."""
    parts = text.split("/")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 4000 for part in parts):
        return None
    if int(parts[1]) == 0 or int(parts[0]) > int(parts[1]):
        return None
    value = Fraction(int(parts[0]), int(parts[1]))
    return value if f"{value.numerator}/{value.denominator}" == text else None


def _check_seal(lottery: Any, reveal: Any, commitment: str | None) -> list[Finding]:
    try:
        computed = digest("lottery", lottery)
    except (TypeError, ValueError):
        return [_failed("lottery.json holds values that a sealed document cannot hold.")]
    changed = "The digest of this lottery is %(computed)s; %(declared)s was published: it was changed."
    other = "The draw was made from the lottery %(declared)s; this one is %(computed)s."
    findings = [
        _failed(template, computed=computed, declared=declared)
        for template, declared in [(changed, commitment), (other, reveal and reveal["commitment"])]
        if declared is not None and declared != computed
    ]
    if findings:
        return findings
    if commitment is None:
        return [_unchecked("The digest is %(computed)s. Compare it with that published.", computed=computed)]
    return [_passed("The digest is the one published before the draw: %(computed)s.", computed=computed)]


def _check_panels(lottery: Any) -> list[Finding]:
    people = len(lottery["pseudonyms"])
    problems = []
    if not people or not lottery["panels"] or len(lottery["commitments"]) != people:
        problems.append(_failed("The pool, its commitments and the panels do not fit together."))
    if len(set(lottery["pseudonyms"])) != people:
        problems.append(_failed("A pseudonym stands for two people."))
    for number, panel in enumerate(lottery["panels"]):
        if len(panel) != lottery["size"] or len(set(panel)) != len(panel) or max(panel, default=0) >= people:
            problems.append(
                _failed(
                    "Panel %(panel)d does not have %(size)d different people of the pool.",
                    panel=number,
                    size=lottery["size"],
                )
            )
    return problems or [
        _passed(
            "All %(panels)d panels have %(size)d different people of a pool of %(people)d.",
            panels=len(lottery["panels"]),
            size=lottery["size"],
            people=people,
        )
    ]


def _seats(lottery: Any) -> list[int]:
    counts = Counter(position for panel in lottery["panels"] for position in panel)
    return [counts[position] for position in range(len(lottery["pseudonyms"]))]


def _check_chances(lottery: Any) -> list[Finding]:
    least = Fraction(min(_seats(lottery)), len(lottery["panels"]))
    stated = _ratio(lottery["chances"]["least"])
    if least != stated:
        return [
            _failed(
                "The least chance is %(counted)s, counted over the panels; %(stated)s is stated.",
                counted=str(least),
                stated=str(stated),
            )
        ]
    return [
        _passed(
            "Counted over the panels, the least chance anybody has is %(least)s (%(percent).2f %%).",
            least=str(least),
            percent=float(100 * least),
        )
    ]


def _check_attributes(lottery: Any, attributes: Any) -> list[Finding]:
    if attributes is None:
        return [
            _unchecked(
                "That every panel meets every quota: the rows of the pool (attributes.json) are needed."
            ),
            _unchecked("That no lottery is more equal: the certificate (attributes.json) is needed."),
        ]
    try:
        sealed = digest("certificate", attributes["levels"]) == lottery["certificate"]
    except (TypeError, ValueError):
        sealed = False
    if not sealed:
        return [_failed("The certificate in attributes.json is not the one sealed with this lottery.")]
    problems = _check_rows(lottery, attributes)
    if problems:
        return problems
    types = _types(lottery, attributes["rows"])
    known = len(types) - types.count(None)
    return [
        _passed("Each of the %(people)d rows is the one committed to.", people=known),
        *_withdrawn(types.count(None)),
        *_check_quotas(lottery, types),
        *_check_certificate(lottery, attributes["levels"], types),
    ]


def _withdrawn(people: int) -> list[Finding]:
    sentence = (
        "Rows withdrawn by the people they concern: %(people)d. Panels that hold them are checked without "
        "them."
    )
    return [Finding("withdrawn", sentence, {"people": people})] if people else []


def _categories(lottery: Any) -> dict[str, dict[str, int]]:
    """The index of each quota, by category and value."""
    found: dict[str, dict[str, int]] = {}
    for index, quota in enumerate(lottery["quotas"]):
        found.setdefault(quota["category"], {})[quota["value"]] = index
    return found


def _check_rows(lottery: Any, attributes: Any) -> list[Finding]:
    rows, nonces, sealed = attributes["rows"], attributes["nonces"], lottery["commitments"]
    categories = list(_categories(lottery).values())
    if lottery["one_per_household"]:
        categories.append({"": 0} | {str(number): number for number in range(len(rows))})
    if not len(rows) == len(nonces) == len(sealed) == len(lottery["pseudonyms"]):
        return [_failed("attributes.json does not have one row and one nonce per person.")]
    problems = []
    for position, row in enumerate(rows):
        fault = _row_fault(row, nonces[position], sealed[position], categories)
        if fault is not None:
            problems.append(_failed(fault, person=lottery["pseudonyms"][position]))
    return problems


def _row_fault(row: Any, nonce: Any, sealed: str, categories: list[dict[str, int]]) -> str | None:
    if row is None and nonce is None:
        return None
    half = "Of %(person)s only the row or only the nonce was withdrawn; they go together."
    exchanged = "The row of %(person)s is not the one committed to."
    unknown = "The row of %(person)s has a value without a quota."
    if row is None or nonce is None:
        return half
    if hashlib.sha256(bytes.fromhex(nonce) + canonical(row)).hexdigest() != sealed:
        return exchanged
    fits = len(row) == len(categories) and all(row[place] in known for place, known in enumerate(categories))
    return None if fits else unknown


def _types(lottery: Any, rows: list[Any]) -> list[tuple[int, ...] | None]:
    """The limits each person counts for; None for those who withdrew their row.

    Limits are numbered as in the multipliers of the certificate: quotas, the panel size, households. Households
    stand last in a row, by number; nothing stands there for people who share none.
    """
    categories = list(_categories(lottery).values())
    if lottery["one_per_household"]:
        first = len(lottery["quotas"]) + 1
        categories.append({str(number): first + number for number in range(len(rows))})
    return [
        None
        if row is None
        else tuple(known[row[place]] for place, known in enumerate(categories) if row[place] in known)
        for row in rows
    ]


def _check_quotas(lottery: Any, types: list[tuple[int, ...] | None]) -> list[Finding]:
    """Counted are the known members; those withdrawn may have any value."""
    problems = []
    panels = []
    for number, panel in enumerate(lottery["panels"]):
        members = [types[position] for position in panel]
        counts = Counter(index for type_ in members if type_ is not None for index in type_)
        panels.append((counts, members.count(None)))
        problems += _panel_faults(lottery, number, counts, members.count(None))
    for index, quota in enumerate(lottery["quotas"]):
        least = [counts[index] for counts, _ in panels]
        most = [counts[index] + withdrawn for counts, withdrawn in panels]
        if not (min(least) <= quota["lowest"] <= min(most) and max(least) <= quota["highest"] <= max(most)):
            problems.append(
                _failed(
                    "“%(category)s: %(value)s” is stated to have %(lowest)d to %(highest)d people; the "
                    "panels say otherwise.",
                    **{key: quota[key] for key in ("category", "value", "lowest", "highest")},
                )
            )
    if problems:
        return problems
    if None in types:
        return [
            _passed(
                "No panel breaks a quota: known members are never above a maximum, and with the members "
                "withdrawn never below a minimum."
            ),
            *_households_passed(lottery),
        ]
    return [_passed("Every panel meets every quota."), *_households_passed(lottery)]


def _households_passed(lottery: Any) -> list[Finding]:
    rule = _passed("No panel has two people of one household.")
    return [rule] if lottery["one_per_household"] else []


def _panel_faults(lottery: Any, panel: int, counts: Counter[int], withdrawn: int) -> list[Finding]:
    plain = "Panel %(panel)d has %(count)d with “%(category)s: %(value)s”; the quota is %(min)d to %(max)d."
    bounded = (
        "Panel %(panel)d has %(count)d with “%(category)s: %(value)s” and %(withdrawn)d withdrawn; the quota "
        "is %(min)d to %(max)d."
    )
    faults = [
        Finding(
            "failed",
            bounded if withdrawn else plain,
            {
                "panel": panel,
                "count": counts[index],
                **({"withdrawn": withdrawn} if withdrawn else {}),
                **{key: quota[key] for key in ("category", "value", "min", "max")},
            },
        )
        for index, quota in enumerate(lottery["quotas"])
        if counts[index] > quota["max"] or counts[index] + withdrawn < quota["min"]
    ]
    if any(people > 1 for limit, people in counts.items() if limit > len(lottery["quotas"])):
        faults.append(_failed("Panel %(panel)d has two people of one household.", panel=panel))
    return faults


def _check_certificate(lottery: Any, levels: Any, types: list[tuple[int, ...] | None]) -> list[Finding]:
    named = Counter(position for level in levels for position in level["people"])
    if set(named) != set(range(len(types))) or set(named.values()) != {1}:
        return [_failed("The certificate does not name each person once.")]
    known = [type_ for type_ in types if type_ is not None]
    if len(known) < len(types):
        proof = [_unchecked("That no lottery is more equal: the rows withdrawn are needed.")]
    else:
        proof = _check_levels(lottery, levels, known)
    if proof[0].outcome == "failed":
        return proof
    return proof + _check_stated(lottery, levels)


def _check_levels(lottery: Any, levels: Any, by_type: list[tuple[int, ...]]) -> list[Finding]:
    types = Counter(by_type)
    limits = max(len(lottery["quotas"]), *(max(type_, default=0) for type_ in by_type)) + 1
    settled: dict[tuple[int, ...], Fraction] = {}
    slack = Fraction(0)
    for number, level in enumerate(levels):
        chance, stated = Fraction(level["chance"]), Fraction(level["bound"])
        here = Counter(by_type[position] for position in level["people"])
        if len(level["multipliers"]) != limits or any(here[type_] != types[type_] for type_ in here):
            return [_failed("Level %(level)d of the certificate does not fit the pool.", level=number + 1)]
        proved = _bound(lottery, level["multipliers"], types, settled)
        if proved > stated:
            return [
                _failed(
                    "Level %(level)d of the certificate proves %(proved).9f only; %(stated).9f is stated.",
                    level=number + 1,
                    proved=float(proved),
                    stated=float(stated),
                )
            ]
        slack = max(slack, stated - chance)
        settled.update(dict.fromkeys(here, chance))
    return [
        _passed(
            "No lottery that meets these quotas can give those with the least chance more than %(bound).6f; "
            "this one gives %(least).6f.",
            bound=float(Fraction(levels[0]["bound"])),
            least=float(Fraction(lottery["chances"]["least"])),
        ),
        _passed(
            "Level by level (%(levels)d levels), no lottery that gives everyone settled earlier at least "
            "their stated chance can give all the others more than theirs plus %(slack).0e.",
            levels=len(levels),
            slack=float(slack),
        ),
    ]


def _check_stated(lottery: Any, levels: Any) -> list[Finding]:
    """The chances of the certificate against what the lottery states and against what its panels give."""
    panels, seats, stated = len(lottery["panels"]), _seats(lottery), lottery["chances"]
    difference = max(
        abs(Fraction(seats[position], panels) - Fraction(level["chance"]))
        for level in levels
        for position in level["people"]
    )
    if difference != Fraction(stated["largest_difference"]) or stated["bound"] != levels[0]["bound"]:
        return [
            _failed("The chances stated with the lottery are not those of its panels and its certificate.")
        ]
    return [
        _passed(
            "Nobody's chance in this lottery is further than %(difference).6f from the one stated in the "
            "certificate.",
            difference=float(difference),
        ),
    ]


def _bound(
    lottery: Any,
    multipliers: list[int],
    types: dict[tuple[int, ...], int],
    settled: dict[tuple[int, ...], Fraction],
) -> Fraction:
    """What no lottery can give all the people not yet settled.

    For any multipliers μ, the weights y = max(0, Σ μ of a person's values) sum over every panel to at most
    Σ max·μ⁺ − Σ min·μ⁻ + Σ over people max(0, −Σ μ). The panel size is one more quota, carried by everybody;
    each household is one more, at most 1, carried by its people.
    """
    size = lottery["size"]
    limits = [(quota["min"], quota["max"]) for quota in lottery["quotas"]] + [(size, size)]
    limits += [(0, 1)] * (len(multipliers) - len(limits))
    total = Fraction(sum(m * limits[row][1 if m > 0 else 0] for row, m in enumerate(multipliers)))
    weight = 0
    for type_, people in types.items():
        gain = sum(multipliers[index] for index in type_) + multipliers[len(lottery["quotas"])]
        total += people * max(0, -gain)
        if type_ in settled:
            total -= people * max(0, gain) * settled[type_]
        else:
            weight += people * max(0, gain)
    return min(total / weight, Fraction(1)) if weight else Fraction(1)


def _ticket(rule: str, commitment: str, panels: int, randomness: str) -> int | None:
    text = unicodedata.normalize("NFC", randomness).strip()
    if rule == "digits":
        digits = "".join(letter for letter in text if letter not in " \t\n,;-")
        fits = digits.isascii() and digits.isdigit() and panels == 10 ** len(digits)
        return int(digits) if fits else None
    if rule != "hash" or not text or not panels:
        return None
    fair = 2**256 - 2**256 % panels
    counter = 0
    while True:
        ticket = f"deliberate/ticket/1\n{commitment.removeprefix('sha256:')}\n{text}\n{counter}".encode()
        number = int.from_bytes(hashlib.sha256(ticket).digest(), "big")
        if number < fair:
            return number % panels
        counter += 1


def _check_reveal(lottery: Any, reveal: Any) -> list[Finding]:
    commitment = reveal["commitment"]
    ticket = _ticket(
        lottery["randomness"]["ticket"], commitment, len(lottery["panels"]), reveal["randomness"]
    )
    if ticket is None or ticket != reveal["ticket"]:
        return [
            _failed(
                "“%(randomness)s” does not draw panel %(ticket)d by the rule declared.",
                randomness=reveal["randomness"],
                ticket=reveal["ticket"],
            )
        ]
    people = [lottery["pseudonyms"][position] for position in lottery["panels"][ticket]]
    if people != reveal["people"]:
        return [_failed("The people revealed are not those of panel %(ticket)d.", ticket=ticket)]
    return [
        _passed(
            "“%(randomness)s” draws panel %(ticket)d, and the people revealed are its members.",
            randomness=reveal["randomness"],
            ticket=ticket,
        ),
        _unchecked(
            "That “%(randomness)s” truly came from the source declared: %(source)s.",
            randomness=reveal["randomness"],
            source=lottery["randomness"]["source"],
        ),
    ]


def _check_alternates(lottery: Any, reveal: Any, alternates: Any) -> list[Finding]:
    sealed = {key: alternates[key] for key in ("format", "lottery", "panel", "sets")}
    panel = set(lottery["panels"][reveal["ticket"]]) if reveal["ticket"] < len(lottery["panels"]) else set()
    sets = alternates["sets"]
    commitment = digest("alternates", sealed)
    ticket = _ticket("hash", commitment, len(sets), alternates["randomness"])
    outside = all(
        len(set(chosen)) == len(chosen) == len(sets[0])
        and not panel & set(chosen)
        and max(chosen, default=0) < len(lottery["pseudonyms"])
        for chosen in sets
    )
    same_draw = (alternates["lottery"], alternates["panel"]) == (reveal["commitment"], reveal["ticket"])
    same_draw = same_draw and alternates["commitment"] == commitment
    if not (outside and same_draw and ticket is not None and ticket == alternates["ticket"]):
        return [_failed("The alternates do not follow from this panel and this randomness.")]
    if [lottery["pseudonyms"][position] for position in sets[ticket]] != alternates["people"]:
        return [_failed("The alternates named are not those of the set drawn.")]
    return [
        _passed(
            "“%(randomness)s” draws set %(ticket)d of %(sets)d, and the alternates are its people in "
            "calling order.",
            randomness=alternates["randomness"],
            ticket=ticket,
            sets=len(sets),
        ),
        _unchecked("That the sets of alternates are near the best: the program that found them is needed."),
    ]


def _check_homes(lottery: Any, attributes: Any, people: list[str]) -> list[Finding]:
    """That panel and alternates together have nobody's cohabitant."""
    if attributes is None or not lottery["one_per_household"]:
        return []
    homes = Counter(
        row[-1]
        for name, row in zip(lottery["pseudonyms"], attributes["rows"])  # noqa: B905
        if row and row[-1] and name in people
    )
    if homes and max(homes.values()) > 1:
        return [_failed("Two people of one household are among the panel and its alternates.")]
    return [_passed("No two people of one household are among the panel and its alternates.")]
