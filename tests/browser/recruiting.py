"""Recruiting: quotas and volunteers from files, a registration, the signature, a rehearsal, the draw, the seats."""

import re
from pathlib import Path

from tests.browser.instance import Instance
from tests.browser.person import Person

AGES = ("16-29", "30-59", "60+")
CATEGORIES = """category,name,min,max
gender,women,3,3
gender,men,3,3
age,16-29,2,2
age,30-59,2,3
age,60+,1,3
"""
FAULTY_CATEGORIES = """category,name,min,max
gender,women,4,3
gender,,3,3
age,16-29,two,2
age,30-59,2,3
age,30-59,2,3
"""


def volunteers() -> str:
    """Sixty people, of whom one alone is under thirty."""
    rows = ["id,name,email,gender,age"]
    for number in range(1, 61):
        age = AGES[0] if number == 1 else AGES[1 + number % 2]
        gender = ("women", "men")[number // 2 % 2]
        rows.append(f"v{number},Volunteer {number},v{number}@example.org,{gender},{age}")
    return "\n".join(rows) + "\n"


FAULTY_VOLUNTEERS = "id,name,gender,age\nv1,A,women,16-29\nv1,B,men,30-59\nv3,C,robots,12\n"


def file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def problems(person: Person) -> list[str]:
    """Every sentence in the box that says what is wrong."""
    return person.page.locator(".errors li, .errors tbody tr").all_inner_texts()


def the_organiser_imports_quotas(organiser: Person, slug: str, folder: Path) -> None:
    organiser.opens(f"/processes/{slug}/quotas")
    organiser.follows("Import a file")
    organiser.sends_file(file(folder, "faulty.csv", FAULTY_CATEGORIES))
    organiser.presses("Read the file", status=422)
    assert len(problems(organiser)) == 4, problems(organiser)
    organiser.sends_file(file(folder, "categories.csv", CATEGORIES))
    organiser.presses("Read the file")
    organiser.reads("Preview")
    organiser.presses("Replace the quotas")
    organiser.reads("The quotas are recorded.")


def the_organiser_imports_volunteers(organiser: Person, slug: str, folder: Path) -> None:
    organiser.opens(f"/processes/{slug}/pool")
    organiser.follows("Import a file")
    organiser.sends_file(file(folder, "faulty.csv", FAULTY_VOLUNTEERS))
    organiser.presses("Read the file", status=422)
    assert len(problems(organiser)) == 3, problems(organiser)
    organiser.sends_file(file(folder, "respondents.csv", volunteers()))
    organiser.presses("Read the file")
    organiser.goes(organiser.page.locator("button.do"))
    assert "60" in organiser.page.locator("h1 + .lead").inner_text()


def the_organiser_repairs_a_quota_that_cannot_be_met(organiser: Person, slug: str) -> None:
    """The advice comes in its order: recruit more people first, lower the minimum last."""
    organiser.opens(f"/processes/{slug}/quotas?check=1")
    organiser.reads("No panel can be drawn with these quotas from these volunteers.")
    first = organiser.words("Call on this group again: the form to print")
    last = organiser.words("If nobody more can be found, lower the minimum.")
    assert 0 <= organiser.text.index(first) < organiser.text.index(last)
    organiser.goes(organiser.page.locator('button[value="minimum-2=1"]'))
    organiser.reads("The quotas are recorded.")
    assert (
        organiser.words("No panel can be drawn with these quotas from these volunteers.")
        not in organiser.text
    )


def a_volunteer_registers(volunteer: Person, slug: str, instance: Instance) -> None:
    """A young person comes after all: their receipt is on the page and in their mail."""
    volunteer.opens(f"/processes/{slug}")
    volunteer.opens(f"/processes/{slug}/panel")
    volunteer.follows("The same form on paper")
    volunteer.opens(f"/processes/{slug}/register")
    volunteer.types(name="Yaël Jeune")
    volunteer.chooses("answer_0", "women")
    volunteer.chooses("answer_1", "16-29")
    volunteer.field("consent").check()
    volunteer.presses("Register", status=422)
    assert problems(volunteer)
    volunteer.types(email="yael@example.org")
    volunteer.presses("Register")
    volunteer.reads("You are registered")
    number = volunteer.page.locator("dd code").first.inner_text()
    letter = instance.letter("yael@example.org", number)
    volunteer.follows("Open my own page")
    assert volunteer.page.url in letter.replace("\n", " ")
    assert number in volunteer.text


def the_guarantor_signs_the_pool(guarantor: Person, slug: str) -> None:
    guarantor.opens(f"/processes/{slug}/pool")
    assert "yael@example.org" not in guarantor.text
    guarantor.follows("Sign the pool as it is")
    guarantor.reads("What you put your name to")
    guarantor.presses("Sign the pool as it is")
    guarantor.reads("You have signed the pool as it is now; its control code is in the public journal.")


def the_organiser_rehearses_the_draw(organiser: Person, slug: str) -> None:
    organiser.opens(f"/processes/{slug}/draws")
    organiser.presses("Rehearsal, without value")
    the_list_is_sealed(organiser)
    the_panel_is_revealed(organiser, "07")
    organiser.reads("Nobody is seated by it, whatever it shows.")
    organiser.opens(f"/processes/{slug}/seats")
    organiser.reads("No seat yet")


def the_organiser_draws(organiser: Person, slug: str) -> None:
    organiser.opens(f"/processes/{slug}/draws")
    organiser.presses("Prepare the draw")
    the_list_is_sealed(organiser)
    the_panel_is_revealed(organiser, "42")


def the_list_is_sealed(organiser: Person) -> None:
    """The page of a draw shows its progress, and by itself the sealed list once it is there."""
    organiser.page.get_by_role("heading", name=organiser.words("The sealed list")).wait_for(timeout=60_000)
    organiser.opens(organiser.page.url)


def the_panel_is_revealed(organiser: Person, balls: str) -> None:
    organiser.follows("Open the page of the ceremony")
    organiser.follows("Type what was drawn")
    for place, digit in enumerate(balls):
        organiser.field("ball").nth(place).fill(digit)
    organiser.presses("Read it again")
    organiser.presses("Reveal the panel")
    organiser.reads("Panel number %(ticket)s was drawn.", ticket=int(balls))


def the_organiser_reads_what_waits_at_the_desk(organiser: Person, slug: str) -> None:
    """Whom to call, the letters to write, what was contested, and the draw that led here."""
    for page in ("seats/calls", "seats/letters", "contests", "draws", "draws/2"):
        organiser.opens(f"/processes/{slug}/{page}")


def the_organiser_seats_the_panel(organiser: Person, slug: str) -> list[str]:
    """Answers by telephone, then a printed letter for each; returns the codes on the letters."""
    organiser.opens(f"/processes/{slug}/seats")
    codes = []
    for number in range(1, 7):
        row = organiser.page.locator(f"#seat-{number}")
        organiser.goes(row.locator('button[value="accepted"]'))
        row = organiser.page.locator(f"#seat-{number}")
        organiser.presses("Confirm and print the code", within=row)
        found = re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b", organiser.text)
        assert found, organiser.text
        codes.append(found[0])
        organiser.opens(f"/processes/{slug}/seats")
    told = {"size": 6, "confirmed": 6, "accepted": 0, "offered": 0, "vacant": 0}
    organiser.reads(
        "%(size)s seats: %(confirmed)s confirmed, %(accepted)s accepted, "
        "%(offered)s waiting for an answer, %(vacant)s empty.",
        **told,
    )
    return codes
