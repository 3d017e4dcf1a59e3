"""Whatever the files hold, the command line answers in sentences: never with a traceback, and leaving nothing half-written."""

import contextlib
import io
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sortition.cli import main

CATEGORIES = b"category,name,min,max,min_flex,max_flex\na,x,1,2,0,3\na,y,1,2,0,3\nb,u,0,2,0,3\nb,v,1,3,0,3\n"
POOL = b"id,a,b,home\n1,x,u,h\n2,x,v,h\n3,y,u,\n4,y,v,k\n5,x,v,k\n6,y,v,\n"
PIECES = [
    b"", b",", b";", b"\t", b'"', b"\n", b"\r\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xc3", b"-1", b"0",
    b"1e9", b"99999999999999999999", b"1.5", b"nan", b"inf", b"=1+1", b"%s", b"%(id)s", b"{0}", b"\xe2\x80\xae",
    "٣".encode(), "²".encode(), b"x", b"y", b"id", b"a", b"min", b"max", b"category", b" " * 50, b"1,x,u,h\n", b"a,x,1,2,0,3\n",
]  # fmt: skip


def damaged(chooser: random.Random, data: bytes) -> bytes:
    """Some stretches of it replaced, taken out or doubled."""
    for _ in range(chooser.randint(1, 4)):
        place, length = chooser.randint(0, len(data)), chooser.choice([0, 0, 1, 1, 2, 5, 20])
        piece = chooser.choice([*PIECES, data[place : place + 15], chooser.randbytes(3)])
        data = data[:place] + piece + data[place + length :]
    return data


def answered(folder: Path, categories: bytes, pool: bytes, command: Sequence[str]) -> tuple[int, str]:
    """The exit code and what was said, of a run on these files."""
    quotas, people = folder / "categories.csv", folder / "respondents.csv"
    quotas.write_bytes(categories)
    people.write_bytes(pool)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main([command[0], str(quotas), str(people), *command[1:]])
    return code, said.getvalue()


def holds(folder: Path, categories: bytes, pool: bytes, size: str, home: bool) -> None:
    """`check` and `prepare` agree, say something, and only a lottery that was sealed leaves a folder."""
    out = folder / "draw"
    more = ["--size", size, *(["--household", "home"] if home else [])]
    code, said = answered(folder, categories, pool, ["check", *more])
    assert code in {0, 1, 2}
    assert said.strip()
    assert "Traceback" not in said
    sealing = ["prepare", *more, "--out", str(out), "--panels", "10", "--entropy", "00" * 16]
    prepared, said = answered(folder, categories, pool, sealing)
    assert prepared == code, said
    assert said.strip()
    assert "Traceback" not in said
    assert out.exists() == (prepared == 0)
    if prepared == 0:
        said_io = io.StringIO()
        with contextlib.redirect_stdout(said_io):
            assert main(["verify", str(out)]) == 0


def test_the_files_that_are_damaged_here_are_whole(tmp_path: Path) -> None:
    assert answered(tmp_path, CATEGORIES, POOL, ["check", "--size", "3"])[0] == 0


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), size=st.sampled_from(["3", "3", "3", "1", "6"]), home=st.booleans())
def test_no_damage_to_the_files_of_a_pool_shows_a_traceback(seed: int, size: str, home: bool) -> None:
    chooser = random.Random(seed)
    which = chooser.choice(["categories", "pool", "both"])
    with tempfile.TemporaryDirectory() as folder:
        categories = CATEGORIES if which == "pool" else damaged(chooser, CATEGORIES)
        pool = POOL if which == "categories" else damaged(chooser, POOL)
        holds(Path(folder), categories, pool, size, home)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(categories=st.binary(max_size=80), pool=st.binary(max_size=80))
def test_no_bytes_at_all_show_a_traceback(categories: bytes, pool: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        holds(Path(folder), categories, POOL, "3", home=False)
        holds(Path(folder), CATEGORIES, b"id,a,b,home\n" + pool, "3", home=True)


@pytest.mark.parametrize("size", ["0", "-3", "7", "1000000000000000000000"])
def test_a_size_that_no_panel_has_is_answered_in_sentences(tmp_path: Path, size: str) -> None:
    code, said = answered(tmp_path, CATEGORIES, POOL, ["check", f"--size={size}"])
    assert code in {1, 2}
    assert said.strip()
    sealing = ["prepare", f"--size={size}", "--out", str(tmp_path / "draw")]
    code, said = answered(tmp_path, CATEGORIES, POOL, sealing)
    assert code in {1, 2}
    assert said.strip()
    assert not (tmp_path / "draw").exists()


@pytest.mark.parametrize("limit", ["9223372036854775808", "1" + "0" * 400, "1" + "0" * 5000])
@pytest.mark.parametrize("column", [2, 3, 4, 5])
def test_giant_limits_are_answered_in_sentences(tmp_path: Path, limit: str, column: int) -> None:
    lines = CATEGORIES.decode().splitlines()
    cells = lines[1].split(",")
    cells[column] = limit
    lines[1] = ",".join(cells)
    holds(tmp_path, "\n".join(lines).encode(), POOL, "3", home=False)
