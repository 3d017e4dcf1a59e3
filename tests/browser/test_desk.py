"""The pages of those who amend, in a real browser: each inspected, and what scripts add to them."""

from tests.browser.conftest import NewPerson, Served
from tests.browser.deliberating import a_member_signs_in_with_the_printed_code
from tests.browser.person import Person
from tests.browser.words import Words

TEXTS = (
    "Whoever sets hours listens first to those who keep them.",
    "Whoever sets hours first asks the children of those who keep them.",
)


def test_a_member_sees_words_change_while_typing_and_rivals_while_ticking(
    served: Served, someone: NewPerson
) -> None:
    process = served.deliberating
    member: Person = someone(served.instance, Words("en"))
    a_member_signs_in_with_the_printed_code(member, process.slug, process.codes[1])
    drafting = f"/processes/{process.slug}/drafting/time"
    keys = []
    for text in TEXTS:
        member.opens(f"{drafting}/clauses/t3/words")
        member.types(text_en=text)
        member.page.locator(".live-diff:visible ins").first.wait_for()
        member.presses("Keep this change")
        member.types(reason="Those who keep the hours know them.")
        member.presses("Propose the amendment")
        keys.append(member.page.url.rsplit("/", 1)[-1])
    member.opens(f"{drafting}/merge")
    first, second = (member.page.locator(f"#a-{key}") for key in keys)
    said = member.page.locator(f"#clash-{keys[1]}")
    first.check()
    said.get_by_text(f"Contradicts {keys[0]}").wait_for()
    second.check()
    member.page.locator(f"#clash-{keys[0]}").get_by_text(f"Contradicts {keys[1]}").wait_for()
    first.uncheck()
    said.wait_for(state="hidden")


def test_every_page_of_the_desk_can_be_read(served: Served, someone: NewPerson) -> None:
    process = served.deliberating
    member: Person = someone(served.instance, Words("fr"))
    a_member_signs_in_with_the_printed_code(member, process.slug, process.codes[2])
    drafting = f"/processes/{process.slug}/drafting/time"
    for edit in ("nature", "insert", "move", "split", "join", "strike"):
        member.opens(f"{drafting}/clauses/t3/{edit}")
    member.presses("Keep this change")
    for page in ("", "/clauses/t3", "/translations/en", "/preamble", "/booklet", "/merge"):
        member.opens(drafting + page)
    member.opens(f"/processes/{process.slug}/recommendations")
