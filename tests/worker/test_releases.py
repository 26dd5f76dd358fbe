"""A new release has everything planned again, once."""

from __future__ import annotations

from sqlalchemy import select

from afterword.services.releases import fingerprint, plan_anew_if_changed
from afterword.storage.database import Database
from afterword.storage.tables import opportunities
from support.recorded import END, HOUR, Recorded


def wake_times(database: Database) -> set[object]:
    with database.read() as session:
        return set(session.execute(select(opportunities.c.wake_at)).scalars())


def test_the_same_release_wakes_nothing(database: Database) -> None:
    mine = Recorded.in_(database)
    plan_anew_if_changed(database, END, fingerprint())
    mine.log(END)
    before = wake_times(database)
    assert plan_anew_if_changed(database, END + HOUR, fingerprint()) is False
    assert wake_times(database) == before


def test_another_release_wakes_everything_once(database: Database) -> None:
    mine = Recorded.in_(database)
    plan_anew_if_changed(database, END, fingerprint())
    mine.log(END)
    mine.log(END, company="Globex")
    assert plan_anew_if_changed(database, END + HOUR, "afterword=2.0.0 holidays=9")
    assert wake_times(database) == {END + HOUR}
    assert plan_anew_if_changed(database, END + 2 * HOUR, "afterword=2.0.0 holidays=9") is False


def test_the_fingerprint_names_all_that_windows_are_reckoned_with() -> None:
    assert [part.partition("=")[0] for part in fingerprint().split()] == [
        "afterword",
        "holidays",
        "tzdata",
        "playbooks",
    ]
