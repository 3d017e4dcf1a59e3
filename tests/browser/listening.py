"""The open phase: questions, its opening, answers by people without an account, moderation, the dossier."""

from tests.browser.instance import wait_for
from tests.browser.person import Person


def the_organiser_takes_the_questions_that_ship(organiser: Person, slug: str) -> None:
    """Those of SPIRAL and of CO-ACTE, and one of their own."""
    organiser.opens(f"/processes/{slug}/set-up/questions")
    boxes = organiser.field("template")
    taken = [boxes.nth(number).get_attribute("value") for number in range(boxes.count())]
    assert len(taken) >= 4, taken
    for number in range(boxes.count()):
        boxes.nth(number).check()
    organiser.presses("Add the ticked questions")
    organiser.types(
        key="place", text_fr="Que manque-t-il sur la place ?", text_en="What is missing on the square?"
    )
    organiser.presses("Record the question")


def the_organiser_opens_the_next_phase(organiser: Person, slug: str) -> None:
    organiser.opens(f"/processes/{slug}/phases")
    organiser.follows("Open it now")
    organiser.presses("Open the phase now")
    organiser.reads("The phase is open.")


def the_organiser_closes_the_phase(organiser: Person, slug: str) -> None:
    organiser.opens(f"/processes/{slug}/phases")
    organiser.follows("Close it now")
    organiser.presses("Close the phase now")
    organiser.reads("The phase is closed.")


def a_program_is_kept_out(program: Person, slug: str) -> None:
    """It fills in the field that people do not see; nothing is recorded."""
    program.opens(f"/processes/{slug}/questions/place")
    program.types(text="Buy cheap things")
    program.field("website").fill("https://spam.example", force=True)
    program.presses("Send my answer", status=422)


def a_visitor_answers(visitor: Person, slug: str, answer: str) -> str:
    """Without an account; returns the address of the receipt."""
    visitor.opens(f"/processes/{slug}")
    visitor.follows("Answer the open questions")
    visitor.goes(visitor.page.locator("ol.list h2 a").last)
    visitor.types(text=answer)
    return sends_it_no_faster_than_people_write(visitor)


def sends_it_no_faster_than_people_write(visitor: Person) -> str:
    """What comes back within three seconds is refused, with what was typed kept: it is sent again."""

    def sent() -> str | None:
        visitor.presses("Send my answer", status=None)
        return visitor.page.url if "/receipts/" in visitor.page.url else None

    receipt = wait_for(sent)
    visitor.reads("Thank you. Your answer was received. Keep this page’s address: it is your receipt.")
    return receipt


def a_visitor_corrects_their_words(visitor: Person, receipt: str, answer: str) -> None:
    visitor.opens(receipt)
    visitor.page.locator("summary").get_by_text(visitor.words("Correct my words")).click()
    visitor.types(text=answer)
    visitor.presses("Replace my words")
    assert answer in visitor.text


def the_moderator_publishes(moderator: Person, slug: str, answers: int) -> None:
    moderator.opens(f"/processes/{slug}/moderation")
    moderator.presses("Publish the ticked ones", status=422)
    boxes = moderator.field("thing")
    assert boxes.count() == answers
    for number in range(answers):
        boxes.nth(number).check()
    moderator.presses("Publish the ticked ones")
    moderator.reads("Your decision is recorded, and stands in the public log.")


def the_organiser_settles_the_dossier(organiser: Person, slug: str, answer: str) -> None:
    organiser.opens(f"/processes/{slug}/dossiers/1/settle")
    organiser.field("paper_typed").check()
    organiser.presses("Settle the dossier")
    organiser.reads("The dossier is settled and its code is published.")
    assert answer in organiser.text
