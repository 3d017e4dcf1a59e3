"""The first texts that ship with the application."""

import pytest

from charters.files.markdown import read_markdown
from charters.files.markdown_writing import write_markdown
from deliberate.drafting.starts import NAMES, start


@pytest.mark.parametrize("name", NAMES)
def test_a_first_text_is_whole_in_french_and_english(name: str) -> None:
    text = start(name)
    assert text.id == name
    assert set(text.title) == {"fr", "en"}
    assert 3 <= len(list(text.walk())) <= 5
    assert all(set(clause.text) == {"fr", "en"} for clause, _parent, _depth in text.walk())
    assert read_markdown(write_markdown(text)) == text


def test_there_is_no_first_text_under_another_name() -> None:
    with pytest.raises(KeyError):
        start("income")
