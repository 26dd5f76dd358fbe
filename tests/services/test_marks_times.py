"""Times of marks that cannot be are refused at their field."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterword.errors import InvalidInput
from afterword.services.marks import Deed, mark
from afterword.services.next_actions import Query, next_actions
from afterword.storage.database import Database
from support.recorded import DAY, END, HOUR, Recorded


def thank_you(mine: Recorded) -> str:
    with mine.database.read() as session:
        told = next_actions(session, mine.account_id, Query(), END + HOUR).told
    return str(next(each["id"] for each in told["actions"] if each["kind"] == "thank-you"))


@pytest.mark.parametrize(
    ("deed", "path", "says"),
    [
        (Deed("snoozed", until=END + 20 * DAY), "until", "after this action lapses"),
        (Deed("snoozed", until=END - HOUR), "until", "later than now"),
        (Deed("done", at=END - DAY), "at", "before what this action answers to"),
        (Deed("done", at=END + timedelta(hours=2)), "at", "in the future"),
    ],
)
def test_a_time_that_cannot_be_is_refused(database: Database, deed: Deed, path: str, says: str) -> None:
    mine = Recorded.in_(database)
    mine.log(END)
    action = thank_you(mine)
    with database.write() as session, pytest.raises(InvalidInput) as refused:
        mark(session, mine.account_id, action, deed, END + HOUR)
    assert [problem.path for problem in refused.value.problems] == [path]
    assert says in refused.value.detail
