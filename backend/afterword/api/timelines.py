"""`POST /timelines`: the policy on facts that are sent and not stored. No account is needed."""

from typing import Any

from fastapi import Request, Response

from afterword import clock
from afterword.api.answers import as_json
from afterword.api.backend import Backend
from afterword.api.credentials import Credentials
from afterword.api.deps import TheBackend
from afterword.api.routes import router
from afterword.errors import Forbidden, NotFound
from afterword.formats.answer_models import Timeline
from afterword.formats.facts_document import FactsDocument
from afterword.services.timelines import answer_document

LOOPBACK = ("127.0.0.1", "::1")
routes = router("timelines")


@routes.post(
    "/timelines",
    operation_id="create_timeline",
    summary="Ask the policy about facts of your own",
    responses={200: {"model": Timeline}},
    response_class=Response,
)
def create_timeline(request: Request, backend: TheBackend, document: FactsDocument) -> Any:
    """Facts in, timeline out. Nothing is stored and nothing is logged. A whole playbook may be sent in place of an id;
    from another machine that takes an API key."""
    if not backend.settings.public_timelines:
        raise NotFound("This server does not answer POST /timelines: AFTERWORD_PUBLIC_TIMELINES is off.")
    if not isinstance(document.playbook, str):
        _require_trust(request, backend)
    return as_json(answer_document(document))


def _require_trust(request: Request, backend: Backend) -> None:
    """Whole playbooks are more work than facts: on loopback anybody may send one, elsewhere only who has a key."""
    if request.client is not None and request.client.host in LOOPBACK:
        return
    credentials = Credentials.of(request, backend.settings)
    if credentials.key is None:
        raise Forbidden("A whole playbook needs an API key, sent as `Authorization: Bearer afw_…`.")
    with backend.database.read() as session:
        credentials.principal(session, clock.now())
