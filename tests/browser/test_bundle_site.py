"""The bundle opened from its folder, in a real browser: accessible, narrow enough, and leading nowhere else."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.inspection import LOOKS, Inspection
from tests.browser.instance import Instance
from tests.browser.words import Words


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the demonstration."""
    instance = Instance(tmp_path_factory.mktemp("bundle") / "instance")
    done = instance.command("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = (one for one in (instance.folder / "bundles").iterdir() if one.is_dir())
    return found


def test_every_kind_of_page_reads_from_the_folder_in_both_languages(
    bundle: Path, chromium: Browser, inspection: Inspection
) -> None:
    inspection.first_looks = LOOKS[:2]
    asked: list[str] = []
    with chromium.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for language in ("fr", "en"):
            for name in (
                "index", "protocol", "panel", "charters", "charter-time", "words-time", "history-time",
                "compare-time-1-2", "lives-time", "amendments-time", "recommendations", "minority", "lessons",
                "contributions-1", "dossiers", "coverage", "ballots", "adoptions", "journal-4", "verification",
            ):  # fmt: skip
                page.goto((bundle / language / f"{name}.html").as_uri())
                inspection.look(page, Words(language), scripts=True, state=name)
    assert {url.partition(":")[0] for url in asked} == {"file"}
