"""What an endpoint cannot be made or changed to, named by its field and with the way out."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import httpx
import pytest

from afterword import clock
from afterword.services import retention
from support.problems import refused_fields
from support.requests import AN_INTERVIEW, post

PUBLIC = "https://1.1.1.1/hook"


def secret(count: int) -> str:
    return "whsec_" + base64.b64encode(bytes(range(count))).decode()


@pytest.fixture
def endpoint(client: httpx.Client) -> dict[str, Any]:
    return post(client, "/webhook-endpoints", {"url": PUBLIC})


def refused_both_ways(client: httpx.Client, endpoint: dict[str, Any], body: dict[str, Any]) -> dict[str, str]:
    """What POST and PATCH alike say of a field; neither may have changed anything."""
    made = refused_fields(client.post("/webhook-endpoints", json={"url": PUBLIC, **body}))
    changed = refused_fields(client.patch(f"/webhook-endpoints/{endpoint['id']}", json=body))
    assert made == changed
    [only] = client.get("/webhook-endpoints").json()["items"]
    assert only["updated_at"] == endpoint["updated_at"]
    return made


@pytest.mark.parametrize(
    "name",
    [
        "Accept", "Accept-Encoding", "Connection", "Content-Encoding", "Content-Length", "Content-Range",
        "Content-Type", "Expect", "Host", "HTTP2-Settings", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
        "Proxy-Connection", "Proxy-Anything", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
        "hOST", "transfer-encoding",
    ],
)  # fmt: skip
def test_headers_of_the_connection_are_not_an_endpoints_own(
    client: httpx.Client, endpoint: dict[str, Any], name: str
) -> None:
    told = refused_both_ways(client, endpoint, {"headers": {name: "1"}})
    assert list(told) == [f"headers.{name}"]
    assert told[f"headers.{name}"].endswith("leave it out")


@pytest.mark.parametrize("name", ["webhook-id", "Webhook-Signature", "WEBHOOK-TIMESTAMP", "webhook-"])
def test_nor_are_those_of_the_signature(client: httpx.Client, endpoint: dict[str, Any], name: str) -> None:
    told = refused_both_ways(client, endpoint, {"headers": {name: "1"}})
    assert told[f"headers.{name}"].endswith("choose another name")


@pytest.mark.parametrize(
    "name",
    ["", " ", "X Y", "X:Y", "X\r\nY", "X\nHost", "X\x00Y", "X\tY", "\u00dcber", "X(1)", "[X]", 'X"', "a" * 101, "X/Y"],
)
def test_a_name_that_is_none_is_refused(client: httpx.Client, endpoint: dict[str, Any], name: str) -> None:
    told = refused_both_ways(client, endpoint, {"headers": {name: "1"}})
    assert list(told) == [f"headers.{name}"]
    assert "use at most 100 letters, digits and -" in told[f"headers.{name}"]


@pytest.mark.parametrize(
    "value",
    [
        "1\r\nHost: x", "1\n2", "1\r2", "\n", "1\x002", "\x7f", "\x1b[31m", "caf\u00e9", "\u0100", "\u2028", " padded",
        "padded ", "\ttab", "a" * 2001,
    ],
)  # fmt: skip
def test_a_value_that_would_change_the_request_is_refused(
    client: httpx.Client, endpoint: dict[str, Any], value: str
) -> None:
    told = refused_both_ways(client, endpoint, {"headers": {"X-Token": value}})
    assert "use at most 2000 characters of plain ASCII in one line" in told["headers.X-Token"]
    assert value not in told["headers.X-Token"], "it may be a secret"


@pytest.mark.parametrize(
    ("headers", "path", "said"),
    [
        ({f"X-{number}": "1" for number in range(21)}, "headers", "at most 20"),
        ({"X-A": "1", "x-a": "2"}, "headers", "names a header twice"),
        ({"X-A": 1}, "headers.X-A", "must be text"),
        ({"X-A": None}, "headers.X-A", "must be text"),
        ({"X-A": ["1"]}, "headers.X-A", "must be text"),
        ([["X-A", "1"]], "headers", "must be an object"),
        ("X-A: 1", "headers", "must be an object"),
    ],
)
def test_headers_have_a_shape(
    client: httpx.Client, endpoint: dict[str, Any], headers: object, path: str, said: str
) -> None:
    told = refused_both_ways(client, endpoint, {"headers": headers})
    assert list(told) == [path]
    assert said in told[path]


def test_as_many_headers_as_may_be_are_taken(client: httpx.Client, endpoint: dict[str, Any]) -> None:
    headers = {"X-" + "a" * 98: "v" * 2000, **{f"X-{number}": "\x21 \t~" for number in range(18)}, "X-Empty": ""}
    made = post(client, "/webhook-endpoints", {"url": PUBLIC, "headers": headers})
    assert made["header_names"] == sorted(headers)
    changed = client.patch(f"/webhook-endpoints/{endpoint['id']}", json={"headers": headers})
    assert changed.json()["header_names"] == sorted(headers)


@pytest.mark.parametrize(
    ("body", "path", "said"),
    [
        ({"event_types": ["no.such"]}, "event_types.0", "'interview.created'"),
        ({"event_types": ["action.opened", "Action.Opened"]}, "event_types.1", "must be one of"),
        ({"event_types": ["action.*"]}, "event_types.0", "must be one of"),
        ({"event_types": []}, "event_types", "must not be empty"),
        ({"event_types": ["action.opened"] * 51}, "event_types", "at most 50"),
        ({"event_types": "action.opened"}, "event_types", "must be a list"),
        ({"action_states": ["late"]}, "action_states.0", "'overdue'"),
        ({"opportunity_ids": []}, "opportunity_ids", "must not be empty"),
        ({"opportunity_ids": ["opp_x"] * 101}, "opportunity_ids", "at most 100"),
        ({"paused": "yes"}, "paused", "must be true or false"),
        ({"url": "x" * 2001}, "url", "at most 2000"),
        ({"url": ""}, "url", "must not be empty"),
        ({"url": ["https://1.1.1.1/"]}, "url", "must be text"),
        ({"colour": "red"}, "colour", "remove it"),
    ],
)
def test_whatever_else_is_wrong_is_named(
    client: httpx.Client, endpoint: dict[str, Any], body: dict[str, Any], path: str, said: str
) -> None:
    told = refused_both_ways(client, endpoint, body)
    assert list(told) == [path]
    assert said in told[path]


@pytest.mark.parametrize(
    "given",
    [
        "", "whsec_", "whsec_!!!!", "too short", secret(32).removeprefix("whsec_"), "WHSEC_" + secret(32)[6:],
        secret(23), secret(65), secret(16), secret(32)[:-1], secret(32) + "\n", " " + secret(32),
        "whsec_" + "\u00e9" * 44, "whsk_" + secret(32)[6:], "whsec_" + "-_" * 22, secret(64) * 3,
    ],
)  # fmt: skip
def test_a_secret_is_24_to_64_bytes(client: httpx.Client, endpoint: dict[str, Any], given: str) -> None:
    told = refused_fields(client.post("/webhook-endpoints", json={"url": PUBLIC, "secret": given}))
    path = f"/webhook-endpoints/{endpoint['id']}"
    assert refused_fields(client.post(f"{path}/rotate-secret", json={"secret": given})) == told
    assert list(told) == ["secret"]
    assert len(given) < 10 or given not in told["secret"], "it may be good elsewhere"
    assert len(client.get("/webhook-endpoints").json()["items"]) == 1
    assert client.get(path).json()["secrets"] == 1


@pytest.mark.parametrize("count", [24, 25, 32, 63, 64])
def test_a_secret_of_a_sound_length_is_taken(client: httpx.Client, endpoint: dict[str, Any], count: int) -> None:
    assert post(client, "/webhook-endpoints", {"url": PUBLIC, "secret": secret(count)})["secret"] == secret(count)
    path = f"/webhook-endpoints/{endpoint['id']}/rotate-secret"
    assert client.post(path, json={"secret": secret(count)}).json()["secret"] == secret(count)


def test_a_secret_is_not_changed_in_passing(client: httpx.Client, endpoint: dict[str, Any]) -> None:
    path = f"/webhook-endpoints/{endpoint['id']}"
    assert list(refused_fields(client.patch(path, json={"secret": secret(32)}))) == ["secret"]


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (retention.KEPT_FOR + timedelta(minutes=1), "name a later instant"),
        (timedelta(days=365), "name a later instant"),
        (timedelta(minutes=-10), "name an instant that has passed"),
    ],
)
def test_a_replay_reaches_no_further_back_than_what_is_kept(
    client: httpx.Client, endpoint: dict[str, Any], since: timedelta, said: str
) -> None:
    path = f"/webhook-endpoints/{endpoint['id']}/replays"
    told = refused_fields(client.post(path, json={"since": (clock.now() - since).isoformat()}))
    assert list(told) == ["since"]
    assert said in told["since"]
    nearly = clock.now() - retention.KEPT_FOR + timedelta(minutes=1)
    assert client.post(path, json={"since": nearly.isoformat()}).status_code == httpx.codes.ACCEPTED


@pytest.mark.parametrize("since", ["", "yesterday", "2026-03-03", "2026-03-03T14:00:00", None, 0])
def test_a_replay_begins_at_an_instant(client: httpx.Client, endpoint: dict[str, Any], since: object) -> None:
    told = refused_fields(client.post(f"/webhook-endpoints/{endpoint['id']}/replays", json={"since": since}))
    assert list(told) == ["since"]
    assert "write it like" in told["since"]


def test_nothing_of_another_account_is_there(
    client: httpx.Client, stranger: httpx.Client, endpoint: dict[str, Any]
) -> None:
    interview = post(client, "/interviews", AN_INTERVIEW)
    delivery = client.get("/deliveries").json()["items"][0]
    since = {"since": clock.now().isoformat()}
    path = f"/webhook-endpoints/{endpoint['id']}"
    replay = client.post(f"{path}/replays", json=since).json()
    own = post(stranger, "/webhook-endpoints", {"url": PUBLIC})
    asked: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", path, None),
        ("PATCH", path, {"paused": True}),
        ("PATCH", path, {"url": PUBLIC}),
        ("DELETE", path, None),
        ("POST", f"{path}/rotate-secret", {}),
        ("POST", f"{path}/test", None),
        ("POST", f"{path}/replays", since),
        ("GET", f"{path}/replays/{replay['id']}", None),
        ("GET", f"/webhook-endpoints/{own['id']}/replays/{replay['id']}", None),
        ("GET", f"/deliveries/{delivery['id']}", None),
        ("POST", f"/deliveries/{delivery['id']}/replay", None),
        ("POST", "/deliveries/replay", {"ids": [delivery["id"]]}),
        ("POST", "/webhook-endpoints", {"url": PUBLIC, "opportunity_ids": [interview["opportunity_id"]]}),
        ("PATCH", f"/webhook-endpoints/{own['id']}", {"opportunity_ids": [interview["opportunity_id"]]}),
    ]
    for method, address, body in asked:
        assert refused_fields(stranger.request(method, address, json=body), 404) == {}, (method, address)
    assert client.get(path).json() == {name: value for name, value in endpoint.items() if name != "secret"}
    assert len(stranger.get("/webhook-endpoints").json()["items"]) == 1
