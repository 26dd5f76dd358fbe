"""Public holidays of a country ("US") or of one of its regions ("US-CA"), observed days included.

A country without a region has the days that are holidays in more than half of its regions, as the package `holidays`
lists them: Easter Monday in GB.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

FIRST_YEAR, LAST_YEAR = 1999, 2102
#: How many years of how many countries one document may ask for: each is reckoned region by region.
MOST_COUNTRY_YEARS = 400


def code(value: str) -> str:
    """The code itself, when its holidays are known."""
    country, _, region = value.partition("-")
    regions = _regions().get(country)
    if regions is None:
        raise ValueError("is not a country whose holidays are known; write an ISO 3166 code like US or US-CA")
    if "-" in value and region not in regions:
        known = ", ".join(regions[:60]) or "none"
        raise ValueError(f"names a region that {country} does not have; leave the region out or choose of: {known}")
    return value


def country_years(codes: Iterable[str | None], years: Iterable[int]) -> int:
    """How many years of countries the given codes and years come to."""
    return len(set(codes) - {None}) * len(_near(years))


def _near(years: Iterable[int]) -> set[int]:
    return {near for year in years for near in range(year - 1, year + 3) if FIRST_YEAR <= near <= LAST_YEAR}


def holidays_of(code: str | None, years: Iterable[int]) -> frozenset[date]:
    """The holidays of an accepted code in the given years and what windows opened in them can reach."""
    if code is None:
        return frozenset()
    return frozenset().union(*(_of_year(code, year) for year in sorted(_near(years))))


@lru_cache(maxsize=8192)
def _of_year(code: str, year: int) -> frozenset[date]:
    country, _, region = code.partition("-")
    regions = _regions()[country]
    if region or not regions:
        return _listed(country, region or None, year)
    counted = Counter(day for each in regions for day in _listed(country, each, year))
    return frozenset(day for day, times in counted.items() if times * 2 > len(regions))


def _listed(country: str, region: str | None, year: int) -> frozenset[date]:
    # The package is imported on first need: it costs 10 MB and most accounts and most starts never ask.
    from holidays import PUBLIC, country_holidays

    listed = country_holidays(country, subdiv=region, years=year, observed=True, categories=(PUBLIC,))
    return frozenset(listed)


@lru_cache(maxsize=1)
def _regions() -> dict[str, list[str]]:
    from holidays import list_supported_countries

    return {country: list(regions) for country, regions in list_supported_countries(include_aliases=False).items()}


HolidayCode = Annotated[
    str, AfterValidator(code), WithJsonSchema({"type": "string", "maxLength": 12, "examples": ["US", "US-CA"]})
]
