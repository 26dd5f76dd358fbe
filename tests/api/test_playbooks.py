"""Playbooks of one's own: written, checked, kept at every version, looked at, removed."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest
import yaml

from support.playbooks import AS_YAML, BROKEN, OUR_WAY, OUR_WAY_LATER, OUR_WAY_REWORDED, put, send
from support.problems import refused_fields
from support.requests import AN_INTERVIEW, post

DOCUMENT: dict[str, Any] = yaml.safe_load(OUR_WAY)
KEY = {"Idempotency-Key": "a5"}


def ids(client: httpx.Client) -> dict[str, str]:
    return {each["id"]: each["origin"] for each in client.get("/playbooks").json()["items"]}


def in_yaml(client: httpx.Client, identifier: str = "our-way", **params: str) -> str:
    answer = client.get(f"/playbooks/{identifier}", headers={"Accept": "application/yaml"}, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/yaml")
    return answer.text


def versions(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/playbooks/our-way/versions").json()["items"]
    return found


def test_one_is_made_from_yaml_and_kept_in_its_authors_words(client: httpx.Client) -> None:
    made = send(client, OUR_WAY)
    told = made.json()
    assert (told["id"], told["title"], told["origin"]) == ("our-way", "Our way", "own")
    assert made.headers["location"] == "/api/v1/playbooks/our-way"
    assert ids(client)["our-way"] == "own"
    assert in_yaml(client) == OUR_WAY, "with its comments"
    whole = client.get("/playbooks/our-way").json()
    rules = {rule["id"]: rule for rule in whole["rules"]}
    assert rules["follow-up"]["repeat"]["max"] == 1
    assert "pie" in rules
    assert "thank-you-card" not in rules
    assert "recap" in rules, "what it extends is in it"
    assert "extends" not in whole


def test_one_is_made_from_json_too_and_is_the_same_version(client: httpx.Client, stranger: httpx.Client) -> None:
    mine = client.post("/playbooks", json=DOCUMENT)
    assert mine.status_code == 201
    assert mine.json()["version"] == send(stranger, OUR_WAY).json()["version"]


def test_the_list_says_whose_each_is(client: httpx.Client, anonymous: httpx.Client) -> None:
    send(client, OUR_WAY)
    assert ids(client) == {**ids(anonymous), "our-way": "own"}
    assert set(ids(anonymous).values()) == {"builtin"}
    refused_fields(anonymous.get("/playbooks/our-way"), 404)


@pytest.mark.parametrize("media_type", ["application/yaml", "text/yaml", "application/x-yaml; charset=utf-8"])
def test_every_name_of_yaml_will_do(client: httpx.Client, media_type: str) -> None:
    made = client.post("/playbooks", content=OUR_WAY, headers={"Content-Type": media_type})
    assert made.status_code == 201, made.text


def test_a_body_that_is_neither_is_refused_with_what_to_send(client: httpx.Client) -> None:
    answer = client.post("/playbooks", content=OUR_WAY, headers={"Content-Type": "text/plain"})
    refused_fields(answer, 415)
    assert "application/yaml" in answer.json()["detail"]
    refused_fields(client.post("/playbooks", content=b"\xff\xfe", headers=AS_YAML))
    refused_fields(client.post("/playbooks", content='{"id": "a",}', headers={"Content-Type": "application/json"}))


def test_faults_are_named_with_path_and_line(client: httpx.Client) -> None:
    answer = client.post("/playbooks", content=BROKEN, headers=AS_YAML)
    refused_fields(answer)
    [fault] = answer.json()["errors"]
    assert fault["path"] == "rules.1.opens.anchor"
    assert BROKEN.splitlines()[fault["line"] - 1].strip().startswith("opens:")
    assert "our-way" not in ids(client)


@pytest.mark.parametrize("identifier", ["validate", "schema", "inline"])
def test_an_id_that_is_an_address_cannot_be_taken(client: httpx.Client, identifier: str) -> None:
    answer = client.post("/playbooks", json={**DOCUMENT, "id": identifier})
    assert "choose another" in refused_fields(answer)["id"]


def test_an_id_is_needed_and_nobody_elses(client: httpx.Client) -> None:
    nameless = {key: value for key, value in DOCUMENT.items() if key != "id"}
    assert "id" in refused_fields(client.post("/playbooks", json=nameless))
    refused_fields(client.post("/playbooks", json={**DOCUMENT, "id": "balanced"}), 409)
    send(client, OUR_WAY)
    again = client.post("/playbooks", content=OUR_WAY_LATER, headers=AS_YAML)
    refused_fields(again, 409)
    assert "PUT" in again.json()["detail"]


def test_validating_stores_nothing_and_answers_faults(client: httpx.Client) -> None:
    good = client.post("/playbooks/validate", content=OUR_WAY, headers=AS_YAML).json()
    assert (good["valid"], good["id"], good["problems"]) == (True, "our-way", [])
    assert good["rules"] > 1
    bad = client.post("/playbooks/validate", content=BROKEN, headers=AS_YAML)
    assert bad.status_code == 200
    assert (bad.json()["valid"], bad.json()["version"]) == (False, None)
    assert [each["path"] for each in bad.json()["problems"]] == ["rules.1.opens.anchor"]
    for text in ("", "[]", "rules: [", "a: &a [*a]", "\x00", "{", '{"id": NaN}', "- " * 5000, "!!python/name:os.x"):
        told = client.post("/playbooks/validate", content=text, headers=AS_YAML)
        assert told.status_code == 200, (text[:20], told.text)
        assert told.json()["valid"] is False, text[:20]
    assert "our-way" not in ids(client)


def test_the_schema_of_a_playbook_is_there_for_all(anonymous: httpx.Client) -> None:
    answer = anonymous.get("/playbooks/schema")
    assert answer.status_code == 200
    jsonschema.validate(DOCUMENT, answer.json())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**DOCUMENT, "rulez": []}, answer.json())


def test_validating_takes_somebody_who_is_signed_in(anonymous: httpx.Client) -> None:
    refused_fields(anonymous.post("/playbooks/validate", content=OUR_WAY, headers=AS_YAML), 401)


def test_a_new_version_is_stored_beside_the_old_one(client: httpx.Client) -> None:
    first = send(client, OUR_WAY).json()["version"]
    second = put(client, OUR_WAY_LATER).json()["version"]
    assert first != second
    assert in_yaml(client) == OUR_WAY_LATER
    assert in_yaml(client, version=first) == OUR_WAY
    assert {each["version"]: each["current"] for each in versions(client)} == {first: False, second: True}
    back = put(client, OUR_WAY)
    assert back.json()["version"] == first
    assert len(versions(client)) == 2


def test_the_same_content_is_the_same_version_and_nothing_new(client: httpx.Client) -> None:
    made = send(client, OUR_WAY)
    again = put(client, OUR_WAY)
    assert again.json() == made.json()
    assert again.headers["etag"] == made.headers["etag"]
    assert len(versions(client)) == 1


def test_words_about_the_rules_may_change_without_a_new_version(client: httpx.Client) -> None:
    version = send(client, OUR_WAY).json()["version"]
    told = put(client, OUR_WAY_REWORDED).json()
    assert (told["version"], told["title"]) == (version, "Our old way")
    assert in_yaml(client) == OUR_WAY_REWORDED
    assert client.get("/playbooks/our-way").json()["title"] == "Our old way"


def test_somebody_elses_change_is_not_overwritten(client: httpx.Client) -> None:
    tag = send(client, OUR_WAY).headers["etag"]
    assert client.get("/playbooks/our-way").headers["etag"] == tag
    headers = {**AS_YAML, "If-Match": tag}
    assert client.put("/playbooks/our-way", content=OUR_WAY_LATER, headers=headers).status_code == 200
    refused_fields(client.put("/playbooks/our-way", content=OUR_WAY, headers=headers), 412)
    refused_fields(client.delete("/playbooks/our-way", headers={"If-Match": tag}), 412)


def test_only_ones_own_can_be_changed(client: httpx.Client, stranger: httpx.Client) -> None:
    balanced = {**DOCUMENT, "id": "balanced"}
    refused_fields(client.put("/playbooks/balanced", json=balanced), 403)
    refused_fields(client.delete("/playbooks/balanced"), 403)
    refused_fields(client.put("/playbooks/our-way", json=DOCUMENT), 404)
    send(client, OUR_WAY)
    assert "id" in refused_fields(client.put("/playbooks/our-way", json={**DOCUMENT, "id": "their-way"}))
    for refused in (
        stranger.get("/playbooks/our-way"),
        stranger.get("/playbooks/our-way/versions"),
        stranger.put("/playbooks/our-way", json=DOCUMENT),
        stranger.delete("/playbooks/our-way"),
        stranger.post("/playbooks/our-way/dry-run"),
        stranger.post("/playbooks/our-way/switch-on", json={"default": True}),
    ):
        refused_fields(refused, 404)
    assert "playbook" in refused_fields(stranger.patch("/me", json={"playbook": "our-way"}))
    assert "playbook_id" in refused_fields(
        stranger.post("/opportunities", json={"company": "A", "playbook_id": "our-way"})
    )
    assert "playbook" in refused_fields(stranger.get("/next-actions", params={"playbook": "our-way"}))


def test_a_built_in_one_is_given_as_yaml_that_reads_back(client: httpx.Client) -> None:
    for identifier in ids(client):
        checked = client.post("/playbooks/validate", content=in_yaml(client, identifier), headers=AS_YAML).json()
        assert checked["valid"], checked
        current = [each for each in client.get(f"/playbooks/{identifier}/versions").json()["items"] if each["current"]]
        assert [each["version"] for each in current] == [checked["version"]]


def test_a_version_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    send(client, OUR_WAY)
    for identifier in ("our-way", "balanced"):
        refused_fields(client.get(f"/playbooks/{identifier}", params={"version": "0"}), 404)


def test_its_id_will_do_wherever_one_is_asked_for(client: httpx.Client) -> None:
    send(client, OUR_WAY)
    interview = post(client, "/interviews", AN_INTERVIEW)
    opportunity = interview["opportunity_id"]
    at = {"at": "2026-03-03T21:00:00Z", "playbook": "our-way"}
    assert "pie" in kinds(client.get("/next-actions", params=at))
    assert "pie" in kinds(client.get(f"/opportunities/{opportunity}/timeline", params=at))
    changed = client.patch(f"/opportunities/{opportunity}", json={"playbook_id": "our-way"}).json()
    assert changed["playbook_version"] == client.get("/playbooks").json()["items"][-1]["version"]
    assert client.patch("/me", json={"playbook": "our-way"}).json()["account"]["playbook"] == "our-way"
    made = post(client, "/opportunities", {"company": "Brindle", "playbook_id": "our-way"})
    assert made["playbook_id"] == "our-way"
    asked = {"at": "2026-03-03T21:00:00Z", "playbook": "our-way", "opportunities": [{"company": "Cask"}]}
    assert client.post("/imports", json=asked).status_code == 201


def kinds(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {each["kind"] for each in answer.json()["actions"]}


def test_one_in_use_is_not_removed_and_says_by_whom(client: httpx.Client) -> None:
    send(client, OUR_WAY)
    opportunity = post(client, "/opportunities", {"company": "Acme", "playbook_id": "our-way"})["id"]
    refused = client.delete("/playbooks/our-way")
    refused_fields(refused, 409)
    assert opportunity in refused.json()["detail"]
    client.put(f"/opportunities/{opportunity}/outcome", json={"status": "offer"})
    refused_fields(client.delete("/playbooks/our-way"), 409)
    client.put(f"/opportunities/{opportunity}/outcome", json={"status": "declined"})
    client.patch("/me", json={"playbook": "our-way"})
    refused_fields(client.delete("/playbooks/our-way"), 409)
    client.patch("/me", json={"playbook": "balanced"})
    assert client.delete("/playbooks/our-way").status_code == 204
    assert "our-way" not in ids(client)
    version = client.get(f"/opportunities/{opportunity}").json()["playbook_version"]
    assert in_yaml(client, version=version) == OUR_WAY, "what something went by is kept"


def test_a_playbook_is_made_once_for_each_idempotency_key(client: httpx.Client) -> None:
    first = client.post("/playbooks", content=OUR_WAY, headers={**AS_YAML, **KEY})
    again = client.post("/playbooks", content=OUR_WAY, headers={**AS_YAML, **KEY})
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    refused_fields(client.post("/playbooks", content=OUR_WAY + "\n", headers={**AS_YAML, **KEY}))


def test_a_body_has_a_largest_size(client: httpx.Client) -> None:
    long = OUR_WAY + "#" * 256 * 1024
    for method, path in (("POST", "/playbooks"), ("POST", "/playbooks/validate"), ("PUT", "/playbooks/our-way")):
        refused_fields(client.request(method, path, content=long, headers=AS_YAML), 413)


@pytest.mark.parametrize(
    "text",
    [
        OUR_WAY.replace("Our way", '"\\0"'),
        OUR_WAY.replace("Our way", '"\\ud800"'),
        OUR_WAY.replace("pie.", '"\\0"'),
        OUR_WAY.replace("our-way", "👩‍💻"),
        OUR_WAY.replace("our-way", "x" * 65),
        OUR_WAY.replace("PT1H", "PT99999999999H"),
        OUR_WAY.replace("max: 1", "max: 1e999"),
        "rules: {}",
        "rules: [[]]",
        "rules: [null]",
        "id: [a]\nrules: []",
        "? [a]\n: b",
        "<<: {a: b}",
        "\ufeff",
        "\x00",
        "[" * 200_000,
        "- " * 100_000,
        OUR_WAY.replace("Everybody likes pie.", '"\\0\\a"'),
        OUR_WAY.replace("grandmother", '"\\0"'),
        OUR_WAY.replace("by heart", '"\\0"'),
        OUR_WAY.replace("A pie opens every door.", '"\\0"'),
        "id: our-way\x07",
        "%YAML 9.9\n---\na",
        "---\n---\n",
        "a: !!binary x",
        "1: 2",
    ],
    ids=lambda text: ascii(text[-20:]),
)
def test_no_playbook_is_our_fault(client: httpx.Client, text: str) -> None:
    for path in ("/playbooks", "/playbooks/validate", "/playbooks/our-way/dry-run"):
        answer = client.post(path, content=text.encode(errors="surrogatepass"), headers=AS_YAML)
        assert answer.status_code < 500, (path, answer.text)
    post(client, "/interviews", {**AN_INTERVIEW, "starts_at": "2026-11-01T14:00:00Z"})
    for method, path, body in (
        ("PUT", "/playbooks/our-way", {"content": text}),
        ("POST", "/playbooks/our-way/switch-on", {"json": {"all_open": True}}),
        ("GET", "/next-actions", {}),
        ("POST", "/playbooks/a%00b/dry-run", {}),
        ("POST", "/playbooks/a%00b/switch-on", {"json": {"default": True}}),
        ("DELETE", "/playbooks/a%00b", {}),
    ):
        headers = AS_YAML if "content" in body else {}
        answer = client.request(method, path, headers=headers, **body)
        assert answer.status_code < 500, (path, answer.text)
