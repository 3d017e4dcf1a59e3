"""The whole journey by hand: from an empty instance to a published charter that anyone can verify."""

from pathlib import Path

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.instance import Instance
from tests.browser.recruiting import (
    a_volunteer_registers,
    the_guarantor_signs_the_pool,
    the_organiser_draws,
    the_organiser_imports_quotas,
    the_organiser_imports_volunteers,
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


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_charter_goes_from_an_empty_instance_to_a_publication_that_anyone_verifies(
    instance: Instance, someone: NewPerson, language: str, scripts: bool, tmp_path: Path
) -> None:
    words = Words(language)
    link = instance.first_organiser("organiser@example.org", "Odile Orga")
    with instance.running():
        organiser = someone(instance, words, scripts)
        the_organiser_signs_in_by_the_printed_link(organiser, link)
        slug = the_organiser_creates_a_process_from_a_template(organiser)
        the_organiser_edits_the_remit(organiser, slug)
        the_organiser_edits_the_protocol(organiser)
        the_organiser_locks_the_protocol(organiser)
        the_organiser_appoints_the_team(organiser, slug)
        the_organiser_imports_quotas(organiser, slug, tmp_path)
        the_organiser_imports_volunteers(organiser, slug, tmp_path)
        the_organiser_repairs_a_quota_that_cannot_be_met(organiser, slug)
        a_volunteer_registers(someone(instance, words, scripts), slug, instance)
        guarantor = someone(instance, words, scripts)
        a_team_member_signs_in_by_mail(guarantor, instance, address_of("guarantor", slug))
        the_guarantor_signs_the_pool(guarantor, slug)
        the_organiser_rehearses_the_draw(organiser, slug)
        the_organiser_draws(organiser, slug)
        codes = the_organiser_seats_the_panel(organiser, slug)
        assert len(set(codes)) == 6
