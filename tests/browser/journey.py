"""The whole journey by hand: from an empty instance to a published charter that anyone can verify."""

from pathlib import Path

from tests.browser.conftest import NewPerson
from tests.browser.deliberating import (
    a_member_proposes,
    a_member_signs_in_with_the_printed_code,
    a_member_supports,
    a_member_votes,
    the_facilitator_closes_the_ballot,
    the_facilitator_makes_tables,
    the_facilitator_opens_a_session,
    the_facilitator_puts_it_to_the_vote,
    the_facilitator_puts_the_conflict_to_the_vote,
    the_facilitator_puts_the_version_to_the_vote,
    the_facilitator_types_in_votes,
    the_organiser_publishes_the_version,
    the_rapporteur_adopts_the_version,
    the_rapporteur_begins_a_charter_from_a_template,
)
from tests.browser.instance import Instance
from tests.browser.listening import (
    a_program_is_kept_out,
    a_visitor_answers,
    a_visitor_corrects_their_words,
    the_moderator_publishes,
    the_organiser_closes_the_phase,
    the_organiser_opens_the_next_phase,
    the_organiser_settles_the_dossier,
    the_organiser_takes_the_questions_that_ship,
)
from tests.browser.observing import (
    an_observer_compares_two_versions,
    an_observer_downloads,
    an_observer_follows_a_passage,
    an_observer_reads_every_public_page,
    an_observer_reads_the_charter,
    an_observer_verifies_the_bundle,
    the_organiser_publishes_the_bundle,
)
from tests.browser.person import Person
from tests.browser.recruiting import (
    a_volunteer_registers,
    the_guarantor_signs_the_pool,
    the_organiser_draws,
    the_organiser_imports_quotas,
    the_organiser_imports_volunteers,
    the_organiser_reads_what_waits_at_the_desk,
    the_organiser_rehearses_the_draw,
    the_organiser_repairs_a_quota_that_cannot_be_met,
    the_organiser_seats_the_panel,
)
from tests.browser.setting_up import (
    a_team_member_signs_in_by_mail,
    address_of,
    the_organiser_appoints_the_team,
    the_organiser_creates_a_process_from_a_template,
    the_organiser_edits_the_protocol,
    the_organiser_edits_the_remit,
    the_organiser_locks_the_protocol,
    the_organiser_signs_in_by_the_printed_link,
)
from tests.browser.words import Words


def walk(instance: Instance, someone: NewPerson, language: str, scripts: bool, folder: Path) -> None:
    """Everyone's steps in their order, in one language, with or without scripts; `folder` takes the files they make."""
    words = Words(language)
    link = instance.first_organiser("organiser@example.org", "Odile Orga")

    def visitor() -> Person:
        return someone(instance, words, scripts)

    def team(role: str) -> Person:
        member = visitor()
        a_team_member_signs_in_by_mail(member, instance, address_of(role, slug))
        return member

    with instance.running():
        organiser = visitor()
        the_organiser_signs_in_by_the_printed_link(organiser, link)
        slug = the_organiser_creates_a_process_from_a_template(organiser)
        the_organiser_edits_the_remit(organiser, slug)
        the_organiser_edits_the_protocol(organiser)
        the_organiser_locks_the_protocol(organiser)
        the_organiser_appoints_the_team(organiser, slug)
        the_organiser_takes_the_questions_that_ship(organiser, slug)

        the_organiser_imports_quotas(organiser, slug, folder)
        the_organiser_imports_volunteers(organiser, slug, folder)
        the_organiser_repairs_a_quota_that_cannot_be_met(organiser, slug)
        a_volunteer_registers(visitor(), slug, instance)
        the_guarantor_signs_the_pool(team("guarantor"), slug)
        the_organiser_rehearses_the_draw(organiser, slug)
        the_organiser_draws(organiser, slug)
        the_organiser_reads_what_waits_at_the_desk(organiser, slug)
        codes = the_organiser_seats_the_panel(organiser, slug)

        the_organiser_opens_the_next_phase(organiser, slug)
        a_program_is_kept_out(visitor(), slug)
        writer = visitor()
        first = words.either(
            "Un banc à l’ombre, près de la fontaine.", "A bench in the shade, by the fountain."
        )
        receipt = a_visitor_answers(writer, slug, words.either("Un banc.", "A bench."))
        a_visitor_corrects_their_words(writer, receipt, first)
        a_visitor_answers(visitor(), slug, words.either("Du temps pour s’y asseoir.", "Time to sit there."))
        the_moderator_publishes(team("moderator"), slug, answers=2)
        the_organiser_closes_the_phase(organiser, slug)
        the_organiser_settles_the_dossier(organiser, slug, first)

        the_organiser_opens_the_next_phase(organiser, slug)
        rapporteur, facilitator = team("rapporteur"), team("facilitator")
        the_rapporteur_begins_a_charter_from_a_template(rapporteur, slug)
        the_organiser_publishes_the_version(organiser, slug, 1)
        members = [visitor() for _ in codes]
        for member, code in zip(members, codes, strict=True):
            a_member_signs_in_with_the_printed_code(member, slug, code)
        the_facilitator_opens_a_session(facilitator, slug, people=6)
        the_facilitator_makes_tables(facilitator, slug)

        reason = words.either("Le temps de repos se partage.", "Rest is shared.")
        proposals = {
            "t1": words.either(
                "Chacun a droit à un soir libre par semaine.",
                "Everyone has a right to one free evening a week.",
            ),
            "t2": words.either(
                "Prendre soin est un travail utile à tous.", "Caring is work that is useful to all."
            ),
        }
        other = words.either(
            "Chacun a droit à un dimanche libre par mois.", "Everyone has a right to one free Sunday a month."
        )
        kept = a_member_proposes(members[0], slug, "t1", proposals["t1"], reason)
        rival = a_member_proposes(members[1], slug, "t1", other, reason)
        plain = a_member_proposes(members[2], slug, "t2", proposals["t2"], reason)
        a_member_supports(members[3], slug, kept)
        ballot = the_facilitator_puts_it_to_the_vote(facilitator, slug, kept)
        for member in members:
            a_member_votes(member, slug, "yes")
        the_facilitator_closes_the_ballot(facilitator, ballot)
        for key in (rival, plain):
            ballot = the_facilitator_puts_it_to_the_vote(facilitator, slug, key)
            the_facilitator_types_in_votes(facilitator, ballot, "yes")
            the_facilitator_closes_the_ballot(facilitator, ballot)
        ballot = the_facilitator_puts_the_conflict_to_the_vote(facilitator, slug)
        for member in members[:5]:
            a_member_votes(member, slug, kept)
        the_facilitator_closes_the_ballot(facilitator, ballot)
        ballot = the_facilitator_puts_the_version_to_the_vote(facilitator, slug, 2)
        the_facilitator_types_in_votes(facilitator, ballot, "yes")
        the_facilitator_closes_the_ballot(facilitator, ballot)
        the_rapporteur_adopts_the_version(rapporteur, slug, 2)
        the_organiser_publishes_the_version(organiser, slug, 2)
        the_organiser_publishes_the_bundle(organiser, slug, instance.folder / "bundles" / slug)

        observer = visitor()
        an_observer_reads_the_charter(observer, slug, proposals["t1"])
        an_observer_compares_two_versions(observer, slug, words.either("soir", "evening"))
        an_observer_follows_a_passage(observer, slug, "t1", reason)
        an_observer_downloads(observer, slug)
        an_observer_reads_every_public_page(observer, slug)
        an_observer_verifies_the_bundle(observer, instance, slug)
