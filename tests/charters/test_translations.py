"""Every sentence that the engine can say to a person exists in French."""

import ast
from pathlib import Path

from babel.messages.pofile import read_po

import charters
from charters.merging.conflicts import WHY

ROOT = Path(charters.__file__).parent
SAID_BY = {"CharterError", "UnreadableError"}


def templates() -> set[str]:
    found = set(WHY.values())
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAID_BY:
                found |= {
                    a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                }
    return found


def french() -> dict[str, str]:
    """The translations of all catalogues of the engine."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.parent.joinpath("deliberate", "translations", "fr").glob("charters*.po")):
        with path.open("rb") as file:
            found |= {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return found


def test_every_problem_is_translated_with_the_same_values() -> None:
    assert templates() == french().keys()
    for english, translated in french().items():
        names = {part.split(")")[0] for part in english.split("%(")[1:]}
        assert names == {part.split(")")[0] for part in translated.split("%(")[1:]}, english
