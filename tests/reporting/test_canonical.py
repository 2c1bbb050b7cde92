"""Equal facts have one spelling, and a spelling has one meaning."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.facts import ReportFacts, Text, canonical
from tests.reporting import renditions

figures = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4)


@given(figures)
def test_a_figure_survives_its_spelling(value):
    spelt = canonical.encode(value)
    assert Decimal(spelt) == value
    assert "e" not in spelt.lower()


@given(figures, st.integers(min_value=0, max_value=6))
def test_equal_figures_are_spelt_alike(value, zeros):
    longer = Decimal(f"{value:f}" + ("." if "." not in f"{value:f}" else "") + "0" * zeros)
    assert canonical.encode(longer) == canonical.encode(value)


@given(st.text())
def test_text_is_composed(text):
    assert canonical.dumps(unicodedata.normalize("NFD", text)) == canonical.dumps(text)


@given(st.datetimes(), st.integers(min_value=-12, max_value=12))
def test_an_instant_is_the_same_in_every_zone(at, hours):
    here = at.replace(tzinfo=UTC)
    there = here.astimezone(timezone(timedelta(hours=hours))) if 2 < at.year < 9998 else here
    assert canonical.encode(there) == canonical.encode(here)


def test_an_instant_without_zone_and_a_float_are_refused():
    for value in (datetime(2023, 1, 1), 1.5):  # noqa: DTZ001
        with pytest.raises((ValueError, TypeError)):
            canonical.encode(value)
    with pytest.raises(ValueError):
        canonical.encode(Decimal("NaN"))


def test_a_snapshot_survives_its_spelling():
    facts = renditions.now()
    again = ReportFacts.from_json(json.loads(canonical.dumps(facts)))
    assert again == facts
    assert again.sha256 == facts.sha256


plain_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(plain_json)
def test_the_spelling_is_that_of_every_snapshot_so_far(value):
    told = canonical.encode(value)
    assert (
        canonical.spelled(told) == json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    )


@pytest.mark.parametrize("read", ['"\\ud800"', "1" + "0" * 400])
def test_what_no_spelling_gives_is_malformed(read):
    with pytest.raises(canonical.Malformed):
        canonical.spelled(json.loads(read))


def test_the_order_of_keys_does_not_matter():
    plain = json.loads(canonical.dumps(renditions.now()))
    backwards = {key: plain[key] for key in reversed(plain)}
    assert canonical.dumps(backwards) == canonical.dumps(plain)


def test_one_changed_letter_changes_the_checksum():
    facts = renditions.now()
    other = replace(facts, city=replace(facts.city, name=Text(fi="Koivulahden kaupunkj")))
    assert other.sha256 != facts.sha256


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda plain: plain.update(extra=1), r"\$: unknown extra"),
        (lambda plain: plain.pop("cut"), r"\$: .*cut"),
        (lambda plain: plain["document"].update(status_date="31.12.2023"), r"\$\.document\.status_date"),
        (lambda plain: plain["programmes"][1].update(phase="sleeping"), r"\$\.programmes\[1\]\.phase"),
        (lambda plain: plain["cut"].update(seq="12"), r"\$\.cut\.seq"),
        (lambda plain: plain["cut"].update(seq=True), r"\$\.cut\.seq"),
        (lambda plain: plain.update(schema=99), r"\$\.schema"),
        (
            lambda plain: plain["programmes"][0]["money"][0].update(used="much"),
            r"\$\.programmes\[0\]\.money\[0\]\.used",
        ),
    ],
)
def test_a_malformed_snapshot_is_refused_with_its_place(spoil, place):
    plain = json.loads(canonical.dumps(renditions.now()))
    spoil(plain)
    with pytest.raises(canonical.Malformed, match=place):
        ReportFacts.from_json(plain)
