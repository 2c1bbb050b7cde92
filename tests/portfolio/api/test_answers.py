"""What the API answers where the database is in trouble, and a page of many changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from portfolio.api.errors import refused
from projects.register import commands
from tests import story
from tests.projects import factories as projects


@pytest.mark.parametrize(
    ("state", "code"),
    [("55P03", "busy.retry"), ("57014", "busy.retry"), ("40001", "busy.retry"), ("53100", "database.away")],
)
def test_who_waits_for_another_is_told_so_and_who_meets_a_full_disk_is_not(
    setup_people: story.People, state: str, code: str
) -> None:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{state}'; END $$")
    answer = refused(error.value)
    assert answer and (answer.code, answer.status) == (code, 503)


def test_a_page_of_changes_reads_its_own_states_and_the_one_before_them(api: Any, setup_people: story.People) -> None:
    ana = setup_people["ana"]
    project = projects.project()
    for number in range(5):
        commands.edit_project(project, name_fi=f"Nimi {number}", by=ana)
    client, path = api(ana), f"projects/{project.pk}/history/"
    whole = client.get(path).json()
    assert whole["count"] == 6
    pages = [client.get(f"{path}?page_size=2&page={number}").json() for number in (1, 2, 3, 4)]
    assert [each["count"] for each in pages] == [6] * 4
    assert [told for each in pages for told in each["results"]] == whole["results"]
    assert whole["results"][0]["changes"] == {"name_fi": ["Nimi 3", "Nimi 4"]}
    earlier = whole["results"][2]["seq"]
    known = client.get(f"{path}?as_of=seq:{earlier}&page_size=2").json()
    assert known["count"] == 4 and known["results"] == whole["results"][2:4]
    assert client.get(f"{path}?as_of=seq:1").status_code == 404
