"""Endpoints that are changed, paused, disabled, rotated, tested, deleted, and what becomes of what waits for them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from support.problems import refused_fields
from support.recorded import SECRET
from support.requests import AN_INTERVIEW, post

PUBLIC = "https://1.1.1.1/hook"


def made(client: httpx.Client, **values: Any) -> dict[str, Any]:
    return post(client, "/webhook-endpoints", {"url": PUBLIC, **values})


def changed(client: httpx.Client, endpoint: dict[str, Any], **values: Any) -> dict[str, Any]:
    answer = client.patch(f"/webhook-endpoints/{endpoint['id']}", json=values)
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


def states(client: httpx.Client, **query: Any) -> set[str]:
    return {each["state"] for each in client.get("/deliveries", params=query).json()["items"]}


def test_a_change_changes_what_is_given_and_nothing_else(client: httpx.Client) -> None:
    endpoint = made(client, description="my list", event_types=["action.opened"], headers={"Authorization": "Bearer x"})
    after = changed(client, endpoint, url="https://1.1.1.1/other", event_types=None)
    same = {name: endpoint[name] for name in ("id", "description", "header_names", "enabled", "paused", "created_at")}
    assert same.items() <= after.items()
    assert (after["url"], after["event_types"]) == ("https://1.1.1.1/other", None)
    assert after["header_names"] == ["Authorization"]
    assert "Bearer x" not in client.get(f"/webhook-endpoints/{endpoint['id']}").text


def test_a_change_of_what_somebody_else_has_changed_is_refused(client: httpx.Client) -> None:
    endpoint = made(client)
    path = f"/webhook-endpoints/{endpoint['id']}"
    tag = client.get(path).headers["etag"]
    assert client.patch(path, json={"paused": True}, headers={"If-Match": tag}).status_code == httpx.codes.OK
    refused_fields(client.patch(path, json={"paused": False}, headers={"If-Match": tag}), 412)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"url": None}, "url"),
        ({"enabled": None}, "enabled"),
        ({"paused": "yes"}, "paused"),
        ({"event_types": []}, "event_types"),
        ({"action_states": ["late"]}, "action_states.0"),
        ({"headers": {"Connection": "close"}}, "headers.Connection"),
        ({"headers": {"Webhook-Id": "x"}}, "headers.Webhook-Id"),
        ({"headers": {"Content-Length": "1"}}, "headers.Content-Length"),
        ({"headers": {"X Y": "1"}}, "headers.X Y"),
        ({"headers": {"X-Y": "1\r\nX-Z: 2"}}, "headers.X-Y"),
        ({"headers": {"X-Y": "1", "x-y": "2"}}, "headers"),
        ({"secret": SECRET}, "secret"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_at_its_field(
    client: httpx.Client, body: dict[str, object], path: str
) -> None:
    endpoint = made(client)
    found = refused_fields(client.patch(f"/webhook-endpoints/{endpoint['id']}", json=body))
    assert list(found) == [path]
    assert client.get(f"/webhook-endpoints/{endpoint['id']}").json()["updated_at"] == endpoint["updated_at"]


def test_an_endpoint_of_somebody_else_is_not_there(client: httpx.Client, stranger: httpx.Client) -> None:
    path = f"/webhook-endpoints/{made(client)['id']}"
    refused_fields(stranger.patch(path, json={"paused": True}), 404)
    refused_fields(stranger.post(f"{path}/rotate-secret", json={}), 404)
    refused_fields(stranger.post(f"{path}/test"), 404)
    refused_fields(stranger.delete(path), 404)
    refused_fields(stranger.post(f"{path}/replays", json={"since": "2026-01-01T00:00:00Z"}), 404)


def test_what_happens_while_an_endpoint_is_paused_waits_for_it(client: httpx.Client) -> None:
    endpoint = made(client)
    post(client, "/interviews", AN_INTERVIEW)
    changed(client, endpoint, paused=True)
    post(client, "/interviews", AN_INTERVIEW)
    waiting = client.get("/deliveries").json()["items"]
    assert waiting
    assert {(each["state"], each["next_attempt_at"]) for each in waiting} == {("pending", None)}
    changed(client, endpoint, paused=False)
    assert None not in {each["next_attempt_at"] for each in client.get("/deliveries").json()["items"]}


def test_what_waits_for_a_disabled_endpoint_is_skipped_and_nothing_is_added(client: httpx.Client) -> None:
    endpoint = made(client)
    post(client, "/interviews", AN_INTERVIEW)
    before = len(client.get("/deliveries").json()["items"])
    after = changed(client, endpoint, enabled=False)
    assert (after["enabled"], after["disabled_reason"]) == (False, "disabled by its owner")
    assert after["disabled_at"]
    post(client, "/interviews", AN_INTERVIEW)
    assert states(client) == {"skipped"}
    assert len(client.get("/deliveries", params={"undelivered": True}).json()["items"]) == before
    again = changed(client, endpoint, enabled=True)
    assert (again["disabled_reason"], again["disabled_at"]) == (None, None)


def test_only_what_the_filters_let_pass_is_to_be_delivered(client: httpx.Client) -> None:
    first = post(client, "/interviews", AN_INTERVIEW)
    made(client, opportunity_ids=[first["opportunity_id"]], action_states=["upcoming"], event_types=["touch.recorded"])
    second = post(client, "/interviews", {**AN_INTERVIEW, "company": "Other"})
    for each in (first, second):
        touch = {"opportunity_id": each["opportunity_id"], "direction": "inbound", "channel": "email"}
        post(client, "/touches", {**touch, "at": "2026-03-03T15:10:00-05:00"})
    told = client.get("/deliveries").json()["items"]
    assert [each["event_type"] for each in told] == ["touch.recorded"]
    [event] = [each for each in client.get("/events").json()["items"] if each["data"]["id"] == told[0]["event_id"]]
    assert event["data"]["opportunity"]["id"] == first["opportunity_id"]


def test_a_rotated_secret_signs_beside_the_former_one_for_a_while(client: httpx.Client) -> None:
    endpoint = made(client)
    path = f"/webhook-endpoints/{endpoint['id']}"
    fresh = client.post(f"{path}/rotate-secret", json={}).json()
    assert fresh["secret"] not in (endpoint["secret"], None)
    assert fresh["secrets"] == 2
    assert fresh["former_secrets_until"] > fresh["updated_at"]
    for _ in range(3):
        assert client.post(f"{path}/rotate-secret", json={"overlap_hours": 168}).json()["secrets"] <= 3
    given = client.post(f"{path}/rotate-secret", json={"secret": SECRET, "overlap_hours": 0}).json()
    assert given["secret"] == SECRET
    assert (given["secrets"], given["former_secrets_until"]) == (1, None)
    assert "secret" not in client.get(path).json()
    refused_fields(client.post(f"{path}/rotate-secret", json={"secret": SECRET}))
    refused_fields(client.post(f"{path}/rotate-secret", json={"secret": "whsec_c2hvcnQ="}))
    refused_fields(client.post(f"{path}/rotate-secret", json={"overlap_hours": 169}))


def test_no_former_secret_signs_for_longer_than_was_asked_for_last(client: httpx.Client) -> None:
    endpoint = made(client)
    assert (endpoint["secrets"], endpoint["former_secrets_until"]) == (1, None)
    path = f"/webhook-endpoints/{endpoint['id']}/rotate-secret"
    long, short, none = (client.post(path, json={"overlap_hours": hours}).json() for hours in (168, 1, 0))
    assert (long["secrets"], short["secrets"], none["secrets"]) == (2, 3, 1)
    assert long["former_secrets_until"] > short["former_secrets_until"]
    assert none["former_secrets_until"] is None


def test_a_test_goes_to_its_endpoint_alone_and_is_marked(client: httpx.Client) -> None:
    endpoint, _other = made(client, event_types=["action.opened"]), made(client)
    told = client.post(f"/webhook-endpoints/{endpoint['id']}/test")
    assert told.status_code == httpx.codes.ACCEPTED
    delivery = client.get(f"/deliveries/{told.json()['delivery_id']}").json()
    assert delivery["endpoint_id"] == endpoint["id"]
    assert (delivery["payload"]["type"], delivery["payload"]["data"]["test"]) == ("webhook.test", True)
    assert len(client.get("/deliveries").json()["items"]) == 1
    changed(client, endpoint, paused=True)
    refused_fields(client.post(f"/webhook-endpoints/{endpoint['id']}/test"), 409)


def test_an_unsubscription_may_be_repeated_and_its_log_is_kept(client: httpx.Client, stranger: httpx.Client) -> None:
    endpoint = made(client)
    post(client, "/interviews", AN_INTERVIEW)
    path = f"/webhook-endpoints/{endpoint['id']}"
    refused_fields(client.delete(path, headers={"If-Match": '"9"'}), 412)
    for _ in range(2):
        assert client.delete(path).status_code == httpx.codes.NO_CONTENT
    refused_fields(stranger.delete(path), 404)
    refused_fields(client.delete("/webhook-endpoints/whe_nobody"), 404)
    refused_fields(client.get(path), 404)
    refused_fields(client.patch(path, json={"enabled": True}), 404)
    assert client.get("/webhook-endpoints", params={"url": PUBLIC}).json()["items"] == []
    log = client.get("/deliveries", params={"undelivered": True}).json()["items"]
    assert {each["reason"] for each in log} == {"endpoint deleted"}


def test_a_picked_delivery_is_sent_again_once_it_has_ended(client: httpx.Client, stranger: httpx.Client) -> None:
    endpoint = made(client)
    post(client, "/interviews", AN_INTERVIEW)
    ids = [each["id"] for each in client.get("/deliveries").json()["items"]]
    assert client.post("/deliveries/replay", json={"ids": ids}).json() == {"queued": 0}
    changed(client, endpoint, enabled=False)
    refused_fields(client.post(f"/deliveries/{ids[0]}/replay"), 409)
    changed(client, endpoint, enabled=True)
    refused_fields(stranger.post(f"/deliveries/{ids[0]}/replay"), 404)
    refused_fields(client.post("/deliveries/replay", json={"ids": [ids[0], "dlv_nothing"]}), 404)
    assert states(client) == {"skipped"}
    assert client.post(f"/deliveries/{ids[0]}/replay").json() == {"queued": 1}
    assert client.post("/deliveries/replay", json={"ids": ids}).json() == {"queued": len(ids) - 1}
    assert {(each["state"], each["replay"]) for each in client.get("/deliveries").json()["items"]} == {("pending", 1)}


def test_a_replay_reaches_back_no_further_than_the_log_and_is_one_at_a_time(client: httpx.Client) -> None:
    path = f"/webhook-endpoints/{made(client)['id']}/replays"
    post(client, "/interviews", AN_INTERVIEW)
    refused_fields(client.post(path, json={"since": "2000-01-02T00:00:00Z"}))
    refused_fields(client.post(path, json={"since": "2099-01-02T00:00:00Z"}))
    since = client.get("/events").json()["items"][0]["timestamp"]
    begun = client.post(path, json={"since": since})
    assert (begun.status_code, begun.json()["state"]) == (httpx.codes.ACCEPTED, "running")
    assert client.get(f"{path}/{begun.json()['id']}").json() == begun.json()
    refused_fields(client.post(path, json={"since": since}), 409)
    refused_fields(client.get(f"{path}/rpl_nothing"), 404)


def test_the_log_is_found_by_state_type_and_time(client: httpx.Client) -> None:
    made(client)
    post(client, "/interviews", AN_INTERVIEW)
    whole = client.get("/deliveries").json()["items"]
    assert client.get("/deliveries", params={"state": ["pending", "failed"]}).json()["items"] == whole
    assert client.get("/deliveries", params={"state": "failed"}).json()["items"] == []
    created = client.get("/deliveries", params={"event_type": "interview.created"}).json()["items"]
    assert [each["event_type"] for each in created] == ["interview.created"]
    at = whole[0]["created_at"]
    assert client.get("/deliveries", params={"since": at}).json()["items"] == whole
    assert client.get("/deliveries", params={"until": at}).json()["items"] == []
    refused_fields(client.get("/deliveries", params={"state": "lost"}))


def test_a_filter_names_opportunities_of_ones_own(client: httpx.Client, stranger: httpx.Client) -> None:
    theirs = post(stranger, "/interviews", AN_INTERVIEW)["opportunity_id"]
    mine = post(client, "/interviews", AN_INTERVIEW)["opportunity_id"]
    for unknown in (theirs, "opp_0", f"{mine[:-1]}"):
        refused = client.post("/webhook-endpoints", json={"url": PUBLIC, "opportunity_ids": [mine, unknown]})
        refused_fields(refused, 404)
        assert unknown in refused.json()["detail"]
    endpoint = made(client, opportunity_ids=[mine, mine])
    refused_fields(client.patch(f"/webhook-endpoints/{endpoint['id']}", json={"opportunity_ids": [theirs]}), 404)
    assert changed(client, endpoint, opportunity_ids=None)["opportunity_ids"] is None


def test_what_is_refused_for_a_switch_says_which_way_to_turn_it(client: httpx.Client) -> None:
    endpoint = made(client)
    path = f"/webhook-endpoints/{endpoint['id']}"
    changed(client, endpoint, paused=True)
    paused = client.post(f"{path}/test")
    changed(client, endpoint, paused=False, enabled=False)
    disabled = client.post(f"{path}/test")
    refused_fields(paused, 409)
    refused_fields(disabled, 409)
    assert ("paused to false" in paused.json()["detail"], "enabled to true" in disabled.json()["detail"]) == (
        True,
        True,
    )
    refused_fields(client.post(f"{path}/replays", json={"since": "2026-01-01T00:00:00Z"}), 409)


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "begin with whsec_"),
        ("whsec_not base64", "is not base64"),
        ("whsec_é", "is not base64"),
        ("whsec_AAAA", "stands for 3 bytes"),
    ],
)
def test_a_secret_that_will_not_do_is_refused_with_the_reason_and_not_shown(
    client: httpx.Client, secret: str, says: str
) -> None:
    refused = client.post("/webhook-endpoints", json={"url": PUBLIC, "secret": secret})
    told = refused_fields(refused)["secret"]
    assert says in told
    assert "24 to 64 bytes" in told
    assert "leave it out" in told
    assert secret not in refused.text


def test_a_body_that_is_not_called_json_is_refused_with_the_header_it_lacks(client: httpx.Client) -> None:
    refused = client.post("/webhook-endpoints", data={"url": PUBLIC})
    assert "content-type: application/json" in refused_fields(refused)[""]
    rotated = client.post(f"/webhook-endpoints/{made(client)['id']}/rotate-secret", json={"overlap_hours": "a day"})
    assert refused_fields(rotated) == {"overlap_hours": "must be a number"}
