"""The one file that every bundle carries: whole, plain, and in need of nothing."""

import ast
import sys

from deliberate.publication.composition import MODULES, verifier


def test_the_file_imports_the_standard_library_alone() -> None:
    tree = ast.parse(verifier())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_the_file_is_read_by_python_3_9() -> None:
    ast.parse(verifier(), feature_version=(3, 9))


def test_every_pasted_module_is_named_and_none_starts_by_itself() -> None:
    text = verifier()
    assert all(f"# {name}\n" in text for name in MODULES)
    assert text.count('if __name__ == "__main__":') == 1
