"""The same facts under several playbooks, side by side."""

from typing import Annotated, Any

from fastapi import Path, Query, Response

from afterword.api.answers import as_json
from afterword.api.deps import Reading
from afterword.api.fields import Identifier, Instant, PlaybookId
from afterword.api.routes import router
from afterword.formats.answer_models import Comparison
from afterword.services import comparison as service
from afterword.services.comparison import MOST_PLAYBOOKS
from afterword.services.comparison import Query as Asked

routes = router("next actions")
Playbooks = Annotated[
    list[PlaybookId] | None,
    Query(max_length=MOST_PLAYBOOKS, description=f"Which to ask. Left out: all there are, at most {MOST_PLAYBOOKS}."),
]


@routes.get(
    "/opportunities/{opportunity_id}/comparison",
    operation_id="compare_playbooks",
    summary="What several playbooks say of one opportunity",
    responses={200: {"model": Comparison}},
    response_class=Response,
)
def compare_playbooks(
    access: Reading,
    opportunity_id: Annotated[Identifier, Path()],
    playbook: Playbooks = None,
    at: Annotated[Instant | None, Query(description="Travel in time: what would each say then?")] = None,
) -> Any:
    """Everything that each playbook says of the opportunity, in every state, and the same obligations aligned in rows.
    The version is the one there is now, also where the opportunity is kept at another. Nothing is written."""
    query = Asked(opportunity_id, tuple(playbook or ()), at)
    told = service.comparison(access.session, access.account_id, query, access.now)
    return as_json(told, {"Cache-Control": "private, no-cache"})
