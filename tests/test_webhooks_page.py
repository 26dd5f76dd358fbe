"""What the page for receivers says of headers, keys, types, answers, states and figures is what the code does."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from pydantic_core import to_json

from afterword.api.webhook_endpoints import NewSecret, NewWebhookEndpoint
from afterword.delivery import retry
from afterword.delivery.transport import DEADLINE_SECONDS, LARGEST_ANSWER_BYTES
from afterword.formats import standard_webhook
from afterword.formats.answer_models import Event, EventData
from afterword.formats.webhook_event import EVENT_TYPES, body_of
from afterword.services import endpoint_health, events, replays, retention, webhook_headers, webhook_secrets
from afterword.services import webhook_endpoints as endpoints
from afterword.services.event_samples import examples
from afterword.services.results import GONE
from afterword.storage import destinations
from afterword.storage.delivery_tables import DELIVERY_STATES
from support.webhooks_page import PAGE, example, named, table

TEXT = " ".join(PAGE.split())
UNITS = {"s": "seconds", "min": "minutes", "h": "hours"}
DEADLINE, DAYS_KEPT = f"{DEADLINE_SECONDS:.0f}", retention.KEPT_FOR.days
OVERLAP_HOURS = NewSecret.model_fields["overlap_hours"].default
FIGURES = [
    f"You have {DEADLINE} seconds",
    f"2xx within {DEADLINE} seconds",
    f"its first {LARGEST_ANSWER_BYTES // 1024} kB are kept",
    f"puts the next attempt off, up to {retry.LONGEST_WAIT_ASKED_FOR // timedelta(hours=1)} hours",
    f"Never more than {destinations.MOST_IN_FLIGHT} requests are on their way",
    f"failed for {endpoint_health.GIVEN_UP_AFTER.days} days without a single success",
    f"{endpoint_health.MOST_EXHAUSTED_IN_A_ROW} events in a row",
    f"every other after {events.LIFE_WITHOUT_EXPIRY.days} days",
    f"Up to {webhook_headers.MOST_HEADERS}, none of the connection's own",
    f"base64 of {standard_webhook.FEWEST_SECRET_BYTES} to {standard_webhook.MOST_SECRET_BYTES} bytes",
    f"An account may have {endpoints.MOST_ENDPOINTS} endpoints",
    f"with the reason and every attempt, for {DAYS_KEPT} days",
    f"that you have worked on **for {(retention.KEPT_FOR + replays.LIFE).days} days**",
    f"Events are kept for {DAYS_KEPT} days",
    f"`since` goes back {DAYS_KEPT} days at most",
    f"(0 to {webhook_secrets.LONGEST_OVERLAP // timedelta(hours=1)}, {OVERLAP_HOURS} if left out)",
]


def first_column(rows: list[list[str]]) -> list[str]:
    return [name for row in rows for name in named(row[0])]


def shape(value: Any) -> Any:
    """The keys of a document, however deep, and of a list those of its items."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    return [shape(each) for each in value[:1]] if isinstance(value, list) else None


def pause(text: str) -> timedelta:
    number, unit = text.split()
    return timedelta(**{UNITS[unit]: int(number)})


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_is_the_codes_own(figure: str) -> None:
    assert figure in TEXT


def test_every_field_of_a_subscription_is_told() -> None:
    assert set(first_column(table("field"))) == NewWebhookEndpoint.model_fields.keys()


def test_every_type_is_told_in_order_with_what_it_tells_of() -> None:
    rows = table("type")
    assert first_column(rows) == list(EVENT_TYPES)
    for name, _, parts in rows:
        data = examples()[named(name)[0]]["data"]
        told = {part for part, value in data.items() if isinstance(value, dict)}
        assert set(named(parts)) == told, name


def test_every_key_of_the_data_is_told() -> None:
    assert first_column(table("key of `data`")) == list(EventData.model_fields)


def test_the_example_of_an_event_has_the_shape_of_one() -> None:
    shown = json.loads(example("json", "event"))
    jsonschema.validate(shown, Event.model_json_schema(mode="serialization"))
    sample = shape(examples()[shown["type"]])
    sample["data"]["links"] = {"app": None}
    assert shape(shown) == sample


def test_an_event_is_of_a_few_kilobytes() -> None:
    sizes = [len(body_of(to_json(each).decode(), None)) for each in examples().values()]
    assert max(sizes) < 5_000


def test_the_pauses_are_those_of_the_retries() -> None:
    rows = table("attempt")
    assert [int(number) for number, _ in rows] == list(range(1, retry.MOST_ATTEMPTS + 1))
    assert [pause(text) for _, text in rows[1:]] == list(retry.PAUSES)
    assert timedelta(days=3) < sum(retry.PAUSES, timedelta()) < timedelta(days=4)


def test_what_makes_us_careful_and_what_ends_a_subscription_is_told() -> None:
    answers = [row[0] for row in table("you answer")]
    assert str(GONE) in answers
    careful = next(answer for answer in answers if "429" in answer)
    assert set(re.findall(r"\d{3}", careful)) == {str(status) for status in endpoint_health.OVERBURDENED}
    assert "for a minute" in PAGE
    assert timedelta(minutes=1) == endpoint_health.CAREFUL_FOR


def test_the_drawing_has_every_state_of_a_delivery_and_no_other() -> None:
    drawn = re.findall(r"^    (\S+) --> (\w+):", example("mermaid", ""), re.MULTILINE)
    assert {state for pair in drawn for state in pair} - {"[*]"} == set(DELIVERY_STATES)


def test_the_states_that_a_filter_takes_are_told() -> None:
    [cell] = [row[1] for row in table("field") if "action_states" in row[0]]
    wanted = NewWebhookEndpoint.model_json_schema()["properties"]["action_states"]["anyOf"][0]["items"]["enum"]
    assert named(cell) == wanted
