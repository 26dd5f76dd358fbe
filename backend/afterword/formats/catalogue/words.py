"""The rule language in words: durations, points in time, conditions and channels, for people who read no code.

Every anchor and condition of the language has its words here; what a rule is called comes in as `Named`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from afterword.policy.conditions import CONDITIONS as LANGUAGE
from afterword.policy.playbook import ChannelAdvice, Condition, HoldRule, Moment, Offset, Point, Repeat, Rule

#: What the id of a rule is shown as.
Named = Callable[[str], str]

CHANNELS = {
    "email": "e-mail",
    "phone": "a call",
    "letter": "a letter",
    "handwritten": "a card by hand",
    "in_person": "in person",
    "linkedin": "LinkedIn",
    "text": "text",
    "public_post": "a public post",
}
#: What a hold on a channel forbids.
MESSAGES = {
    "email": "e-mail",
    "phone": "call",
    "letter": "letter",
    "handwritten": "card by hand",
    "in_person": "visit",
    "linkedin": "contact on LinkedIn",
    "text": "text message",
    "public_post": "public post",
}
FORMATS = {"onsite": "on site", "video": "by video", "phone": "by phone", "one_way_video": "a one-way video"}
ROLES = {
    "interviewer": "an interviewer",
    "hiring_manager": "the hiring manager",
    "recruiter": "a recruiter",
    "reference": "a reference",
    "insider": "somebody inside",
}
OUTCOMES = {
    "rejected": "you were turned down",
    "offer": "you have an offer",
    "accepted": "you have accepted",
    "declined": "you have declined",
    "withdrawn": "you have withdrawn",
    "closed": "it is closed",
}
RESULTS = {
    "rejected": "a rejection",
    "offer": "an offer",
    "accepted": "an offer that you have accepted",
    "declined": "an offer that you have declined",
    "withdrawn": "a withdrawal",
    "closed": "a close",
}
ADDRESSES = {
    "email": "e-mail address",
    "phone": "phone number",
    "linkedin": "LinkedIn profile",
    "postal_address": "postal address",
}
SIDES = {"employer": "the employer did not show up", "me": "you did not make it"}
AS_IT_IS: dict[str, str] = {}

#: Each condition as a clause after "when", and the words for its arguments.
CONDITIONS: dict[str, tuple[str, dict[str, str]]] = {
    "format": ("the interview is {}", FORMATS),
    "not_format": ("the interview is not {}", FORMATS),
    "held": ("the interview is over", AS_IT_IS),
    "status": ("the interview was {}", AS_IT_IS),
    "missed_by": ("{}", SIDES),
    "nobody_named": ("nobody is named for it yet", AS_IT_IS),
    "first_round": ("it is the first round", AS_IT_IS),
    "further_round": ("it is a second or later round", AS_IT_IS),
    "not_rescheduled": ("no new date is set", AS_IT_IS),
    "any_round": ("there is an interview", AS_IT_IS),
    "no_round_ahead": ("no further round is still to come", AS_IT_IS),
    "outcome": ("{}", OUTCOMES),
    "no_outcome": ("nothing is decided yet", AS_IT_IS),
    "no_start_date": ("no start date is set", AS_IT_IS),
    "has_answer_by": ("the offer names a day to answer by", AS_IT_IS),
    "no_opportunity_has": ("no opportunity of yours has come to {}", RESULTS),
    "no_start_is_settled": ("no offer is accepted with a start date", AS_IT_IS),
    "offer_elsewhere": ("another employer's offer must be answered by a day", AS_IT_IS),
    "accepted_elsewhere": ("you have accepted elsewhere, with a start date", AS_IT_IS),
    "knows": ("you know their {}", ADDRESSES),
    "prefers": ("they prefer {}", CHANNELS),
    "only_a": ("they are only {}", ROLES),
    "has_role": ("there is {} you may write to", ROLES),
    "not_connected": ("you are not connected yet", AS_IT_IS),
    "do_not_contact": ("they are not to be contacted", AS_IT_IS),
    "long_process": ("the employer takes long (a large company, a university, a public body)", AS_IT_IS),
    "done": ("{} is done", AS_IT_IS),
    "not_done": ("{} is not done", AS_IT_IS),
    "unreachable_for": ("no address is known for {}", AS_IT_IS),
    "not_on_paper": ("{} does not go out on paper itself", AS_IT_IS),
    "upcoming": ("{} is still to come", AS_IT_IS),
    "used_up": ("{} has been done as often as allowed", AS_IT_IS),
    "ended": ("{} has been done as often as allowed, or you skipped the next one", AS_IT_IS),
    "moved_for_another": ("{} was moved, because they hear from you about another job that day", AS_IT_IS),
}


class Anchor(NamedTuple):
    """An anchor as a time of its own, and as what comes after "3 days after"."""

    itself: str
    after: str


ANCHORS = {
    "interview.start": Anchor("when the interview starts", "the interview starts"),
    "interview.end": Anchor("when the interview ends", "the interview ends"),
    "interview.scheduled_at": Anchor("when the interview is arranged", "the interview is arranged"),
    "interview.status_at": Anchor("when it is called off or missed", "it is called off or missed"),
    "last_round.end": Anchor("when the round before it ended", "the round before it ended"),
    "wait": Anchor("when the interview is over, or they last replied", "the interview (or a later reply of theirs)"),
    "promise": Anchor("on the day they named", "the day they named"),
    "outcome.at": Anchor("when the outcome is known", "the outcome is known"),
    "outcome.answer_by": Anchor("on the day to answer by", "the day to answer by"),
    "last_done": Anchor("when {} is done", "{} was last done"),
    "last_reply": Anchor("when they last replied", "their last reply"),
    "last_contact": Anchor("when you last wrote or heard from them", "you last wrote or heard from them"),
    "reply_to": Anchor("when they reply to {}", "they reply to {}"),
    "other_offer.at": Anchor("when the other offer came", "the other offer came"),
    "other_offer.answer_by": Anchor("on the day to answer the other offer by", "the day to answer the other offer by"),
    "other_acceptance.at": Anchor("when you accepted elsewhere", "you accepted elsewhere"),
    "opens": Anchor("when it opens", "it opens"),
    "due": Anchor("when it is due", "it is due"),
}


def either(words: Iterable[str], last: str = "or") -> str:
    """A list as one would say it: a, b or c."""
    *others, final = words
    return f"{', '.join(others)} {last} {final}" if others else final


def counted(number: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def distance(offset: Offset) -> str:
    """How far, without its direction: `24 hours`, `7 days`, `2 working days`."""
    if offset.elapsed is None:
        days = offset.days if offset.working_days is None else offset.working_days
        return counted(abs(days or 0), "day" if offset.working_days is None else "working day")
    minutes = round(abs(offset.elapsed.total_seconds())) // 60
    if minutes % 60:
        return counted(minutes, "minute")
    hours = minutes // 60
    exact = hours > 72 and hours % 24 == 0
    return f"{counted(hours // 24, 'day')} to the hour" if exact else counted(hours, "hour")


def sign(offset: Offset) -> int:
    """-1 where it counts back, 0 where it is nothing, else 1."""
    given = offset.elapsed.total_seconds() if offset.elapsed is not None else offset.days or offset.working_days or 0
    return (given > 0) - (given < 0)


def point(part: Point, named: Named, of_due: bool = False) -> str:
    """A point in time; `of_due` reads days from the opening as the end of such a day."""
    anchor = ANCHORS[part.anchor]
    if part.rule:
        anchor = Anchor(*(phrase.format(named(part.rule)) for phrase in anchor))
    in_days = part.offset.elapsed is None
    if of_due and in_days and part.anchor == "opens":
        return f"at the end of {day_later(part.offset)}"
    way = sign(part.offset)
    if way == 0:
        said = anchor.itself
    elif way > 0 and part.offset.days == 1:
        said = f"the day after {anchor.after}"
    else:
        said = f"{distance(part.offset)} {'after' if way > 0 else 'before'} {anchor.after}"
    return f"if {conditions(part.when, named)}, {said}" if part.when else said


def day_later(offset: Offset) -> str:
    """A day counted from the one on which the window opens."""
    days = offset.days if offset.working_days is None else offset.working_days
    noun = "day" if offset.working_days is None else "working day"
    if not days:
        return "that day"
    return f"the next {noun}" if days == 1 else f"the {ordinal(days)} {noun} after"


def moment(part: Moment, named: Named, of_due: bool = False) -> str:
    """A moment: its points in the order in which they are tried, or the latest of them."""
    said = [point(each, named, of_due) for each in part.points]
    text = f"the latest of: {either(said, 'and')}" if part.latest and len(said) > 1 else "; failing that, ".join(said)
    least = f", but at least {distance(Offset(elapsed=part.at_least))} after it opens" if part.at_least else ""
    return text + least


def condition(part: Condition, named: Named) -> str:
    """One condition as a clause after "when"."""
    clause, arguments = CONDITIONS[part.name]
    names_rules = LANGUAGE[part.name].names_rules
    said = [named(word) if names_rules else arguments.get(word, word) for word in part.arguments]
    return clause.format(either(said)) if part.arguments else clause


def conditions(parts: Iterable[Condition], named: Named) -> str:
    """Conditions that must all hold, as one clause."""
    return either((condition(part, named) for part in parts), "and")


def ordinal(number: int) -> str:
    """`2nd`, `3rd`, `4th`; attempts never reach 21."""
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
    return f"{number}{suffix}"


def repeat(part: Repeat | None) -> str:
    """How often."""
    if part is None:
        return "once"
    often = "without limit" if part.max is None else "once in all" if part.max == 1 else f"at most {part.max} in all"
    optional = "" if part.optional_from is None else f", optional from the {ordinal(part.optional_from)} on"
    return often + optional if part.max == 1 else f"{often}, {distance(part.every)} apart{optional}"


def channel(part: ChannelAdvice, named: Named) -> str:
    """How to say it, best first."""
    leading = ["the way they wrote to you"] if part.as_theirs else []
    if part.as_asked:
        leading.append("the way they asked for")
    if part.prefer:
        leading.append(f"what they prefer among {either(map(channel_word, part.prefer), 'and')}")
    text = ", else ".join([*leading, *map(channel_word, part.recommended)])
    others = [each for each in part.allowed if each not in part.recommended]
    text += f" ({either(map(channel_word, others))} will do too)" if others else ""
    text += f"; never by {either(map(channel_word, part.avoid))}" if part.avoid else ""
    return f"if {conditions(part.when, named)}, {text}" if part.when else text


def channel_word(name: str) -> str:
    """A channel as people call it."""
    return CHANNELS[name]


def channels(rule: Rule, named: Named) -> str | None:
    """How to say it; None where it is nothing to say to anybody."""
    if not rule.channel:
        return "any way you can reach them" if rule.message else None
    return "; otherwise ".join(channel(part, named) for part in rule.channel)


def forbidden(hold: HoldRule, kind: Named) -> str:
    """What a hold forbids: kinds of action, a channel, or all messages."""
    whole = f"every {MESSAGES[hold.channel]}" if hold.channel else "every message"
    if hold.all_messages or not hold.forbids:
        return whole
    kinds = either(map(kind, hold.forbids))
    return f"{kinds} on {channel_word(hold.channel)}" if hold.channel else kinds


def spoken(identifier: str) -> str:
    """An identifier as words: `fruit-basket` is `fruit basket`."""
    return identifier.replace("-", " ")
