"""API keys, for programs."""

from fastapi import Response

from afterword.api.deps import Changing, Creating, Reading
from afterword.api.fields import Given, Identifier, Instant, Name, Told
from afterword.api.pages import Page, Pages
from afterword.api.routes import router
from afterword.services import api_keys

routes = router("api-keys")


class NewApiKey(Given):
    name: Name


class ApiKey(Told):
    id: str
    name: str
    prefix: str
    created_at: Instant
    last_used_at: Instant | None


class ShownApiKey(ApiKey):
    """`key` is the whole key, shown this once; null where the same request is answered again."""

    key: str | None


class ApiKeyPage(Page[ApiKey]):
    """A page of keys, none of them whole."""


@routes.post("/api-keys", status_code=201, operation_id="create_api_key")
def create_api_key(body: NewApiKey, access: Creating, response: Response) -> ShownApiKey:
    """Make a key. It is shown in this answer and never again."""
    made, key = api_keys.create(access.session, access.account_id, body.name, access.now)
    access.hide_when_replayed("key")
    response.headers["Cache-Control"] = "no-store"
    return ShownApiKey(**ApiKey.model_validate(made).model_dump(), key=key)


@routes.get("/api-keys", operation_id="list_api_keys")
def list_api_keys(access: Reading, pages: Pages) -> ApiKeyPage:
    """The keys that work."""
    found = api_keys.listed(access.session, access.account_id, pages.after, pages.one_more)
    next_cursor = pages.next_cursor([each.id for each in found])
    return ApiKeyPage(items=[ApiKey.model_validate(each) for each in found[: pages.limit]], next_cursor=next_cursor)


@routes.delete("/api-keys/{key_id}", status_code=204, operation_id="delete_api_key")
def delete_api_key(key_id: Identifier, access: Changing) -> None:
    """Revoke a key at once."""
    api_keys.revoke(access.session, access.account_id, key_id, access.now)
