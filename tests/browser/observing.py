"""What anyone does without an account: read, compare, follow a passage, download, verify."""

import json
import re
from pathlib import Path

from tests.browser.deliberating import CHARTER
from tests.browser.instance import Instance, wait_for
from tests.browser.person import Person

PUBLIC = (
    "",
    "/protocol",
    "/panel",
    "/contests",
    "/draws/2",
    "/draws/2/ceremony",
    "/draws/2/certificate",
    "/draws/2/report.html",
    "/sittings/1/tables",
    "/contributions",
    "/questions",
    "/answers",
    "/lessons",
    "/synthesis",
    "/charters",
)
ABOUT = ("/", "/verification", "/accessibility", "/privacy", "/sign-in")


def the_organiser_publishes_the_bundle(organiser: Person, slug: str, folder: Path) -> None:
    organiser.opens(f"/processes/{slug}/desk")
    organiser.follows("Publication")
    organiser.presses("Publish")
    wait_for(lambda: (folder / "manifest.json").exists() or None)


def an_observer_reads_the_charter(observer: Person, slug: str, words: str) -> None:
    observer.opens("/")
    observer.goes(observer.page.locator(f'main a[href="/processes/{slug}"]').first)
    observer.follows("The charters")
    observer.goes(observer.page.locator("main .list h2 a").first)
    assert words in observer.text


def an_observer_compares_two_versions(observer: Person, slug: str, words: str) -> None:
    observer.opens(f"/processes/{slug}/charters/{CHARTER}/history")
    observer.opens(f"/processes/{slug}/charters/{CHARTER}/compare")
    assert words in " ".join(observer.page.locator("ins").all_inner_texts())
    observer.chooses("view", "side")
    observer.presses("Compare")
    assert words in observer.text


def an_observer_follows_a_passage(observer: Person, slug: str, clause: str, reason: str) -> None:
    observer.opens(f"/processes/{slug}/charters/{CHARTER}")
    observer.goes(observer.page.locator(f"#{clause} aside a[href*='/clauses/']").first)
    assert reason in observer.text


def an_observer_downloads(observer: Person, slug: str) -> None:
    """The version as JSON and as PDF, by the links on its page."""
    observer.opens(f"/processes/{slug}/charters/{CHARTER}/versions/2")
    for ending, start in ((".json", b"{"), (".pdf", b"%PDF")):
        link = observer.page.locator(f'a[href$="{ending}"]').first.get_attribute("href")
        assert link
        answer = observer.page.request.get(observer.instance.address + link)
        assert answer.status == 200
        assert answer.body().startswith(start)
        if ending == ".json":
            json.loads(answer.body())


def an_observer_verifies_the_bundle(observer: Person, instance: Instance, slug: str) -> None:
    """With the control code that is printed on the page, and without the server."""
    observer.opens("/verification")
    head = re.search(r"sha256:[0-9a-f]{64}", observer.text)
    assert head, observer.text
    done = instance.command("verify", str(instance.folder / "bundles" / slug), "--head", head[0])
    assert done.returncode == 0, done.stdout + done.stderr


def an_observer_reads_every_public_page(observer: Person, slug: str) -> None:
    for path in ABOUT:
        observer.opens(path)
    for path in PUBLIC:
        observer.opens(f"/processes/{slug}{path}")
    observer.opens(f"/processes/{slug}/journal")
    observer.opens("/no-such-page", status=404)
