"""How the wordings of a question are typed. Pure."""

from collections.abc import Sequence
from typing import Any

from deliberate.core.errors import N_, Refusal


def read_variants(text: str) -> list[dict[str, Any]]:
    """Read `short-name | language | for whom | wording` lines, one for each language of each wording.

    Raises Refusal for a line that does not have its four parts.
    """
    variants: dict[str, dict[str, Any]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 4 or not all((parts[0], parts[1], parts[3])):
            raise Refusal(
                N_("“%(line)s” has not its four parts: short name | language | for whom | wording."),
                field="variants", line=line[:80],
            )  # fmt: skip
        key, language, group, wording = parts
        variant = variants.setdefault(key, {"key": key, "for": {}, "text": {}})
        variant["text"][language] = wording
        if group:
            variant["for"][language] = group
    return list(variants.values())


def variant_lines(variants: list[dict[str, Any]]) -> str:
    """Wordings in the form that `read_variants` reads."""
    return "\n".join(
        f"{variant['key']} | {language} | {variant.get('for', {}).get(language, '')} | {wording}"
        for variant in variants
        for language, wording in variant["text"].items()
    )


def missing_languages(
    text: dict[str, str], variants: list[dict[str, Any]], languages: Sequence[str]
) -> dict[str, list[str]]:
    """Per language that is not there throughout: the short names of the wordings without it ("" is the question)."""
    wordings = {"": text, **{variant["key"]: variant["text"] for variant in variants}}
    missing = {code: [key for key, said in wordings.items() if not said.get(code)] for code in languages}
    return {code: keys for code, keys in missing.items() if keys}
