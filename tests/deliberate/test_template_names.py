"""Filters and globals of templates live in one table each: a second one of the same name would silently replace it."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import deliberate

PACKAGE = Path(deliberate.__file__).parent
# The static site has templates of its own.
LEFT_OUT = {PACKAGE / "publication/site/rendering.py"}


def words(call: ast.Call, place: int) -> list[str]:
    given = call.args[place : place + 1]
    return [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def named(tree: ast.Module, table: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for one in node.decorator_list:
                if isinstance(one, ast.Call) and ast.unparse(one.func).endswith(f".app_template_{table}"):
                    yield from words(one, 0) or [node.name]
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.endswith(f".add_app_template_{table}"):
                yield from words(node, 1) or [ast.unparse(node.args[0]).rpartition(".")[2]]
            elif called.endswith(f"jinja_env.{table}s.update"):
                yield from (one.arg for one in node.keywords if one.arg)


@pytest.mark.parametrize("table", ["filter", "global"])
def test_no_name_that_templates_use_is_given_twice(table: str) -> None:
    files = sorted(set(PACKAGE.rglob("*.py")) - LEFT_OUT)
    given = Counter(name for file in files for name in named(ast.parse(file.read_text("utf-8")), table))
    assert len(given) > 10
    assert [name for name, times in given.items() if times > 1] == []
