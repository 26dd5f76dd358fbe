"""What attempts say of their endpoints, when several workers and the owner have their say as well."""

from __future__ import annotations

import threading
from datetime import datetime

from sqlalchemy import update

from afterword.delivery.answers import Answer
from afterword.services import claims, events, results, verdicts, webhook_endpoints
from afterword.services.claims import Claimed, Room
from afterword.services.events import Occurrence
from afterword.services.results import Sent
from afterword.services.verdicts import Useless
from afterword.storage import planned
from afterword.storage import webhook_endpoints as stored
from afterword.storage.database import Database
from afterword.storage.tables import webhook_endpoints as endpoint_rows
from support.recorded import DAY, END, Recorded

NEW = "https://new.example.com/"


def test_what_a_former_url_answers_says_nothing_of_the_present_one(database: Database) -> None:
    mine, endpoint_id, [delivery] = claimed(database, 1)
    change(mine, endpoint_id, {"url": NEW})
    assert finish(mine, delivery, 410) == []
    assert (endpoint(mine, endpoint_id).enabled, endpoint(mine, endpoint_id).failing_since) == (True, None)


def test_a_new_url_begins_with_a_clean_slate(database: Database) -> None:
    mine, endpoint_id, [delivery] = claimed(database, 1)
    finish(mine, delivery, 500)
    assert endpoint(mine, endpoint_id).failing_since
    change(mine, endpoint_id, {"description": "the same place"})
    assert endpoint(mine, endpoint_id).failing_since
    change(mine, endpoint_id, {"url": NEW})
    assert endpoint(mine, endpoint_id).failing_since is None


def test_an_endpoint_that_answered_410_is_given_up_once_its_account_is_free(shared: Database) -> None:
    mine, endpoint_id, [delivery] = claimed(shared, 1)
    [useless] = finish(mine, delivery, 410)
    with shared.write() as planning:
        planned.lock_account(planning, mine.account_id)
        assert not settled(mine, useless)
        assert endpoint(mine, endpoint_id).enabled
    assert settled(mine, useless)
    assert endpoint(mine, endpoint_id).disabled_reason == "it answered 410 Gone"
    assert settled(mine, useless), "a second time changes nothing"
    assert mine.types()[-1] == "endpoint.disabled"
    assert mine.types().count("endpoint.disabled") == 1


def test_an_endpoint_that_is_well_again_by_then_is_not_given_up(database: Database) -> None:
    mine, endpoint_id, [first, second] = claimed(database, 2)
    failing_since(mine, END - 6 * DAY)
    [useless] = finish(mine, first, 500)
    finish(mine, second, 200)
    assert settled(mine, useless)
    assert endpoint(mine, endpoint_id).enabled


def test_a_success_that_another_worker_writes_meanwhile_is_not_overwritten(shared: Database) -> None:
    mine, endpoint_id, [first, second] = claimed(shared, 2)
    failing_since(mine, END - 6 * DAY)
    with shared.write() as session:
        # This worker has the endpoint's row; the other one has read how it was before, and has to look again.
        stored.health(session, [endpoint_id], locked=True)
        found: list[Useless] = []
        other = threading.Thread(target=lambda: found.extend(finish(mine, second, 503)))
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it waits for the row"
        results.finish(session, [sent(first, 200)])
    other.join()
    assert found == []
    assert endpoint(mine, endpoint_id).failing_since == END


def claimed(database: Database, count: int) -> tuple[Recorded, str, list[Claimed]]:
    mine = Recorded.in_(database)
    endpoint_id = mine.subscribe()
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * count, END)
    with database.write() as session:
        return mine, endpoint_id, claims.claim(session, END, Room(10, 10))


def sent(delivery: Claimed, status: int) -> Sent:
    return Sent(delivery, Answer(status, {}, "", None, 5), END, END, 0.0)


def finish(mine: Recorded, delivery: Claimed, status: int) -> list[Useless]:
    with mine.database.write() as session:
        return list(results.finish(session, [sent(delivery, status)]).useless)


def settled(mine: Recorded, useless: Useless) -> bool:
    with mine.database.write() as session:
        return verdicts.give_up(session, useless, END)


def change(mine: Recorded, endpoint_id: str, values: dict[str, object]) -> None:
    with mine.database.write() as session:
        webhook_endpoints.change(session, mine.account_id, endpoint_id, values, END)


def failing_since(mine: Recorded, at: datetime) -> None:
    with mine.database.write() as session:
        session.execute(update(endpoint_rows).values(failing_since=at))


def endpoint(mine: Recorded, endpoint_id: str) -> stored.WebhookEndpoint:
    with mine.database.read() as session:
        return webhook_endpoints.find(session, mine.account_id, endpoint_id)
