"""The report's page tells the office how many remarks still lack a wording."""

import pytest

from portfolio.translations import commands as translations
from reporting.reports import commands
from tests.pages.reading import markup
from tests.reporting import factories

pytestmark = pytest.mark.django_db

SAID = {
    "fi": "1 merkinnältä puuttuu sanamuoto ruotsiksi",
    "sv": "1 anteckning saknar lydelse på svenska",
    "en": "1 remark has no wording in Swedish",
}

GIVEN = {
    "fi": "1 on sittemmin annettu; se tulee mukaan, kun tiedot kootaan uudelleen.",
    "sv": "1 har getts sedan dess; den kommer med när uppgifterna samlas in på nytt.",
    "en": "1 has been given one since; it comes in when the facts are taken again.",
}


@pytest.mark.parametrize("language", SAID)
def test_the_page_of_a_draft_counts_the_remarks_without_a_wording(reader, sirpa, draft, language):
    page = markup(reader(sirpa, language).get(f"/reports/{draft.pk}/"))
    assert SAID[language] in page
    assert all(words not in page for other, words in SAID.items() if other != language)


def test_nothing_is_said_to_wait_where_nothing_was_given(reader, sirpa, draft):
    page = markup(reader(sirpa).get(f"/reports/{draft.pk}/"))
    assert SAID["en"] in page and "given one since" not in page


def test_the_auditor_is_not_asked_to_translate(reader, setup_people, draft):
    assert SAID["en"] not in markup(reader(setup_people["aud"]).get(f"/reports/{draft.pk}/"))


def test_a_draft_is_counted_at_its_cut_until_its_facts_are_taken_again(reader, sirpa, draft):
    translations.translate_remark(source="Työ valmistui.", wording_sv="Arbetet blev klart.", by=sirpa)
    for language, given in GIVEN.items():
        page = markup(reader(sirpa, language).get(f"/reports/{draft.pk}/"))
        assert SAID[language] in page and given in page, "what waits for the next taking is said to wait"
    draft = factories.rendered(factories.freeze(commands.retake_report(draft, because="Käännös.", by=sirpa)))
    assert SAID["en"] not in markup(reader(sirpa).get(f"/reports/{draft.pk}/"))
