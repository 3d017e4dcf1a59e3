"""Numbers and lists that would cost a reader's time or memory are refused before they do."""

import pytest

from deliberate.publication.findings import UnsoundError
from deliberate.publication.folder import parse
from deliberate.publication.recount import decided

RULE = {"method": "yes-no", "quorum": "1/2", "threshold": "2/3", "denominator": "cast"}


@pytest.mark.parametrize(
    "share", ["1e999999999", "1e-999999999", "1/" + "9" * 100_000, "9" * 100_000, "nan", ""]
)
@pytest.mark.parametrize("name", ["quorum", "threshold"])
def test_a_share_without_end_is_refused(name: str, share: str) -> None:
    with pytest.raises(ValueError, match="no fraction"):
        decided({**RULE, name: share}, {"yes": 5, "no": 1}, 6, 8, 6)


@pytest.mark.parametrize("share", ["0", "1", "1/2", "0.5"])
def test_a_share_may_be_written_as_people_do(share: str) -> None:
    assert decided({**RULE, "quorum": share}, {"yes": 7, "no": 1}, 8, 8, 8) == (True, None)


def test_a_file_of_empty_lists_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(UnsoundError, match="more values than any bundle has"):
        parse(b"[" + b"[]," * 2_000_001 + b"[]]", "contributions.json")
