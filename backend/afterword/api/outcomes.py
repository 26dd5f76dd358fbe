"""How an opportunity ended."""

from fastapi import Response

from afterword.api import etags
from afterword.api.deps import Changing
from afterword.api.fields import Identifier
from afterword.api.opportunities import NewOutcome, Opportunity, told
from afterword.api.routes import router
from afterword.services import opportunities, outcomes

routes = router("opportunities")


@routes.put("/opportunities/{opportunity_id}/outcome", operation_id="put_outcome")
def put_outcome(opportunity_id: Identifier, body: NewOutcome, access: Changing, response: Response) -> Opportunity:
    """Say how it ended. A later outcome governs, the earlier ones are kept; the same again changes nothing."""
    _require_unchanged(opportunity_id, access)
    whole = outcomes.put(access.session, access.account_id, opportunity_id, body.model_dump(), access.now)
    return told(whole, response)


@routes.delete("/opportunities/{opportunity_id}/outcome", status_code=204, operation_id="delete_outcome")
def delete_outcome(opportunity_id: Identifier, access: Changing) -> None:
    """Open the opportunity again."""
    _require_unchanged(opportunity_id, access)
    outcomes.reopen(access.session, access.account_id, opportunity_id, access.now)


def _require_unchanged(opportunity_id: str, access: Changing) -> None:
    whole = opportunities.find(access.session, access.account_id, opportunity_id)
    access.require_unchanged(etags.of_version(whole.opportunity.version))
