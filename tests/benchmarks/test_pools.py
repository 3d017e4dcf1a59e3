"""The generated pools of the benchmark: of the shapes promised, feasible, and the same every time."""

from pathlib import Path

import pytest

from sortition import check, read_categories, read_respondents
from tests.benchmarks.pools import SHAPES, PoolFolder, Shape, generate, pools_in

SMALL = Shape("small", 60, 12, (2, 4, 3))


def _bytes(pool: PoolFolder) -> list[bytes]:
    return [(pool.folder / f"{name}.csv").read_bytes() for name in ("categories", "respondents")]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    assert _bytes(generate(SMALL, tmp_path / "a")) == _bytes(generate(SMALL, tmp_path / "b"))


def test_another_seed_gives_another_pool(tmp_path: Path) -> None:
    assert _bytes(generate(SMALL, tmp_path / "a")) != _bytes(generate(SMALL, tmp_path / "b", seed=1))


@pytest.mark.parametrize(
    "shape", [shape for shape in SHAPES if shape.people <= 404], ids=lambda shape: shape.name
)
def test_a_generated_pool_has_its_shape_and_can_be_drawn_from(shape: Shape, tmp_path: Path) -> None:
    pool = generate(shape, tmp_path)
    assert pool.size()[:2] == (shape.people, len(shape.values))
    quotas, problems = read_categories((pool.folder / "categories.csv").read_bytes(), "categories.csv")
    people, more = read_respondents((pool.folder / "respondents.csv").read_bytes(), "respondents.csv", quotas)
    assert not problems
    assert not more
    assert check(quotas, people, shape.seats).feasible


def test_quotas_are_tight_but_not_all_exact(tmp_path: Path) -> None:
    quotas, _ = read_categories(_bytes(generate(SHAPES[0], tmp_path))[0], "categories.csv")
    widths = [quota.max - quota.min for quota in quotas]
    assert min(widths) == 1
    assert sum(widths) < 1.5 * len(widths)


def test_pools_are_found_by_the_names_of_their_folders(tmp_path: Path) -> None:
    generate(SMALL, tmp_path)
    (tmp_path / "notes").mkdir()
    assert pools_in(tmp_path) == [PoolFolder("small", tmp_path / "small_12", 12)]


def test_a_folder_without_pools_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="NAME_SEATS"):
        pools_in(tmp_path / "nowhere")
