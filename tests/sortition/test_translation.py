"""Every sentence of the engine has its French, with the same named values."""

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

import sortition

ROOT = Path(sortition.__file__).parent
SAYING = {"Problem", "SortitionError", "passed", "failed", "unchecked", "say"}
NAMED = re.compile(r"%\(\w+\)[.\d]*\w")


def texts(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return [*texts(node.body), *texts(node.orelse)] if isinstance(node, ast.IfExp) else []


def sentences() -> set[str]:
    found: set[str] = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
                found.update(text for argument in node.args[:1] for text in texts(argument))
            elif isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Attribute):
                found.update(text for text in texts(node.value) if NAMED.search(text) or text.endswith("."))
    return found


def test_every_sentence_is_in_french_with_the_same_values() -> None:
    catalog: dict[str, str] = {}
    for path in (ROOT.parent / "deliberate" / "translations" / "fr").glob("*.po"):
        with path.open("rb") as file:
            catalog |= {str(message.id): str(message.string) for message in read_po(file)}
    assert sentences() - set(catalog) == set()
    for english in sentences():
        assert set(NAMED.findall(english)) == set(NAMED.findall(catalog[english])), english


def test_no_translation_of_the_engine_outlives_its_sentence() -> None:
    said = {
        node.value
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    kept = []
    for path in (ROOT.parent / "deliberate" / "translations" / "fr").glob("sortition*.po"):
        with path.open("rb") as file:
            kept += [str(message.id) for message in read_po(file) if message.id]
    assert [one for one in kept if one not in said] == []
