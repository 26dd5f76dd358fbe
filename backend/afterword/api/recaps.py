"""Recaps: what was said, while it is fresh."""

from fastapi import Response

from afterword.api import etags
from afterword.api.deps import Changing, Reading
from afterword.api.fields import Given, Identifier, Instant, Note, Told
from afterword.api.routes import router
from afterword.services import recaps

routes = router("interviews")


class NewRecap(Given):
    """The whole recap; what is left out is empty."""

    discussed: Note | None = None
    went_well: Note | None = None
    answer_better: Note | None = None
    they_need: Note | None = None
    good_points: Note | None = None
    bad_points: Note | None = None
    clicked: Note | None = None


class Recap(Told):
    interview_id: str
    discussed: str | None
    went_well: str | None
    answer_better: str | None
    they_need: str | None
    good_points: str | None
    bad_points: str | None
    clicked: str | None
    created_at: Instant
    updated_at: Instant


@routes.put("/interviews/{interview_id}/recap", operation_id="put_recap")
def put_recap(interview_id: Identifier, body: NewRecap, access: Changing, response: Response) -> Recap:
    """Write the recap. Safe to repeat: the same one again changes nothing."""
    known = recaps.find_if_any(access.session, access.account_id, interview_id)
    access.require_unchanged(etags.of_version(known.version if known else 0))
    recap, new = recaps.put(access.session, access.account_id, interview_id, body.model_dump(), access.now)
    response.status_code = 201 if new else 200
    response.headers["ETag"] = etags.of_version(recap.version)
    return Recap.model_validate(recap)


@routes.get("/interviews/{interview_id}/recap", operation_id="get_recap")
def get_recap(interview_id: Identifier, access: Reading, response: Response) -> Recap:
    """The recap of an interview."""
    recap = recaps.find(access.session, access.account_id, interview_id)
    response.headers["ETag"] = etags.of_version(recap.version)
    return Recap.model_validate(recap)
