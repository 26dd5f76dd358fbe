"""Playbooks as somebody would write them."""

from __future__ import annotations

import httpx

#: The default, but for one follow-up in place of two and a card of one's own.
OUR_WAY = """\
# Ours. Nobody here likes to be asked twice.
id: our-way
title: Our way
about: The default with a pie
extends: balanced
without: [thank-you-card]
rules:
  - id: follow-up  # once is enough
    repeat: {every: P7D, max: 1}
  - id: pie
    kind: pie
    for: person
    title: "Bake {person} a pie"
    why: Everybody likes pie.
    opens: {anchor: interview.end, plus: PT1H}
    due: {anchor: interview.end, plus: PT72H}
    channel: {recommended: in_person}
    cite: [{source: grandmother, locator: by heart, says: A pie opens every door., inferred: false}]
"""
#: What it says next: the pie may take longer.
OUR_WAY_LATER = OUR_WAY.replace("PT72H", "PT96H")
#: The same rules; only words about them differ.
OUR_WAY_REWORDED = OUR_WAY.replace("# Ours.", "# Yours.").replace("title: Our way", "title: Our old way")
BROKEN = OUR_WAY.replace("anchor: interview.end, plus: PT1H", "anchor: interview.over")

AS_YAML = {"Content-Type": "application/yaml"}


def send(client: httpx.Client, text: str, status: int = 201) -> httpx.Response:
    answer = client.post("/playbooks", content=text, headers=AS_YAML)
    assert answer.status_code == status, answer.text
    return answer


def put(client: httpx.Client, text: str, identifier: str = "our-way", status: int = 200) -> httpx.Response:
    answer = client.put(f"/playbooks/{identifier}", content=text, headers=AS_YAML)
    assert answer.status_code == status, answer.text
    return answer
