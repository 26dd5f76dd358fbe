"""Where the playbooks agree and where they do not."""

from typing import Annotated, Literal

from fastapi import Query, Response

from afterword.api.deps import KnownReading
from afterword.api.fields import PlaybookId, Told
from afterword.api.readers import reader_of
from afterword.api.routes import router
from afterword.formats.answer_models import Citation
from afterword.services import agreements as service
from afterword.services.agreements import MOST_BESIDE
from afterword.services.bookshelf import Origin

routes = router("playbooks")
Beside = Annotated[
    list[PlaybookId] | None,
    Query(
        max_length=MOST_BESIDE,
        description=f"Which to lay beside the built-in ones, {MOST_BESIDE} at most. Left out: yours, the operator's.",
    ),
]


class PlaybookReading(Told):
    """What one playbook says of a kind. `cells` are in the order of the columns; `word` says whether its article states
    it, whether we inferred it from that, or whether a playbook that is no article takes it up."""

    playbook: str
    rule: str
    title: str
    word: Literal["stated", "inferred", "taken_up"]
    cells: list[str]
    sources: list[Citation]
    dissent: list[Citation]


class Agreement(Told):
    """One kind, side by side. `held` is something to leave alone; `verdict` is null where no article speaks of it."""

    kind: str
    name: str
    title: str
    held: bool
    columns: list[str]
    verdict: str | None
    readings: list[PlaybookReading]


class PlaybookBeside(Told):
    """One that is compared; an article, or what somebody made of them."""

    id: str
    title: str
    origin: Origin
    article: bool


class Agreements(Told):
    """Every kind that not all of the playbooks have alike; who says nothing of one is silent on it."""

    playbooks: list[PlaybookBeside]
    agreements: list[Agreement]


@routes.get(
    "/playbooks/agreements", operation_id="compare_playbook_rules", summary="Where the playbooks agree, kind by kind"
)
def compare_playbook_rules(access: KnownReading, response: Response, beside: Beside = None) -> Agreements:
    """The articles, what the default makes of them, and others beside them."""
    response.headers["Cache-Control"] = "private, no-cache"
    found = service.side_by_side(reader_of(access), beside or ())
    playbooks = [
        PlaybookBeside(
            id=each.playbook.id, title=each.title, origin=each.origin, article=each.playbook.id in found.articles
        )
        for each in found.volumes
    ]
    return Agreements(playbooks=playbooks, agreements=[Agreement.model_validate(each) for each in found.agreements])
