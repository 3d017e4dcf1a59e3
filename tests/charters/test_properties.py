"""What must hold for any charter and any amendment."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from charters import (
    COMMITS,
    KINDS,
    Amendment,
    Charter,
    CharterError,
    Clause,
    Version,
    apply,
    changes,
    charter_from_json,
    charter_to_json,
    diff,
    merge,
    next_version,
    operation_from_json,
    operation_to_json,
    provenance,
    read_markdown,
    rebase,
    segments,
    version_from_json,
    version_to_json,
    write_markdown,
)
from charters.comparing.words import tokens
from charters.operations import (
    Confirm,
    Insert,
    Join,
    Move,
    Operation,
    Replace,
    Split,
    Strike,
)

WORDS = st.sampled_from(
    [
        "le",
        "temps",
        "de",
        "la",
        "vie,",
        "l'action",
        "d'une",
        "part.",
        "Chacun",
        "librement",
        "décide",
        "peut-être",
    ]
)
PROSE = st.lists(WORDS, max_size=8).map(" ".join)
TYPED = st.text(
    st.one_of(st.sampled_from("#->[]\\{}.:1 \n\u00a0—é"), st.characters(exclude_categories=["Cs"])),
    max_size=20,
)
relaxed = settings(deadline=None, max_examples=60)
IDS = st.lists(st.sampled_from([f"c{n}" for n in range(9)]), unique=True, max_size=7)


@st.composite
def charters(draw: st.DrawFn, words: st.SearchStrategy[str] = PROSE) -> Charter:
    below: dict[str | None, list[str]] = {None: []}
    for name in draw(IDS):
        parent = draw(st.sampled_from([None, *(key for key in below if key)]))
        below[parent].insert(draw(st.integers(0, len(below[parent]))), name)
        below[name] = []

    def clause(name: str) -> Clause:
        return Clause(
            name,
            draw(st.sampled_from(KINDS)),
            {"fr": draw(words), "en": draw(words)},
            {"fr": draw(words), "en": draw(words)} if draw(st.booleans()) else {},
            tuple(draw(st.lists(st.sampled_from(COMMITS), max_size=2))),
            tuple(draw(st.lists(words, max_size=2))),
            {"en": draw(words)},
            tuple(draw(st.lists(st.sampled_from(["fr", "en"]), max_size=1))),
            tuple(clause(child) for child in below[name]),
        )

    tops = tuple(clause(name) for name in below[None])
    return Charter("c", {"fr": "Charte", "en": draw(st.sampled_from(["Charter", ""]))}, tops, draw(words))


@st.composite
def operations(draw: st.DrawFn, charter: Charter, new: str) -> Operation:
    ids = [clause.id for clause, _parent, _depth in charter.walk()]
    some = st.sampled_from(ids)
    clause, words = charter.clause(draw(some)), draw(PROSE)
    anywhere = st.sampled_from([None, *ids])
    cut = draw(st.integers(0, 30))
    text = clause.text.get("fr", "")
    possible: list[Operation] = [
        Replace(clause.id, "fr", text=words),
        Replace(clause.id, "fr", text=text.replace("temps", "vie", 1)),
        Replace(clause.id, "en", heading=words, note=words),
        Replace(clause.id, kind=draw(st.sampled_from(KINDS)), references=(words,)),
        Insert(draw(anywhere), draw(anywhere), Clause(new, text={"fr": words})),
        Move(clause.id, draw(anywhere), draw(anywhere)),
        Strike(clause.id),
        Split(clause.id, {"fr": (text[:cut], text[cut:])}, (new,)),
        Join((clause.id, draw(some)), {"fr": words} if draw(st.booleans()) else {}),
        Confirm(clause.id, "fr", draw(st.booleans())),
    ]
    return draw(st.sampled_from(possible))


@st.composite
def amendments(draw: st.DrawFn, base: Charter, name: str) -> Amendment:
    """Operations that can be applied; those that cannot are left out."""
    steps: list[Operation] = []
    state = base
    for n in range(draw(st.integers(0, 4))):
        if not state.clauses:
            break
        step = draw(operations(state, f"{name}.{n}"))
        try:
            state = apply(base, [*steps, step])
            steps.append(step)
        except CharterError:
            continue
    return Amendment(name, tuple(steps), answers=(f"c-{name}",))


@relaxed
@given(charters(), charters())
def test_a_difference_applied_to_the_old_version_gives_the_new_one(old: Charter, new: Charter) -> None:
    assert apply(old, diff(old, new)) == new


@relaxed
@given(st.data())
def test_what_operations_did_is_found_by_a_difference(data: st.DataObject) -> None:
    old = data.draw(charters())
    new = apply(old, data.draw(amendments(old, "am-1")).operations)
    assert apply(old, diff(old, new)) == new


@relaxed
@given(st.data())
def test_one_amendment_merges_as_it_applies(data: st.DataObject) -> None:
    base = data.draw(charters())
    amendment = data.draw(amendments(base, "am-1"))
    assert merge(base, [amendment]).charter == apply(base, amendment.operations)


@relaxed
@given(st.data())
def test_a_merge_is_the_same_in_every_order(data: st.DataObject) -> None:
    base = data.draw(charters())
    some = [data.draw(amendments(base, f"am-{n}")) for n in range(data.draw(st.integers(2, 4)))]
    first = merge(base, some)
    assert all(merge(base, order) == first for order in permutations(some))
    assert (first.charter is None) == bool(first.conflicts)


@relaxed
@given(st.data())
def test_a_rebased_amendment_applies_to_the_new_version_or_says_why_not(data: st.DataObject) -> None:
    base = data.draw(charters())
    pending, adopted = data.draw(amendments(base, "am-1")), data.draw(amendments(base, "am-2"))
    current = apply(base, adopted.operations)
    carried = rebase(pending, base, current)
    if carried.amendment is None:
        assert carried.conflicts
    else:
        assert merge(current, [carried.amendment]).charter is not None


@relaxed
@given(st.data())
def test_operations_come_back_from_json(data: st.DataObject) -> None:
    amendment = data.draw(amendments(data.draw(charters()), "am-1"))
    for step in amendment.operations:
        assert operation_from_json(operation_to_json(step)) == step


@relaxed
@given(charters(TYPED))
def test_a_charter_comes_back_from_markdown(charter: Charter) -> None:
    assert read_markdown(write_markdown(charter)) == charter


@relaxed
@given(charters(TYPED))
def test_a_charter_and_its_version_come_back_from_json(charter: Charter) -> None:
    assert charter_from_json(charter_to_json(charter)) == charter
    version = Version(1, charter, "2026-06-14")
    assert version_from_json(version_to_json(version)) == version


@relaxed
@given(TYPED)
def test_tokens_put_end_to_end_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@relaxed
@given(st.one_of(PROSE, TYPED), st.one_of(PROSE, TYPED))
def test_refusing_all_changes_gives_the_old_words_and_accepting_them_the_new(old: str, new: str) -> None:
    pieces = segments(old, new)
    assert "".join(text for tag, text in pieces if tag != "insert") == old
    assert "".join(text for tag, text in pieces if tag != "delete") == new


@relaxed
@given(charters(), charters())
def test_the_readable_view_names_every_clause_once(old: Charter, new: Charter) -> None:
    names = [change.clause for change in changes(old, new, "fr")]
    both = {clause.id for charter in (old, new) for clause, _parent, _depth in charter.walk()}
    assert sorted(names) == sorted(both)


@relaxed
@given(st.data())
def test_every_word_of_a_version_has_one_origin(data: st.DataObject) -> None:
    base = data.draw(charters())
    chain = [Version(1, base, "2026-01-01")]
    for n in range(2):
        amendment = data.draw(amendments(chain[-1].charter, f"am-{n}"))
        text = apply(chain[-1].charter, amendment.operations)
        chain.append(next_version(chain[-1], text, date="2026-02-01", amendments=[amendment]))
    for clause, _parent, _depth in chain[-1].charter.walk():
        passages = provenance(chain, clause.id, "fr")
        assert "".join(passage.text for passage in passages) == clause.text.get("fr", "")
