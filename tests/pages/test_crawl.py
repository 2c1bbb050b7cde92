"""No dead end: whoever follows the links of the first page comes to pages that open and are sound."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.crawler import Crawl
from tests.reporting.begun import Begun


def few(address: str) -> bool:
    """Not the registers and forms, which are many, nor lists in other orders: those the proof of all roles walks."""
    return not any(part in address for part in ("/registers/", "/new/", "-", "/edit/", "/reports/", "?"))


@pytest.mark.parametrize(("who", "least"), [("ana", 8), ("bo", 8), ("uma", 3)])
def test_no_link_leads_nowhere(reader: Callable[..., Client], begun: Begun, db: None, who: str, least: int) -> None:
    found = Crawl(reader(begun.people()[who]), within=few).walk("/en/")
    assert found.faults == {} and len(found.pages) >= least, sorted(found.pages)
