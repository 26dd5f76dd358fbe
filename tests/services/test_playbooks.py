"""Playbooks in use: kept whole at the version that planned, moved by switching on, never replaced by another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from afterword.errors import InvalidPlaybook
from afterword.playbooks import shelf
from afterword.policy.engine import evaluate
from afterword.services import advice as asking
from afterword.services import bookshelf, interviews, own_playbooks, planner, playbooks, switches
from afterword.services import opportunities as stored
from afterword.services.advice import advice
from afterword.services.circles import bearing_on
from afterword.services.next_actions import Query, next_actions
from afterword.storage.database import Database
from afterword.storage.facts import Scope, read_facts
from afterword.storage.tables import accounts, opportunities, playbook_versions
from support.playbooks import OUR_WAY, OUR_WAY_LATER, OUR_WAY_REWORDED
from support.recorded import BEN, DAY, END, HOUR, Recorded

CAL = {"name": "Cal Roe", "email": "cal@cask.example", "roles": ["interviewer"]}
WITHOUT_PIE = OUR_WAY[: OUR_WAY.index("  - id: pie")]
SEARCHING_ENDS = OUR_WAY.replace("without: [", "without: [keep-searching, ")


def a_new_process_starts() -> None:
    playbooks._READ._known.clear()


class Playing(Recorded):
    """An account that writes playbooks."""

    def log(self, now: datetime, **values: Any) -> interviews.WholeInterview:
        playbook_id = values.pop("playbook_id", None)
        logged = super().log(now, **values)
        if playbook_id is not None:
            opportunity_id = logged.interview.opportunity_id
            with self.database.write() as session:
                whole = stored.find(session, self.account_id, opportunity_id)
                stored.change(session, self.account_id, whole, {"playbook_id": playbook_id}, now)
        return logged

    def create(self, text: str = OUR_WAY) -> str:
        with self.database.write() as session:
            made = own_playbooks.create(session, self.account_id, own_playbooks.read(text), END - DAY)
        return made.current_version

    def store(self, text: str) -> str:
        with self.database.write() as session:
            standing = own_playbooks.find(session, self.account_id, "our-way")
            candidate = own_playbooks.read(text)
            return own_playbooks.replace(session, self.account_id, standing, candidate, END).current_version

    def switch(self, identifier: str, ids: list[str] | None, now: datetime = END) -> switches.Switched:
        with self.database.write() as session:
            return switches.switch_on(session, self.account_id, identifier, ids, now)

    def make_default(self, identifier: str, now: datetime = END) -> switches.Switched:
        with self.database.write() as session:
            return switches.make_default(session, self.account_id, identifier, now)

    def everything(self, now: datetime) -> dict[str, Any]:
        with self.database.read() as session:
            return next_actions(session, self.account_id, Query(), now).told

    def forget_how_to_read(self, version: str) -> None:
        """As a release does that has no such anchor any more."""
        with self.database.write() as session:
            mine = (playbook_versions.c.account_id == self.account_id) & (playbook_versions.c.version == version)
            document = session.execute(select(playbook_versions.c.document).where(mine)).scalar_one()
            document["rules"][0]["opens"] = {"anchor": "moon.full"}
            session.execute(update(playbook_versions).where(mine).values(document=document))
        a_new_process_starts()


@pytest.fixture
def mine(database: Database) -> Playing:
    return Playing.in_(database)


def due(mine: Playing, now: datetime = END) -> Any:
    return mine.actions(now)[("pie", "Ana Ruiz")]["window"]["due_at"]


def test_what_was_planned_with_a_version_answers_the_same_until_it_is_moved(mine: Playing) -> None:
    first = mine.create()
    opportunity = mine.log(END, playbook_id="our-way").interview.opportunity_id
    mine.make_default("our-way")
    before = mine.everything(END + HOUR)
    second = mine.store(OUR_WAY_LATER.replace("without: [", "without: [keep-searching, "))
    mine.plan(END, opportunity)
    assert mine.everything(END + HOUR) == before, "the account as a whole too"
    assert mine.opportunity(opportunity).playbook_version == first
    mine.switch("our-way", [opportunity])
    assert mine.opportunity(opportunity).playbook_version == second
    assert mine.everything(END + HOUR) != before


def test_a_release_that_reads_it_anew_answers_the_same(mine: Playing) -> None:
    mine.create()
    mine.log(END, playbook_id="our-way")
    mine.store(OUR_WAY_LATER)
    before = mine.everything(END + HOUR)
    a_new_process_starts()
    assert mine.everything(END + HOUR) == before


def test_a_new_version_is_for_what_comes_after_it_where_it_is_named(mine: Playing) -> None:
    mine.create()
    mine.make_default("our-way")
    second = mine.store(OUR_WAY_LATER)
    follower = mine.log(END).interview.opportunity_id
    named = mine.log(END, company="Brindle", people=[BEN], playbook_id="our-way").interview.opportunity_id
    assert mine.opportunity(named).playbook_version == second
    assert mine.opportunity(follower).playbook_version != second, (
        "the account goes by the first until it is switched on"
    )
    assert mine.make_default("our-way").moved == 1
    assert mine.opportunity(follower).playbook_version == second


def test_what_stays_of_a_removed_playbook_is_what_something_went_by(mine: Playing) -> None:
    first = mine.create()
    opportunity = mine.log(END, playbook_id="our-way").interview.opportunity_id
    mine.store(OUR_WAY_LATER)
    mine.end(END + HOUR, opportunity, "rejected")
    before = mine.everything(END + 2 * HOUR)
    with mine.database.write() as session:
        own_playbooks.remove(session, mine.account_id, own_playbooks.find(session, mine.account_id, "our-way"))
        kept = session.execute(
            select(playbook_versions.c.version).where(playbook_versions.c.id == "our-way")
        ).scalars()  # fmt: skip
        assert list(kept) == [first]
    a_new_process_starts()
    assert mine.everything(END + 2 * HOUR) == before
    mine.reopen(END + 2 * HOUR, opportunity)
    assert ("pie", "Ana Ruiz") in mine.actions(END + 2 * HOUR)


def test_switching_announces_the_differences_alone(mine: Playing) -> None:
    mine.create()
    opportunity = mine.log(END + 2 * HOUR).interview.opportunity_id
    last = mine.last()
    told = mine.switch("our-way", [opportunity], END + 2 * HOUR)
    assert (told.moved, told.planned) == (1, True)
    assert mine.types(last) == ["action.opened pie"]
    again = mine.switch("our-way", [opportunity], END + 2 * HOUR)
    assert (again.moved, again.planned) == (0, True)
    assert mine.types(last) == ["action.opened pie"]
    mine.switch("balanced", None, END + 2 * HOUR)
    assert mine.types(last)[1:] == ["action.withdrawn pie"]


def test_words_about_the_rules_plan_nothing_anew(mine: Playing) -> None:
    mine.create()
    opportunity = mine.log(END, playbook_id="our-way").interview.opportunity_id
    last, version = mine.last(), mine.opportunity(opportunity).playbook_version
    assert mine.store(OUR_WAY_REWORDED) == version
    assert mine.switch("our-way", None).moved == 0
    assert mine.types(last) == []


def test_many_are_left_to_the_worker(mine: Playing) -> None:
    version = mine.create()
    first = mine.log(END).interview.opportunity_id
    with mine.database.write() as session:
        row = session.execute(select(opportunities).where(opportunities.c.id == first)).one()._asdict()
        copies = [{**row, "id": f"opp_{number}", "external_id": None} for number in range(switches.PLANNED_AT_ONCE)]
        session.execute(opportunities.insert(), copies)
    told = mine.switch("our-way", None, END + HOUR)
    assert (told.moved, told.planned) == (switches.PLANNED_AT_ONCE + 1, False)
    row = mine.opportunity("opp_0")
    assert (row.playbook_id, row.playbook_version, row.wake_at) == ("our-way", version, END + HOUR)


def test_what_has_ended_is_not_moved_with_the_rest_and_an_offer_is(mine: Playing) -> None:
    mine.create()
    ended = mine.log(END).interview.opportunity_id
    offered = mine.log(END, company="Brindle", people=[BEN]).interview.opportunity_id
    mine.end(END + HOUR, ended, "rejected")
    mine.end(END + HOUR, offered, "offer")
    assert mine.switch("our-way", None, END + 2 * HOUR).moved == 1
    assert mine.opportunity(ended).playbook_id is None
    assert mine.opportunity(offered).playbook_id == "our-way"


def test_the_account_goes_with_those_that_follow_it(mine: Playing) -> None:
    version = mine.create(SEARCHING_ENDS)
    follower = mine.log(END).interview.opportunity_id
    other = mine.log(END, company="Brindle", people=[BEN], playbook_id="five-things").interview.opportunity_id
    assert ("keep-searching", None) in mine.actions(END)
    assert mine.make_default("our-way").moved == 1
    assert mine.opportunity(follower).playbook_version == version
    assert mine.opportunity(other).playbook_id == "five-things"
    assert ("keep-searching", None) not in mine.actions(END)
    assert ("pie", "Ana Ruiz") in mine.actions(END)
    assert ("pie", "Ben Ode") not in mine.actions(END)


def test_two_at_one_kept_version_are_both_advised(mine: Playing) -> None:
    mine.create()
    mine.log(END, playbook_id="our-way")
    mine.log(END, company="Brindle", people=[BEN], playbook_id="our-way")
    mine.store(OUR_WAY_LATER)
    assert {("pie", "Ana Ruiz"), ("pie", "Ben Ode")} <= mine.actions(END).keys()


def test_where_a_version_cannot_be_read_nothing_is_said_but_that(mine: Playing) -> None:
    version = mine.create()
    opportunity = mine.log(END, playbook_id="our-way").interview.opportunity_id
    other = mine.log(END, company="Brindle", people=[BEN]).interview.opportunity_id
    before, last = mine.planned(), mine.last()
    mine.forget_how_to_read(version)
    told = mine.everything(END + HOUR)
    assert {each["opportunity_id"] for each in told["actions"]} == {other, None}
    [unread] = told["not_advised"]
    assert (unread["opportunity_id"], unread["playbook"], unread["version"]) == (opportunity, "our-way", version)
    assert "moon.full" in unread["why"] or "anchor" in unread["why"]
    mine.plan(END, opportunity, other)
    assert mine.types(last) == [], "nobody is told that anything has ended"
    assert mine.planned() == before
    row = mine.opportunity(opportunity)
    assert row.parked_until > END, "readiness counts it"
    assert "our-way" in row.plan_error
    assert mine.opportunity(other).parked_until is None
    mine.switch("balanced", [opportunity])
    assert mine.opportunity(opportunity).parked_until is None
    assert "not_advised" not in mine.everything(END + HOUR)


def test_a_playbook_that_cannot_be_read_is_mended_by_storing_it_again(mine: Playing) -> None:
    version = mine.create()
    opportunity = mine.log(END, playbook_id="our-way").interview.opportunity_id
    mine.forget_how_to_read(version)
    mine.store(OUR_WAY)
    a_new_process_starts()
    mine.plan(END, opportunity)
    assert "not_advised" not in mine.everything(END)
    assert ("pie", "Ana Ruiz") in mine.actions(END)


def test_a_playbook_that_all_used_and_is_gone_is_not_replaced_by_another(mine: Playing) -> None:
    mine.log(END)
    with mine.database.write() as session:
        session.execute(update(accounts).where(accounts.c.id == mine.account_id).values(playbook="the-operators"))
        planner.wake_account(session, mine.account_id, END)
    told = mine.everything(END)
    assert told["actions"] == []
    assert {each["playbook"] for each in told["not_advised"]} == {"the-operators"}
    with mine.database.read() as session, pytest.raises(InvalidPlaybook, match="no playbook the-operators"):
        playbooks.in_force(session, mine.account_id, "the-operators", None)
    again = mine.log(END, company="Brindle", people=[BEN])
    assert mine.opportunity(again.interview.opportunity_id).parked_until > END


@pytest.fixture
def operators(tmp_path: Path) -> Iterator[Path]:
    """The file of a playbook that the operator has for all."""
    path = tmp_path / "our-way.yaml"
    path.write_text(OUR_WAY)
    shelf.fill(tmp_path)
    yield path
    shelf.fill(None)


def test_what_went_by_an_operators_playbook_goes_by_it_when_that_changes_or_is_gone(
    mine: Playing, operators: Path
) -> None:
    opportunity = mine.log(END, playbook_id="our-way").interview.opportunity_id
    before = mine.everything(END + HOUR)
    for text in (OUR_WAY_LATER, None):
        operators.unlink() if text is None else operators.write_text(text)
        shelf.fill(operators.parent)
        mine.plan(END, opportunity)
        assert mine.everything(END + HOUR) == before


def test_an_own_playbook_stays_when_the_operator_has_another_of_its_name(
    mine: Playing, tmp_path: Path, operators: Path
) -> None:
    shelf.fill(None)
    mine.create(OUR_WAY_LATER)
    mine.log(END, playbook_id="our-way")
    before = mine.everything(END + HOUR)
    shelf.fill(tmp_path)
    assert operators.exists()
    assert mine.everything(END + HOUR) == before
    with mine.database.read() as session:
        lines = {each.id: each.origin for each in bookshelf.listed(bookshelf.Reader(session, mine.account_id))}
    assert lines["our-way"] == "own"
    mine.create(OUR_WAY.replace("our-way", "their-way"))


def test_the_name_of_an_operators_playbook_is_taken(mine: Playing, operators: Path) -> None:
    assert operators.exists()
    with pytest.raises(own_playbooks.Conflict, match="all may use"):
        mine.create()
    with mine.database.read() as session:
        [line] = [each for each in bookshelf.listed(bookshelf.Reader(session, mine.account_id)) if each.id == "our-way"]
    assert (line.origin, line.about) == ("operator", "The default with a pie")


def test_a_circle_is_planned_although_one_of_it_cannot_be_read(mine: Playing) -> None:
    version = mine.create()
    mine.log(END, playbook_id="our-way")
    mine.forget_how_to_read(version)
    near = mine.log(END, company="Brindle").interview.opportunity_id
    assert mine.opportunity(near).parked_until is None
    assert mine.opportunity(near).playbook_version is not None


def test_whole_is_as_it_was_when_it_was_stored(mine: Playing) -> None:
    mine.create()
    with mine.database.write() as session:
        document = session.execute(select(playbook_versions.c.document)).scalar_one()
        # As a release stored it in which these were not yet part of every playbook.
        document["rules"] = [rule for rule in document["rules"] if rule["id"] not in {"name-people", "no-contact"}]
        session.execute(update(playbook_versions).values(document=document))
    a_new_process_starts()
    with mine.database.read() as session:
        read = playbooks.available(session, mine.account_id, "our-way")
    assert {rule.id for rule in read.rules} | {hold.id for hold in read.holds} == {
        rule["id"] for rule in document["rules"]
    }


def test_each_of_many_playbooks_is_asked_about_what_it_judges_and_answers_as_if_it_knew_all(mine: Playing) -> None:
    mine.create()
    apart = mine.log(END, company="Cask", people=[CAL], playbook_id="five-things").interview.opportunity_id
    near = [mine.log(END, company=name, playbook_id="our-way").interview.opportunity_id for name in ("Acme", "Brindle")]
    offered = mine.log(END, company="Dell", people=[BEN]).interview.opportunity_id
    mine.end(END, offered, "offer", answer_by=(END + 14 * DAY).date())
    with mine.database.read() as session:
        stored_facts = read_facts(session, Scope(mine.account_id), END)
        playbook = playbooks.available(session, mine.account_id, "our-way")
        known = advice(session, mine.account_id, stored_facts, END)
    part = bearing_on(stored_facts.facts, near[:1])
    assert [each.key for each in part.opportunities] == [*near, offered]
    assert apart not in {each.key for each in part.opportunities}
    whole = evaluate(playbook, stored_facts.facts, END)
    wanted = [each for each in whole.actions if each.opportunity in near]
    assert [each for each in known.timeline.actions if each.opportunity in near] == wanted
    assert "tell-of-other-offer" in {each.kind for each in wanted}


def test_one_that_asks_too_much_of_an_opportunity_is_not_asked(mine: Playing, monkeypatch: pytest.MonkeyPatch) -> None:
    version = mine.create()
    opportunity = mine.log(END, playbook_id="our-way").interview.opportunity_id
    monkeypatch.setattr(asking, "LARGEST_NUMBER_OF_PAIRS", 10)
    mine.plan(END, opportunity)
    [unread] = mine.everything(END)["not_advised"]
    assert (unread["opportunity_id"], unread["version"]) == (opportunity, version)
    assert "more than 10" in unread["why"]
    assert mine.opportunity(opportunity).parked_until > END
    with pytest.raises(InvalidPlaybook, match="more than 10"):
        mine.actions(END, playbook="our-way")
    assert mine.actions(END, playbook="balanced"), "those that all may use are short enough"


@pytest.mark.parametrize("most", ["MOST_PLAYBOOKS", "MOST_VERSIONS"])
def test_there_is_a_most_of_everything(mine: Playing, most: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_playbooks, most, 1)
    mine.create()
    with pytest.raises(own_playbooks.Conflict, match="as many as"):
        mine.create(OUR_WAY.replace("our-way", "their-way")) if most == "MOST_PLAYBOOKS" else mine.store(WITHOUT_PIE)
