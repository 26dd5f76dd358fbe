"""Figures as Prometheus reads them.

The registry of the client library, which is one for the process, has no part in it: the figures are those of the
database, whichever process tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.core import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sample:
    """One number, told apart from others of its family by labels."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """Numbers of one name; that of a counter is told with `_total` behind it."""

    name: str
    says: str
    samples: Sequence[Sample]
    is_counter: bool = False


def text_of(families: Iterable[Family]) -> bytes:
    """The text that is scraped."""
    # Takes 15 MB, most of it for parts that are not used here: a server that nobody scrapes does not pay for it.
    from prometheus_client.exposition import generate_latest

    return generate_latest(_Collected(families))


class _Collected:
    def __init__(self, families: Iterable[Family]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        for family in self._families:
            kind = CounterMetricFamily if family.is_counter else GaugeMetricFamily
            labels = sorted({label for sample in family.samples for label in sample.labels})
            made = kind(family.name, family.says, labels=labels)
            for sample in family.samples:
                made.add_metric([sample.labels[label] for label in labels], sample.value)
            yield made
