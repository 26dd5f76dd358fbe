"""Share links: how long each opens anything, what it shows, and what ends with what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from afterword.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from afterword.services import opportunities, shared, shares
from afterword.storage.database import Database
from afterword.storage.shares import Share
from support.recorded import BEN, DAY, END, HOUR, Recorded

ASKED = {"name": "Coach", "opportunity_id": None, "expires_at": None, "expires_in_days": None}


@pytest.fixture
def mine(database: Database) -> Recorded:
    return Recorded.in_(database)


def shared_by(mine: Recorded, now: datetime = END, **values: Any) -> tuple[Share, str]:
    with mine.database.write() as session:
        return shares.create(session, mine.account_id, {**ASKED, **values}, now)


def opened(mine: Recorded, secret: str, now: datetime) -> Share:
    with mine.database.read() as session:
        return shares.by_secret(session, secret, now)


def seen(mine: Recorded, secret: str, now: datetime) -> shared.View:
    with mine.database.read() as session:
        return shared.view(session, shares.by_secret(session, secret, now), now)


@pytest.mark.parametrize("ends", [{"expires_at": END + 7 * DAY}, {"expires_in_days": 7}], ids=["instant", "days"])
def test_a_link_opens_until_its_end_and_not_at_it(mine: Recorded, ends: dict[str, Any]) -> None:
    share, secret = shared_by(mine, **ends)
    assert share.expires_at == END + 7 * DAY
    assert opened(mine, secret, END + 7 * DAY - timedelta(microseconds=1)) == share
    assert not shares.has_ended(share, END + 7 * DAY - timedelta(microseconds=1))
    assert shares.has_ended(share, END + 7 * DAY)
    with pytest.raises(Unauthenticated):
        opened(mine, secret, END + 7 * DAY)


def test_a_link_without_an_end_opens_for_years(mine: Recorded) -> None:
    share, secret = shared_by(mine)
    assert share.expires_at is None
    assert opened(mine, secret, END + 3650 * DAY) == share


def test_an_end_that_has_passed_or_is_given_twice_is_refused(mine: Recorded) -> None:
    with pytest.raises(InvalidInput, match="expires_at"):
        shared_by(mine, expires_at=END)
    with pytest.raises(InvalidInput, match="expires_in_days"):
        shared_by(mine, expires_at=END + DAY, expires_in_days=1)


def test_a_link_that_is_revoked_or_was_never_made_opens_nothing(mine: Recorded) -> None:
    share, secret = shared_by(mine)
    with mine.database.write() as session:
        shares.revoke(session, mine.account_id, share.id)
        with pytest.raises(NotFound):
            shares.revoke(session, mine.account_id, share.id)
    for wrong in (secret, "afs_", "", None, f"{secret}x"):
        with mine.database.read() as session, pytest.raises(Unauthenticated):
            shares.by_secret(session, wrong, END)


def test_only_the_hash_of_a_secret_is_kept(mine: Recorded) -> None:
    _, secret = shared_by(mine)
    with mine.database.read() as session:
        kept = repr(session.exec_driver_sql("SELECT * FROM shares").all())
    assert secret not in kept
    assert secret.removeprefix("afs_") not in kept


def test_there_are_at_most_fifty(mine: Recorded) -> None:
    for _ in range(shares.MOST_SHARES):
        share, _secret = shared_by(mine)
    with pytest.raises(Conflict, match="50"):
        shared_by(mine)
    with mine.database.write() as session:
        shares.revoke(session, mine.account_id, share.id)
    shared_by(mine)


def test_those_whose_time_is_over_make_room(mine: Recorded) -> None:
    for _ in range(shares.MOST_SHARES):
        shared_by(mine, expires_in_days=1)
    with pytest.raises(Conflict, match="50"):
        shared_by(mine)
    newest, _secret = shared_by(mine, END + 2 * DAY)
    with mine.database.read() as session:
        assert shares.listed(session, mine.account_id, None, 100) == [newest]


def test_a_link_ends_with_its_opportunity_and_no_other_does(mine: Recorded) -> None:
    first, second = (mine.log(END, company=name).interview.opportunity_id for name in ("Acme", "Globex"))
    secrets = {each: shared_by(mine, opportunity_id=each)[1] for each in (None, first, second)}
    with mine.database.write() as session:
        opportunities.remove(session, mine.account_id, first, END + HOUR)
    with pytest.raises(Unauthenticated):
        opened(mine, secrets[first], END + HOUR)
    for kept in (None, second):
        assert opened(mine, secrets[kept], END + HOUR).opportunity_id == kept


def test_another_accounts_opportunity_cannot_be_shared(mine: Recorded) -> None:
    theirs = Recorded.in_(mine.database).log(END).interview.opportunity_id
    with pytest.raises(InvalidInput, match="opportunity_id"):
        shared_by(mine, opportunity_id=theirs)


def test_a_look_is_noted_once_a_minute(mine: Recorded) -> None:
    _, secret = shared_by(mine)
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (61, 60), (120, 120)):
        now = END + timedelta(seconds=seconds)
        share = opened(mine, secret, now)
        if shares.is_look_due(share, now):
            with mine.database.write() as session:
                shares.note_look(session, share, now)
        assert opened(mine, secret, now).last_seen_at == END + timedelta(seconds=noted)


def test_one_opportunity_says_nothing_of_the_names_of_others(mine: Recorded) -> None:
    acme = mine.log(END).interview.opportunity_id
    globex = mine.log(END, company="Globex", people=[BEN]).interview.opportunity_id
    mine.end(END + DAY, globex, "offer", at=END + DAY, answer_by=(END + 9 * DAY).date())
    _, secret = shared_by(mine, opportunity_id=acme)
    told = seen(mine, secret, END + 2 * DAY).next_actions
    [offer] = [each for each in told["actions"] if each["kind"] == "tell-of-other-offer"]
    assert offer["why"].startswith("another employer wants an answer by")
    assert "Globex" not in repr(told)
    [own] = [each for each in mine.actions(END + 2 * DAY).values() if each["kind"] == "tell-of-other-offer"]
    assert own["id"] == offer["id"]
    assert own["window"] == offer["window"]
    assert own["why"].startswith("Globex wants")


def test_today_shows_the_rounds_that_it_speaks_of_and_no_others(mine: Recorded) -> None:
    spoken_of = mine.log(END).interview
    long_ago = END - 200 * DAY
    over = mine.log(long_ago, company="Globex", people=[BEN], starts_at=long_ago).interview
    mine.end(long_ago + DAY, over.opportunity_id, "withdrawn", at=long_ago + DAY)
    _, secret = shared_by(mine)
    view = seen(mine, secret, END + 2 * HOUR)
    assert [each.interview.id for each in view.interviews] == [spoken_of.id]
    assert view.opportunity is None
    assert list(view.touches) == []
