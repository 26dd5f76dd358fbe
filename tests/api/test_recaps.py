"""Recaps over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from support.problems import refused_fields


def test_a_recap_is_written_once_and_can_be_put_again(client: httpx.Client, interview: dict[str, Any]) -> None:
    address = f"/interviews/{interview['id']}/recap"
    refused_fields(client.get(address), 404)
    recap = {"discussed": "Pipelines", "they_need": "Somebody calm"}
    first = client.put(address, json=recap)
    again = client.put(address, json=recap)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(address).json() == first.json()


def test_a_put_replaces_the_whole_recap(client: httpx.Client, interview: dict[str, Any]) -> None:
    address = f"/interviews/{interview['id']}/recap"
    client.put(address, json={"discussed": "Pipelines"})
    replaced = client.put(address, json={"clicked": "Her first job was mine"}).json()
    assert (replaced["discussed"], replaced["clicked"]) == (None, "Her first job was mine")


def test_a_recap_keeps_any_text_as_it_is(client: httpx.Client, interview: dict[str, Any]) -> None:
    text = "<script>alert(1)</script> 'quoted' שלום 👩‍💻\nsecond line"
    client.put(f"/interviews/{interview['id']}/recap", json={"discussed": text})
    assert client.get(f"/interviews/{interview['id']}/recap").json()["discussed"] == text


def test_a_recap_is_of_an_interview_that_is_there(client: httpx.Client) -> None:
    refused_fields(client.put("/interviews/int_0/recap", json={"discussed": "x"}), 404)
    refused_fields(client.get("/interviews/int_0/recap"), 404)


def test_a_recap_has_a_length(client: httpx.Client, interview: dict[str, Any]) -> None:
    answer = client.put(f"/interviews/{interview['id']}/recap", json={"discussed": "x" * 20_001})
    assert "discussed" in refused_fields(answer)
