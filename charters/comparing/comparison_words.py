"""What a comparison says by itself, in French and English."""

from collections.abc import Mapping, Sequence

from charters.comparing.changes import Change
from charters.labels import COMMITTED, NAMES, spoken

STATUS = {
    "fr": {
        "inserted": "ajouté", "struck": "supprimé", "split": "partagé", "joined": "réuni à un autre passage",
        "changed": "modifié", "moved": "déplacé", "unchanged": "inchangé",
    },
    "en": {
        "inserted": "added", "struck": "struck", "split": "split", "joined": "joined to another passage",
        "changed": "changed", "moved": "moved", "unchanged": "unchanged",
    },
}  # fmt: skip
SIGNS = {
    "inserted": "+", "struck": "−", "changed": "~", "split": "÷", "joined": "∪", "moved": "→", "unchanged": "=",
}  # fmt: skip
SAID = {
    "fr": {
        "colon": "\u00a0: ", "nothing": "Aucune différence dans cette langue.", "before": "Avant", "after": "Après",
        "changes": "Passages touchés", "skip": "Aller aux passages touchés",
        "legend": "Ce qui est supprimé est barré, ce qui est ajouté est souligné.",
        "deleted": "supprimé : ", "added": "ajouté : ", "end": " (fin)", "next": "Passage suivant", "previous": "Passage précédent",
        "note": "Note", "kind": "Nature", "commits": "S’adresse à", "references": "Références", "none": "rien",
        "theme": "Le thème de la charte a changé.", "preamble": "Le préambule commun inclus a changé.",
        "stale": "à confirmer dans cette langue", "confirmed": "confirmé dans cette langue",
        "typographic": "seule la typographie change", "with": "avec %s", "title": "Titre",
    },
    "en": {
        "colon": ": ", "nothing": "No difference in this language.", "before": "Before", "after": "After",
        "changes": "Passages concerned", "skip": "Go to the passages concerned",
        "legend": "What is taken out is struck through, what is added is underlined.",
        "deleted": "taken out: ", "added": "added: ", "end": " (end)", "next": "Next passage", "previous": "Previous passage",
        "note": "Note", "kind": "Kind", "commits": "Commits", "references": "References", "none": "nothing",
        "theme": "The theme of the charter changed.", "preamble": "The common preamble it includes changed.",
        "stale": "to be confirmed in this language", "confirmed": "confirmed in this language",
        "typographic": "only the typography changes", "with": "with %s", "title": "Title",
    },
}  # fmt: skip
_COUNTED = {
    "fr": {
        "inserted": ("%d ajouté", "%d ajoutés"), "changed": ("%d modifié", "%d modifiés"),
        "split": ("%d partagé", "%d partagés"), "joined": ("%d réuni", "%d réunis"),
        "moved": ("%d déplacé", "%d déplacés"), "struck": ("%d supprimé", "%d supprimés"),
        "unchanged": ("%d inchangé", "%d inchangés"), "fold": ("%d passage inchangé", "%d passages inchangés"),
    },
    "en": {
        "inserted": ("%d added",) * 2, "changed": ("%d changed",) * 2, "split": ("%d split",) * 2, "joined": ("%d joined",) * 2,
        "moved": ("%d moved",) * 2, "struck": ("%d struck",) * 2, "unchanged": ("%d unchanged",) * 2,
        "fold": ("%d unchanged passage", "%d unchanged passages"),
    },
}  # fmt: skip


def counted(what: str, number: int, lang: str) -> str:
    """ "3 modifiés", "1 unchanged passage"."""
    one, several = _COUNTED[spoken(lang)][what]
    plural = number > 1 if spoken(lang) == "fr" else number != 1
    return (several if plural else one) % number


def summary(figures: Mapping[str, int], lang: str) -> str:
    """ "2 ajoutés, 1 modifié, 12 inchangés"."""
    return ", ".join(counted(status, number, lang) for status, number in figures.items())


def fate(change: Change, others: Sequence[str], lang: str) -> str:
    """What became of a clause: "modifié, déplacé", "partagé (avec Article 2)", "changed, to be confirmed…".

    ``others``: what the clauses are called that it was split into or joined with.
    """
    words, said = STATUS[spoken(lang)], SAID[spoken(lang)]
    moved = change.moved and change.status != "moved"
    first = words[change.status] if change.status != "unchanged" or not change.doubt else ""
    if others:
        first += f" ({said['with'] % ', '.join(others)})"
    first += f" ({said['typographic']})" if change.typographic else ""
    return ", ".join(filter(None, [first, words["moved"] if moved else "", said.get(change.doubt, "")]))


def described(change: Change, lang: str) -> list[tuple[str, str, str]]:
    """What changed besides words: name, before, after."""
    old, new = change.old, change.new
    if old is None or new is None:
        return []
    names, committed, said = NAMES[spoken(lang)], COMMITTED[spoken(lang)], SAID[spoken(lang)]
    found: list[tuple[str, str, str]] = []
    if "kind" in change.fields:
        found.append((said["kind"], names[old.kind], names[new.kind]))
    if "commits" in change.fields:
        before, after = (", ".join(committed[name] for name in one.commits) for one in (old, new))
        found.append((said["commits"], before or said["none"], after or said["none"]))
    if "references" in change.fields:
        before, after = (", ".join(one.references) for one in (old, new))
        found.append((said["references"], before or said["none"], after or said["none"]))
    return found
