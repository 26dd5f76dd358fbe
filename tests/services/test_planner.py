"""Planning: what is announced, what is not, and that planning twice writes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from afterword.services import planner
from afterword.storage.database import Database
from afterword.storage.tables import interviews, opportunities, playbook_versions
from support.recorded import ANA, BEN, DAY, END, HOUR, Recorded


@pytest.fixture
def mine(database: Database) -> Recorded:
    return Recorded.in_(database, playbook="three-things")


def test_what_is_open_at_once_is_told_at_once_after_its_cause(mine: Recorded) -> None:
    mine.log(END)
    assert mine.types() == [
        "interview.created",
        "interview.held",
        "action.opened thank-you",
        "action.opened thank-you-card",
    ]
    assert [row.sequence for row in mine.told()] == [1, 2, 3, 4]


def test_an_event_carries_exactly_the_item_of_next_actions_and_its_subjects(mine: Recorded) -> None:
    interview = mine.log(END)
    data = mine.told()[2].payload["data"]
    assert data["action"] == mine.actions(END)[("thank-you", "Ana Ruiz")]
    assert data["opportunity"] == {
        "id": interview.interview.opportunity_id,
        "company": "Acme",
        "role": "Data engineer",
    }
    assert data["interview"]["id"] == interview.interview.id
    assert data["contact"] == {"id": interview.people[0].contact_id, "name": "Ana Ruiz", "email": "ana@acme.example"}
    assert (data["hold"], data["test"]) == (None, False)


def test_planning_twice_writes_nothing(mine: Recorded) -> None:
    opportunity_id = mine.log(END).interview.opportunity_id
    before = (mine.told(), mine.planned(), mine.version(), mine.opportunity(opportunity_id))
    mine.plan(END, opportunity_id)
    assert (mine.told(), mine.planned(), mine.version(), mine.opportunity(opportunity_id)) == before


def test_the_next_look_is_when_the_timeline_changes_by_itself(mine: Recorded) -> None:
    opportunity_id = mine.log(END - 2 * HOUR).interview.opportunity_id
    assert mine.opportunity(opportunity_id).wake_at == END - HOUR, "the start of the interview"
    mine.plan(END - HOUR, opportunity_id)
    assert mine.opportunity(opportunity_id).wake_at == END
    mine.plan(END, opportunity_id)
    assert mine.opportunity(opportunity_id).wake_at == END + HOUR, "when the thank-you is due"


def test_time_passing_is_told_as_it_passes(mine: Recorded) -> None:
    opportunity_id = mine.log(END - 2 * HOUR).interview.opportunity_id
    assert mine.types() == ["interview.created"]
    mine.plan(END, opportunity_id)
    assert mine.types(1) == ["interview.held", "action.opened thank-you", "action.opened thank-you-card"]
    mine.plan(END + HOUR, opportunity_id)
    assert mine.types(4) == ["action.overdue thank-you"]
    mine.plan(END + 14 * DAY, opportunity_id)
    assert sorted(mine.types(5)) == [
        "action.lapsed thank-you",
        "action.lapsed thank-you-card",
        "action.overdue follow-up",
    ]


def test_a_touch_settles_what_it_fulfils(mine: Recorded) -> None:
    interview = mine.log(END)
    last = mine.last()
    person = interview.people[0].contact_id
    sent = {"contact_id": person, "direction": "outbound", "purpose": "thank-you"}
    mine.touch(END + HOUR / 2, interview.interview.opportunity_id, **sent)
    assert mine.types(last) == ["touch.recorded", "action.done thank-you"]
    assert mine.told(last)[0].payload["data"]["touch"]["purpose"] == "thank-you"


def test_an_outcome_withdraws_what_it_ends_and_reopening_brings_it_back(mine: Recorded) -> None:
    opportunity_id = mine.log(END).interview.opportunity_id
    last = mine.last()
    mine.end(END + HOUR / 2, opportunity_id, "rejected")
    told = mine.types(last)
    assert told[0] == "opportunity.closed"
    assert {"action.withdrawn thank-you", "action.withdrawn thank-you-card"} <= set(told)
    assert "action.opened ask-feedback" in told
    last = mine.last()
    mine.reopen(END + HOUR / 2, opportunity_id)
    again = mine.types(last)
    assert {"opportunity.updated", "action.withdrawn ask-feedback", "action.opened thank-you"} <= set(again)


def test_a_reminder_expires_with_its_action_and_news_after_seven_days(database: Database) -> None:
    mine = Recorded.in_(database, playbook="balanced")
    mine.log(END)
    by_type = {row.type + row.payload["data"]["action"]["kind"]: row for row in mine.told() if row.type[:6] == "action"}
    thank_you = by_type["action.openedthank-you"]
    assert thank_you.expires_at == END + 14 * DAY
    created = mine.told()[0]
    assert created.expires_at == END + 7 * DAY


def test_an_interview_long_over_is_not_told_as_held(mine: Recorded) -> None:
    mine.log(END + 8 * DAY)
    assert "interview.held" not in mine.types()


def test_an_interview_that_is_put_off_is_held_again(mine: Recorded) -> None:
    interview = mine.log(END).interview
    with mine.database.write() as session:
        moved = {"starts_at": END + DAY, "ends_at": END + DAY + HOUR}
        session.execute(update(interviews).where(interviews.c.id == interview.id).values(**moved))
        planner.plan_after_change(session, mine.account_id, [interview.opportunity_id], END + HOUR)
    last = mine.last()
    mine.plan(END + DAY + HOUR, interview.opportunity_id)
    assert mine.types(last)[0] == "interview.held"


def test_holds_start_and_are_lifted(database: Database) -> None:
    mine = Recorded.in_(database, playbook="dos-and-donts")
    opportunity_id = mine.log(END).interview.opportunity_id
    assert "hold.started wait-for-timeline" in mine.types()
    started = next(row for row in mine.told() if row.type == "hold.started")
    assert started.payload["data"]["action"] is None
    assert started.payload["data"]["hold"]["opportunity_id"] == opportunity_id
    last = mine.last()
    mine.plan(END + 15 * DAY, opportunity_id)
    assert "hold.lifted wait-for-timeline" in mine.types(last)


def test_one_delivery_is_written_for_each_endpoint_that_wants_the_event(mine: Recorded) -> None:
    everything = mine.subscribe()
    opened = mine.subscribe(event_types=["action.opened"])
    mine.log(END)
    by_endpoint = [row.endpoint_id for row in mine.deliveries()]
    assert by_endpoint.count(everything) == 4
    assert by_endpoint.count(opened) == 2
    assert {(row.state, row.next_attempt_at) for row in mine.deliveries()} == {("pending", END)}


def test_a_shared_person_makes_one_circle(mine: Recorded) -> None:
    first = mine.log(END).interview.opportunity_id
    second = mine.log(END, company="Brindle").interview.opportunity_id
    apart = mine.log(END, company="Cask", people=[BEN]).interview.opportunity_id
    with mine.database.write() as session:
        assert planner.plan(session, mine.account_id, [first], END) == {first, second}
        assert planner.plan(session, mine.account_id, [apart], END) == {apart}


def test_an_offer_that_comes_or_goes_wakes_every_other_opportunity_and_a_rejection_none(mine: Recorded) -> None:
    first = mine.log(END).interview.opportunity_id
    apart = mine.log(END, company="Cask", people=[BEN]).interview.opportunity_id
    woken = mine.opportunity(apart).wake_at
    mine.end(END + HOUR / 8, first, "rejected")
    assert mine.opportunity(apart).wake_at == woken
    mine.end(END + HOUR / 4, first, "offer")
    assert mine.opportunity(apart).wake_at == END + HOUR / 4
    mine.wake(apart, None)
    mine.reopen(END + HOUR / 2, first)
    assert mine.opportunity(apart).wake_at == END + HOUR / 2


def test_an_offer_is_told_to_the_others(database: Database) -> None:
    mine = Recorded.in_(database)
    first = mine.log(END).interview.opportunity_id
    apart = mine.log(END, company="Cask", people=[BEN]).interview.opportunity_id
    last = mine.last()
    mine.end(END + HOUR, first, "offer", answer_by=(END + 14 * DAY).date())
    mine.plan(END + HOUR, apart)
    assert "action.opened tell-of-other-offer" in mine.types(last)


def test_a_claimed_opportunity_is_planned_once(mine: Recorded) -> None:
    opportunity_id = mine.log(END - 2 * HOUR).interview.opportunity_id
    results = []
    for _ in range(2):
        with mine.database.write() as session:
            results.append(planner.plan_due(session, mine.account_id, opportunity_id, END))
    assert results == [True, False]
    assert mine.types(1) == ["interview.held", "action.opened thank-you", "action.opened thank-you-card"]


def test_each_failure_parks_for_longer(mine: Recorded) -> None:
    opportunity_id = mine.log(END).interview.opportunity_id
    pauses = []
    for _ in range(3):
        with mine.database.write() as session:
            planner.park(session, opportunity_id, END, "ValueError: no")
        pauses.append((mine.opportunity(opportunity_id).parked_until - END).total_seconds())
    assert pauses == [30, 60, 120]
    assert mine.opportunity(opportunity_id).plan_error == "ValueError: no"
    mine.plan(END, opportunity_id)
    row = mine.opportunity(opportunity_id)
    assert (row.parked_until, row.plan_failures, row.plan_error) == (None, 0, None)


def test_the_playbook_is_kept_whole_at_the_version_that_planned(mine: Recorded) -> None:
    opportunity_id = mine.log(END).interview.opportunity_id
    row = mine.opportunity(opportunity_id)
    with mine.database.read() as session:
        kept = session.execute(playbook_versions.select()).all()
    assert [(each.id, each.version) for each in kept] == [("three-things", row.playbook_version)]
    assert kept[0].document["rules"]


def test_an_opportunity_stays_at_its_version_when_a_release_brings_another(mine: Recorded) -> None:
    opportunity_id = mine.log(END).interview.opportunity_id
    with mine.database.write() as session:
        document = session.execute(playbook_versions.select()).one().document
        older = {**document, "rules": [rule for rule in document["rules"] if rule["id"] != "thank-you-card"]}
        session.execute(update(playbook_versions).values(document=older, version="an older one"))
        session.execute(update(opportunities).values(playbook_version="an older one"))
    kinds = {kind for kind, _ in mine.actions(END)}
    assert "thank-you" in kinds
    assert "thank-you-card" not in kinds
    mine.plan(END, opportunity_id)
    assert mine.opportunity(opportunity_id).playbook_version == "an older one"


def test_each_opportunity_is_judged_by_its_own_playbook(mine: Recorded) -> None:
    mine.log(END, people=[ANA])
    other = mine.log(END, company="Brindle", people=[BEN]).interview.opportunity_id
    with mine.database.write() as session:
        session.execute(update(opportunities).where(opportunities.c.id == other).values(playbook_id="five-things"))
        planner.plan_after_change(session, mine.account_id, [other], END)
    found = mine.actions(END)
    assert ("thank-you-card", "Ana Ruiz") in found
    assert ("thank-you-card", "Ben Ode") not in found
    assert ("connect", "Ben Ode") in found
    states = [each["state"] for each in found.values()]
    assert states == sorted(states, key=["overdue", "open", "upcoming"].index)


def test_waking_an_account_plans_nothing_yet_and_makes_kept_answers_stale(mine: Recorded) -> None:
    opportunity_id = mine.log(END).interview.opportunity_id
    version, last = mine.version(), mine.last()
    with mine.database.write() as session:
        planner.wake_account(session, mine.account_id, END + HOUR / 2)
    assert mine.opportunity(opportunity_id).wake_at == END + HOUR / 2
    assert mine.version() == version + 1
    assert mine.types(last) == []


def test_two_accounts_do_not_see_each_other(mine: Recorded, database: Database) -> None:
    theirs = Recorded.in_(database, name="Theirs")
    mine.log(END)
    assert theirs.types() == []
    assert all(kind == "keep-searching" for kind, _ in theirs.actions(END))
