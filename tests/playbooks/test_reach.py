"""Rules that nothing can fire are refused, and what is refused as such never fires."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from afterword.errors import InvalidPlaybook
from afterword.formats.facts_document import ChannelName, InterviewFormat, OutcomeStatus, Role
from afterword.playbooks.loader import read_inline, read_whole
from afterword.policy.conditions import CONDITIONS
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Outcome
from support.facts_strategy import facts, instants

CITE = [{"source": "my-aunt", "locator": "by phone", "says": "Bring fruit."}]
ASKING: dict[str, Any] = {
    "id": "asking",
    "kind": "asking",
    "for": "opportunity",
    "opens": {"anchor": "wait", "plus": "P7D"},
    "repeat": {"every": "P7D", "max": 2},
    "one_a_day": True,
    "channel": {"recommended": "email"},
    "cite": CITE,
}
THANKING: dict[str, Any] = {
    "id": "thanking",
    "kind": "thanking",
    "for": "person",
    "opens": {"anchor": "interview.end"},
    "channel": {"recommended": "email"},
    "cite": CITE,
}
END, DONE = {"anchor": "interview.end"}, {"anchor": "last_done(thanking)"}


def a_rule(subject: str, *when: Any, **more: Any) -> dict[str, Any]:
    opens = {} if subject == "account" or "forbids" in more else {"opens": END}
    return {"id": "tested", "kind": "tested", "for": subject, "when": list(when), "cite": CITE, **opens, **more}


def refusal(*rules: dict[str, Any]) -> dict[str, str]:
    try:
        read_inline({"id": "mine", "rules": [*rules, ASKING, THANKING]})
    except InvalidPlaybook as refused:
        return {problem.path: problem.message for problem in refused.problems}
    return {}


NEVER = [
    (a_rule("interview", "first_round", "further_round"), "when.1", "first_round and further_round exclude each other"),
    (
        a_rule("person", {"format": "video"}, {"not_format": ["phone", "video"]}),
        "when.1",
        "format: video and not_format:",
    ),
    (a_rule("person", {"format": "video"}, {"format": "phone"}), "when.1", "format: video and format: phone"),
    (a_rule("person", {"not_format": list(get_args(InterviewFormat))}), "when.0", "for: person"),
    (a_rule("opportunity", {"outcome": "offer"}, {"outcome": ["rejected", "closed"]}), "when.1", "outcome: offer and"),
    (a_rule("opportunity", {"outcome": "offer"}, "no_outcome"), "when.1", "outcome: offer and no_outcome"),
    (
        a_rule("opportunity", {"outcome": "offer"}, {"no_opportunity_has": "offer"}),
        "when.1",
        "no_opportunity_has: offer",
    ),
    (a_rule("opportunity", "has_answer_by"), "when.0", "no outcome (one ends every rule without"),
    (a_rule("opportunity", opens={"anchor": "outcome.at"}), "opens.anchor", "no outcome (one ends every rule without"),
    (
        a_rule("opportunity", {"outcome": "rejected"}, opens={"anchor": "outcome.answer_by"}),
        "when.0",
        "opens: outcome.answer_by",
    ),
    (a_rule("opportunity", {"outcome": "rejected"}, forbids=["asking"]), "when.0", "without outlives_outcome"),
    (
        a_rule("interview", {"missed_by": "me"}, {"status": "cancelled"}),
        "when.1",
        "missed_by: me and status: cancelled",
    ),
    (a_rule("interview", {"missed_by": "me"}, "held"), "when.1", "missed_by: me and held"),
    (a_rule("interview", {"missed_by": "me"}, {"missed_by": "employer"}), "when.1", "exclude each other"),
    (a_rule("person", {"status": "cancelled"}), "when.0", "about rounds that take place"),
    (a_rule("opportunity", {"status": "cancelled"}), "when.0", "the latest round that was held"),
    (a_rule("person", "held", "nobody_named"), "when.1", "for: person (who took part)"),
    (a_rule("interview", {"knows": "email"}), "when.0", "without to"),
    (a_rule("opportunity", "not_connected"), "when.0", "without to"),
    (a_rule("opportunity", "do_not_contact", message=True), "when.0", "never one with do_not_contact"),
    (a_rule("opportunity", "do_not_contact", forbids=["asking"]), "when.0", "a hold for: person is about somebody"),
    (a_rule("opportunity", message=True, to="replier"), "for", "a message (which needs somebody to go to)"),
    (a_rule("person", {"prefers": "text"}, {"prefers": ["email", "phone"]}), "when.1", "prefers: text and"),
    (a_rule("person", {"only_a": "insider"}, {"only_a": ["recruiter", "reference"]}), "when.1", "only_a: insider and"),
    (a_rule("reference", {"only_a": "recruiter"}), "when.0", "for: reference"),
    (a_rule("interview", {"only_a": "insider"}, to="recruiter"), "when.0", "to: recruiter"),
    (
        a_rule("person", {"done": "thanking"}, {"not_done": "thanking"}),
        "when.1",
        "done: thanking and not_done: thanking",
    ),
    (a_rule("person", {"not_done": "thanking"}, opens=DONE), "when.0", "opens: last_done(thanking)"),
    (
        a_rule("person", {"not_done": "thanking"}, opens=[{"anchor": "reply_to(thanking)"}, DONE]),
        "when.0",
        "opens: last_done(thanking)",
    ),
    (
        a_rule("opportunity", {"used_up": "asking"}, {"upcoming": "asking"}, forbids=["asking"]),
        "when.1",
        "used_up: asking",
    ),
    (
        a_rule("opportunity", {"ended": "asking"}, {"not_done": "asking"}),
        "when.1",
        "ended: asking and not_done: asking",
    ),
    (a_rule("opportunity", {"moved_for_another": "asking"}, {"ended": "asking"}), "when.1", "exclude each other"),
    (
        a_rule("opportunity", {"upcoming": "asking"}, {"outcome": "rejected"}, outlives_outcome=True),
        "when.1",
        "upcoming: asking, which needs no outcome (one ends every rule",
    ),
    (a_rule("opportunity", "accepted_elsewhere", "no_start_is_settled"), "when.1", "accepted_elsewhere and"),
    (
        a_rule("opportunity", {"no_opportunity_has": "offer"}, opens={"anchor": "other_offer.at"}),
        "when.0",
        "other_offer.at",
    ),
    (
        a_rule("opportunity", opens={"anchor": "interview.end", "when": [{"outcome": "offer"}]}),
        "opens.when.0",
        "outcome: offer",
    ),
]


@pytest.mark.parametrize(("rule", "path", "says"), NEVER)
def test_a_rule_that_nothing_can_fire_is_refused_with_what_excludes_what(
    rule: dict[str, Any], path: str, says: str
) -> None:
    ((found, message),) = refusal(rule).items()
    assert found == f"rules.0.{path}"
    assert message.startswith("can never fire: ")
    assert says in message
    assert message.endswith("change or remove one of them")


def test_a_rule_that_another_always_ends_is_refused() -> None:
    ending = {**a_rule("opportunity", "no_round_ahead"), "id": "ending", "kind": "ending", "ends": ["tested"]}
    assert (
        "ending ends every tested"
        in refusal(a_rule("opportunity", "no_round_ahead", "long_process"), ending)["rules.0"]
    )
    assert refusal(a_rule("opportunity", "no_round_ahead", "long_process"), {**ending, "when": ["any_round"]}) == {}
    assert refusal(a_rule("opportunity", "no_round_ahead", outlives_outcome=True), ending) == {}


@pytest.mark.parametrize(
    "rule",
    [
        a_rule("interview", "first_round", "held", {"format": ["video", "phone"]}, {"not_format": "phone"}),
        a_rule("interview", {"status": "missed"}, {"missed_by": "me"}, "not_rescheduled"),
        a_rule("interview", {"knows": "email"}, to="recruiter"),
        a_rule("opportunity", {"knows": "email"}, channel={"recommended": "email"}),
        a_rule("opportunity", "no_outcome", outlives_outcome=True),
        a_rule("opportunity", opens=[{"anchor": "outcome.at"}, END]),
        a_rule("opportunity", {"outcome": ["offer", "accepted"]}, "has_answer_by", {"outcome": ["offer", "rejected"]}),
        a_rule("opportunity", {"outcome": "rejected"}, forbids=["asking"], outlives_outcome=True),
        a_rule("person", "do_not_contact", forbids="all_messages"),
        a_rule("person", {"only_a": ["insider", "recruiter"]}, {"only_a": ["recruiter", "reference"]}),
        a_rule("person", "nobody_named", {"outcome": "rejected"}),
        a_rule("reference", {"only_a": ["reference", "insider"]}),
        a_rule("account", {"no_opportunity_has": list(get_args(OutcomeStatus))}, "no_start_is_settled"),
        a_rule("opportunity", {"done": "thanking"}, {"not_done": "asking"}),
    ],
)
def test_a_rule_that_something_can_fire_is_let_pass(rule: dict[str, Any]) -> None:
    assert refusal(rule) == {}


WORDS: dict[str, tuple[str, ...]] = {
    "format": get_args(InterviewFormat),
    "not_format": get_args(InterviewFormat),
    "status": ("cancelled", "missed"),
    "missed_by": ("employer", "me"),
    "outcome": get_args(OutcomeStatus),
    "no_opportunity_has": get_args(OutcomeStatus),
    "knows": ("email", "phone"),
    "prefers": get_args(ChannelName),
    "only_a": get_args(Role),
    "has_role": get_args(Role),
}
ANCHORS = (
    "interview.start", "interview.end", "interview.status_at", "wait", "promise", "outcome.at", "outcome.answer_by",
    "last_done(thanking)", "last_done(asking)", "reply_to(asking)", "last_contact", "other_offer.at",
    "other_acceptance.at",
)  # fmt: skip


def conditions() -> st.SearchStrategy[Any]:
    def of(name: str) -> st.SearchStrategy[Any]:
        known = CONDITIONS[name]
        if not known.most:
            return st.just(name)
        words = ("asking", "thanking") if known.names_rules else WORDS[name]
        most = min(known.most, 3)
        arguments = st.lists(st.sampled_from(words), min_size=known.fewest, max_size=most, unique=True)
        return arguments.map(lambda chosen: {name: chosen})

    return st.sampled_from(sorted(CONDITIONS)).flatmap(of)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule or a hold of two to five conditions, of which many exclude one another."""
    when = draw(st.lists(conditions(), min_size=2, max_size=5))
    more: dict[str, Any] = {"outlives_outcome": draw(st.booleans())}
    if draw(st.sampled_from((True, False, False))):
        return a_rule(draw(st.sampled_from(("person", "opportunity"))), *when, forbids=["asking"], **more)
    more["opens"] = {"anchor": draw(st.sampled_from(ANCHORS)), "plus": "PT1H"}
    more["message"] = draw(st.booleans())
    more["once"] = draw(st.booleans())
    more["to"] = draw(st.lists(st.sampled_from(("recruiter", "point_of_contact", "replier")), max_size=2, unique=True))
    return a_rule(draw(st.sampled_from(("interview", "person", "reference", "insider", "opportunity"))), *when, **more)


def unanswered_rejections(told: Facts) -> Facts:
    """The facts without days to answer a rejection by."""

    def sensible(outcome: Outcome | None) -> Outcome | None:
        rejected = outcome is not None and outcome.status == "rejected"
        return replace(outcome, answer_by=None) if outcome and rejected else outcome

    return replace(told, opportunities=tuple(replace(one, outcome=sensible(one.outcome)) for one in told.opportunities))


@settings(max_examples=60)
@given(rule=rules(), told=st.lists(facts(("asking", "thanking", "tested")), min_size=2, max_size=2), at=instants)
def test_what_is_refused_as_never_firing_never_fires(rule: dict[str, Any], told: list[Facts], at: datetime) -> None:
    assume(any("can never fire" in message for message in refusal(rule).values()))
    playbook = read_whole({"id": "mine", "rules": [rule, ASKING, THANKING]})
    for one in map(unanswered_rejections, told):
        timeline = evaluate(playbook, one, at)
        assert [action for action in timeline.actions if action.rule == "tested"] == []
        assert [hold for hold in timeline.holds if hold.rule == "tested"] == []
