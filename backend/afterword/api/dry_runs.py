"""Dry runs: what a playbook would change, before it is switched on."""

import json
from typing import Annotated, Any

from fastapi import Depends, Response
from pydantic import BaseModel, Field, ValidationError

from afterword.api.answers import as_json
from afterword.api.deps import Reading
from afterword.api.fields import Given, Identifier, Instant, PlaybookId, Told
from afterword.api.pages import Pages
from afterword.api.playbook_texts import Sent, SentText, body_of
from afterword.api.routes import router
from afterword.api.switches import MOST_IDS
from afterword.errors import InvalidInput
from afterword.formats import yaml_document
from afterword.formats.answer_models import Action, Channel, Hold, Person, Window
from afterword.formats.facts_document import ChannelName, State
from afterword.formats.field_problems import field_problems
from afterword.policy.playbook import Playbook
from afterword.services import dry_runs as service
from afterword.services import own_playbooks, switches

routes = router("playbooks")
IS_A_PLAYBOOK = frozenset({"rules", "extends"})


class DryRun(Given):
    """What to try: a `playbook` in place of the stored one, written out or as text; as of when; for which ones."""

    playbook: dict[str, Any] | Annotated[str, Field(max_length=yaml_document.LARGEST_DOCUMENT)] | None = None
    at: Instant | None = None
    opportunity_ids: Annotated[list[Identifier], Field(min_length=1, max_length=MOST_IDS)] | None = None


class InForce(Told):
    """What an opportunity goes by now."""

    playbook: str
    version: str | None


class ActionSide(BaseModel):
    """An action on one side of the change."""

    state: State
    optional: bool
    window: Window | None
    channel: Channel | None
    title: str
    why: str
    checklist: list[str]


class HoldSide(BaseModel):
    """A hold on one side of the change."""

    forbids: list[str]
    channel: ChannelName | None
    until: Instant | None
    why: str
    spares: list[Person]


class ChangedAction(BaseModel):
    """The same action, before and after; `differs` names what is not the same."""

    id: str
    kind: str
    person: Person | None
    differs: list[str]
    before: ActionSide
    after: ActionSide


class ChangedHold(BaseModel):
    """The same hold, before and after; `differs` names what is not the same."""

    id: str
    kind: str
    person: Person | None
    differs: list[str]
    before: HoldSide
    after: HoldSide


class HoldChanges(BaseModel):
    """What would be left alone, and what no more."""

    added: list[Hold]
    removed: list[Hold]
    changed: list[ChangedHold]


class OpportunityChanges(BaseModel):
    """One opportunity; `not_advised` says why nothing is said of it now, where that is so."""

    opportunity_id: str
    company: str
    role: str | None
    in_force: InForce
    not_advised: str | None
    added: list[Action]
    removed: list[Action]
    changed: list[ChangedAction]
    holds: HoldChanges


class Totals(BaseModel):
    """Of this page: opportunities, those that anything changes for, and actions and holds together."""

    opportunities: int
    affected: int
    added: int
    removed: int
    changed: int


class DryRunAnswer(BaseModel):
    """What would change. Of each list the first 100 are told; the totals count all."""

    playbook: str
    version: str
    as_of: Instant
    opportunities: list[OpportunityChanges]
    totals: Totals
    next_cursor: str | None


def asked(_caller: Reading, body: SentText) -> tuple[DryRun, Playbook | None]:
    """What the body asks, and the playbook in it: a body with rules is one itself."""
    text = body.text
    written = _written(body, text) if text.strip() else {}
    if isinstance(written, dict) and IS_A_PLAYBOOK & written.keys():
        return DryRun(), own_playbooks.read(text, body.is_json).playbook
    question = _question(written)
    if question.playbook is None:
        return question, None
    source = question.playbook if isinstance(question.playbook, str) else json.dumps(question.playbook)
    return question, own_playbooks.read(source).playbook


@routes.post(
    "/playbooks/{playbook_id}/dry-run",
    operation_id="dry_run_playbook",
    summary="What would change if a playbook were on",
    responses={200: {"model": DryRunAnswer}},
    response_class=Response,
    openapi_extra=body_of(
        "A whole playbook to try in place of the stored one; or `playbook`, `at` and `opportunity_ids`, each optional.",
        required=False,
    ),
)
def dry_run_playbook(
    access: Reading,
    pages: Pages,
    playbook_id: PlaybookId,
    question: Annotated[tuple[DryRun, Playbook | None], Depends(asked)],
) -> Any:
    """Compares the current version, or the playbook sent, with what each open opportunity goes by. Writes nothing."""
    wanted, sent = question
    if sent is not None and sent.id != playbook_id:
        raise InvalidInput.at("id", f"must be {playbook_id}, as in the address")
    playbook = sent or switches.available(access.session, access.account_id, playbook_id)
    ids = service.asked(access.session, access.account_id, wanted.opportunity_ids, pages.after, pages.one_more)
    next_cursor = pages.next_cursor(ids)
    told = service.dry_run(
        access.session, access.account_id, playbook, ids[: pages.limit], wanted.at or access.now
    )  # fmt: skip
    links = {"Link": pages.response.headers["Link"]} if next_cursor else {}
    return as_json({**told, "next_cursor": next_cursor}, links)


def _written(body: Sent, text: str) -> Any:
    if not body.is_json:
        return yaml_document.load(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidInput.at("", "is not JSON; send an object, or YAML as application/yaml") from None


def _question(written: Any) -> DryRun:
    try:
        return DryRun.model_validate({} if written is None else written)
    except ValidationError as refused:
        found = field_problems(refused.errors(include_url=False), within=())
        raise InvalidInput(f"{found[0].told()}.", found) from None
