"""One file out of several modules: a check that whoever receives it reads and runs with Python alone.

Pasting keeps one source of truth: what a reader runs beside a lottery is what is tested here.
"""

import ast
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# In the order of their imports: each uses only those before it.
MODULES = (
    "sortition.problems",
    "sortition.proofs.canonical",
    "sortition.proofs.documents",
    "sortition.proofs.branches",
    "sortition.proofs.optimality",
    "sortition.proofs.proof",
    "sortition.proofs.ceremony",
    "sortition.proofs.verify",
    "sortition.proofs.reading",
    "sortition.proofs.program",
)
OURS = ("deliberate", "sortition", "charters")
PREFACE = '''"""Check this lottery: run `python -I verify.py` in its folder. Nothing but Python 3.9 or later is needed.

Generated from the sources of Deliberate (Apache-2.0), whose tests run it. `--commitment DIGEST` takes the digest that
was published before the draw, `--person person.json` the file that one person was given.
"""

from __future__ import annotations
'''


class ClashError(Exception):
    """Two pasted modules define the same name: one of them must choose another."""


@cache
def verifier() -> str:
    """The text of the `verify.py` that lies in the folder of a lottery."""
    return pasted(MODULES, PREFACE)


def pasted(modules: Sequence[str], preface: str) -> str:
    """The sources of `modules` in one text after `preface`. Raises ClashError when two define one name differently."""
    parts, imports = [], dict[str, None]()
    defined: dict[str, str] = {}
    for name in modules:
        source = _source(name)
        tree = ast.parse(source)
        for node in tree.body:
            for new in _names(node):
                if new in defined:
                    raise ClashError(f"{new} is defined in {defined[new]} and in {name}")
                defined[new] = name
        kept, outside = _stripped(source, tree)
        imports |= dict.fromkeys(outside)
        parts.append(f"\n\n# {name}\n\n{kept.strip()}\n")
    return preface + "\n" + "\n".join(sorted(imports, key=_import_order)) + "\n" + "".join(parts)


def _source(name: str) -> str:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text("utf-8")


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _stripped(source: str, tree: ast.Module) -> tuple[str, list[str]]:
    """The source without its docstring, imports and start as a program; and what it imports from outside."""
    lines: list[str | None] = [*source.splitlines()]
    outside = []
    for position, node in enumerate(tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            if not _ours(node):
                outside.append(ast.unparse(node))
        elif not (position == 0 and _is_docstring(node)) and not _is_start(node, tree):
            continue
        for number in range(node.lineno - 1, node.end_lineno or node.lineno):
            lines[number] = None
    return "\n".join(line for line in lines if line is not None), outside


def _ours(node: ast.Import | ast.ImportFrom) -> bool:
    module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
    return (module or "").split(".")[0] in OURS


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_start(node: ast.stmt, tree: ast.Module) -> bool:
    """`if __name__ == "__main__":` of every module but the last, whose functions include `main`."""
    return isinstance(node, ast.If) and "__main__" in ast.unparse(node.test) and not _has_main(tree)


def _has_main(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)


def _import_order(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line
