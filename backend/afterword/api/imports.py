"""`POST /imports`: a facts document stored."""

from afterword.api.deps import Creating
from afterword.api.fields import Told
from afterword.api.routes import router
from afterword.formats.facts_document import FactsDocument
from afterword.services import imports as service

routes = router("imports")


class Named(Told):
    """What a key of the document became."""

    key: str
    id: str


class ImportedInterview(Named):
    """An interview; its key is unique within its opportunity."""

    opportunity: str


class Imported(Told):
    """Every key of the document with the id of what it names now."""

    opportunities: list[Named]
    interviews: list[ImportedInterview]
    contacts: list[Named]


@routes.post("/imports", operation_id="create_import", summary="Store a facts document", status_code=201)
def create_import(access: Creating, document: FactsDocument) -> Imported:
    """All of it or none. An account that has no opportunities yet takes over the document's calendar and playbook."""
    made = service.store(access.session, access.account_id, document, access.now)
    return Imported(
        opportunities=[Named(key=key, id=identifier) for key, identifier in made.opportunities.items()],
        interviews=[
            ImportedInterview(opportunity=opportunity, key=key, id=identifier)
            for (opportunity, key), identifier in made.interviews.items()
        ],
        contacts=[Named(key=key, id=identifier) for key, identifier in made.contacts.items()],
    )
