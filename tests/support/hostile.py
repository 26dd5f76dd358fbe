"""Text that a browser could take for something else, and every field of a request that may hold such text.

What runs would set `hostile` on the page, open a dialog, or ask another host for something.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

ELSEWHERE = "//elsewhere.example"
RUN = "hostile=1"

#: By a short name. None is refused for what it says; those that a field refuses for their characters are `REFUSED`.
VECTORS: Mapping[str, str] = {
    "script": f"<script>{RUN}</script>",
    "script from elsewhere": f"<script src={ELSEWHERE}/a.js></script>",
    "image that fails": f'<img src=x onerror="{RUN}">',
    "image from elsewhere": f"<img src={ELSEWHERE}/a.png>",
    "out of an attribute": f'"><svg onload={RUN}>',
    "out of a quoted attribute": f"' autofocus onfocus='{RUN}",
    "out of a tag": f"--></textarea></title><script>{RUN}</script>",
    "address that runs": f"javascript:{RUN}",
    "link that runs": f'<a href="javascript:{RUN}" id=x>Ana</a>',
    "hidden address": f"java\u00adscript:{RUN}",
    "data address": f"data:text/html,<script>{RUN}</script>",
    "svg": f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    "svg use": f"<svg><use href='{ELSEWHERE}/a.svg#x'/></svg>",
    "mathml": f"<math><mtext><mglyph><style><img src=x onerror={RUN}></style>",
    "details": f"<details open ontoggle={RUN}>",
    "style": f"<style>@import '{ELSEWHERE}/a.css'; * {{ display: none }}</style>",
    "frame": f"<iframe srcdoc='<script>top.{RUN}</script>'></iframe>",
    "base": f"<base href='{ELSEWHERE}/'>",
    "refresh": f"<meta http-equiv=refresh content='0;url={ELSEWHERE}'>",
    "form": f"<form action={ELSEWHERE}><button>Ana</button></form>",
    "entities": f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;b&#62; &#x3C;i>",
    "template": "{{constructor.constructor('hostile=1')()}} ${hostile=1} {@html '<b>'} <%= 7*7 %>",
    "proto": "__proto__[hostile] constructor.prototype",
    "polyglot": f"jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk={RUN} )//"
    f"</stYle/</titLe/</scRipt/--!>\\x3csVg/<sVg/oNloAd={RUN}//>",
    "right to left": "שלום עולם, حسنا، ممتاز",
    "override": "Ana \u202eexe.zuiR\u202c \u2067Ruiz\u2069",
    "combining": "Z\u0351\u036b\u0343\u036a" + "\u0302\u036b\u033d" * 4 + "algo",
    "emoji": "👩🏽‍🚀🏴‍☠️👨‍👩‍👧‍👦 e\u0301",
    "wide": "W" * 10_000,
    "words without end": "a-b_" * 2_500,
    "lines": "first\nsecond\n\nthird" + "\n" * 50,
}
REFUSED: Mapping[str, str] = {"nul": "Ana\x00Ruiz", "control": "Ana\x1b[31mRuiz", "half a character": "Ana \ud800"}

#: What fields of these names hold is of a form of its own, which the API checks.
OF_A_FORM = frozenset(
    {"holidays", "kind", "password", "playbook", "playbook_id", "purpose", "secret", "text", "time_zone", "url"}
)
Path = tuple[str | int, ...]


def text_fields(document: Mapping[str, Any], schema: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, int]]:
    """Where a body may hold any text, and how much of it, by its schema in the OpenAPI document."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for each in schema.get("anyOf", ()):
        yield from text_fields(document, each, path)
    for name, part in schema.get("properties", {}).items():
        if name not in OF_A_FORM:
            yield from text_fields(document, part, (*path, name))
    if "items" in schema:
        yield from text_fields(document, schema["items"], (*path, 0))
    if schema.get("type") == "string" and not {"enum", "const", "format", "pattern"} & schema.keys():
        yield path, schema.get("maxLength", 200)


def filled(body: Mapping[str, Any], fields: Iterable[tuple[Path, int]], vector: str) -> dict[str, Any]:
    """The body with a text in each of the fields that it has a place for, cut to what the field takes."""
    whole: dict[str, Any] = copy.deepcopy(dict(body))
    for (*way, last), longest in fields:
        place = _place(whole, way)
        if place is not None:
            place[last] = _address(vector) if last == "email" else vector[:longest]
    return whole


def _place(body: Any, way: Iterable[str | int]) -> Any:
    for step in way:
        if isinstance(body, dict) and step not in body:
            return None
        body = body[step]
    return body


def _address(vector: str) -> str:
    """An e-mail address, as far as the API can tell."""
    return re.sub(r"[@\s]", "", vector)[:120] + "@mail.example"
