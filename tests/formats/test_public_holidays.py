"""Public holidays by country and region."""

from __future__ import annotations

from datetime import date

import pytest

from afterword.formats.public_holidays import code, holidays_of


def test_observed_days_are_holidays() -> None:
    # The fourth of July 2026 is a Saturday.
    assert {date(2026, 7, 3), date(2026, 7, 4)} <= holidays_of("US", [2026])


def test_a_region_has_days_of_its_own() -> None:
    cesar_chavez = date(2026, 3, 31)
    assert cesar_chavez in holidays_of("US-CA", [2026])
    assert cesar_chavez not in holidays_of("US", [2026])


def test_a_country_has_the_days_that_most_of_its_regions_have() -> None:
    found = holidays_of("GB", [2026])
    assert date(2026, 4, 6) in found, "Easter Monday: in England, Wales and Northern Ireland"
    assert date(2026, 1, 2) not in found, "2 January: in Scotland alone"


def test_no_code_means_no_holidays() -> None:
    assert holidays_of(None, [2026]) == frozenset()


@pytest.mark.parametrize("unknown", ["", "us", "XX", "US-", "US-ZZ", "GB-ENG-1", "-"])
def test_unknown_codes_are_refused(unknown: str) -> None:
    with pytest.raises(ValueError, match=r"US-CA|region"):
        code(unknown)
