"""The rules and holds of one playbook in words, each as its parts. How the parts are laid out, and what a rule that is
named is linked to, is a page's or a screen's to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from afterword.formats.catalogue import words
from afterword.policy.playbook import HoldRule, Moment, Playbook, Rule
from afterword.policy.timeline import Citation

#: From the title and the id of a rule that is named to what stands for it.
Linked = Callable[[str, str], str]

#: Who a rule speaks of, where a title says {person}.
PERSONS = {"person": "the interviewer", "reference": "your reference", "insider": "somebody inside"}
RECIPIENTS = {"point_of_contact": "your contact", "recruiter": "the recruiter", "replier": "whoever replied"}
SUBJECTS = {
    "interview": "every interview, once",
    "person": "every interviewer, one by one",
    "reference": "every reference, one by one",
    "insider": "everybody you know inside, one by one",
    "opportunity": "the opportunity as a whole",
    "account": "you, whatever the opportunity; always open, never overdue",
}
HELD_BACK = {"person": "every person in the opportunity, one by one", "opportunity": "everybody in the opportunity"}
#: What a rule's flags mean, in the order in which they are told.
FLAGS = {
    "optional": "May be left undone.",
    "once": "Owed once for each person and opportunity, however many rounds there are.",
    "newest_round_only": "A later round with the same person takes its place.",
    "settles_every_round": "Once done, it is done for every round with that person that was over.",
    "one_a_day": "The same person does not get two of these for two opportunities on one day.",
    "fixed": "The working calendar never moves it.",
    "outlives_outcome": "It stays when the outcome is known.",
}
OPENS = "Opens"
NO_DUE = "never; there is no hurry"
FIRST_REPEAT = 2


@dataclass(frozen=True, slots=True)
class End:
    """One end of a window: what it is called, and when it is."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A point that a window may open at, with the reason that is shown where it counts."""

    words: str
    why: str


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule. `openings` are there, in the order in which they are tried, where one of them has a reason of its own."""

    id: str
    kind: str
    title: str
    why: str
    whom: str
    when: str | None
    window: tuple[End, ...]
    openings: tuple[Opening, ...]
    how: str | None
    often: str | None
    optional: bool
    notes: tuple[str, ...]
    checklist: tuple[str, ...]
    sources: tuple[Citation, ...]
    dissent: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class HoldEntry:
    """A hold: what it forbids, towards whom, when and until when."""

    id: str
    kind: str
    title: str
    why: str
    forbids: str
    whom: str
    when: str | None
    until: str
    sources: tuple[Citation, ...]


def in_general(template: str, person: str = "them") -> str:
    """A title or reason on one line, with what stands for any name in place of one."""
    filled = template.format(
        person=person,
        company="the company",
        role="the job",
        promised_day="that day",
        answer_by="the day to answer by",
        other_company="the other employer",
        other_answer_by="the day they set",
        attempt="another",
    )
    return " ".join((filled[:1].upper() + filled[1:]).split())


def title(rule: Rule) -> str:
    """What a rule asks to do, of nobody in particular."""
    fallback = RECIPIENTS[rule.to[0]] if rule.to else "your contact"
    return in_general(rule.title, PERSONS.get(rule.subject, fallback))


def hold_title(hold: HoldRule) -> str:
    """A hold in few words."""
    return words.spoken(hold.kind).capitalize()


def quoted(heading: str, _identifier: str) -> str:
    """A rule that is named, where nothing can be linked."""
    return f"“{heading}”"


def at_due(moment: Moment) -> bool:
    """Whether it is the due itself."""
    return all(point.anchor == "due" and words.sign(point.offset) == 0 for point in moment.points)


class Entries:
    """The rules and holds of one playbook, able to name one another."""

    def __init__(self, playbook: Playbook, linked: Linked = quoted) -> None:
        self.playbook = playbook
        self.linked = linked

    def named(self, identifier: str) -> str:
        """A rule by its title."""
        rule = self.playbook.by_id.get(identifier)
        return self.linked(title(rule), identifier) if rule else f"“{words.spoken(identifier)}”"

    def kind(self, kind: str) -> str:
        """A kind by the first rule of it."""
        return next((self.named(rule.id) for rule in self.playbook.rules if rule.kind == kind), words.spoken(kind))

    def rule(self, rule: Rule) -> RuleEntry:
        """One rule."""
        return RuleEntry(
            id=rule.id,
            kind=rule.kind,
            title=title(rule),
            why=self.why(rule),
            whom=self.whom(rule),
            when=words.conditions(rule.when, self.named) if rule.when else None,
            window=tuple(self.window(rule)),
            openings=tuple(self.openings(rule)),
            how=words.channels(rule, self.named),
            often=words.repeat(rule.repeat) if rule.repeat else None,
            optional=rule.optional,
            notes=(*(text for flag, text in FLAGS.items() if getattr(rule, flag)), *self.ties(rule)),
            checklist=rule.checklist,
            sources=rule.sources,
            dissent=rule.dissent,
        )

    def hold(self, hold: HoldRule) -> HoldEntry:
        """One hold."""
        return HoldEntry(
            id=hold.id,
            kind=hold.kind,
            title=hold_title(hold),
            why=in_general(hold.why, "this person"),
            forbids=words.forbidden(hold, self.kind),
            whom=HELD_BACK[hold.subject] + self.exceptions(hold),
            when=words.conditions(hold.when, self.named) if hold.when else None,
            until=self.until(hold),
            sources=hold.sources,
        )

    def whom(self, rule: Rule) -> str:
        """For whom, and to whom it is written."""
        told = SUBJECTS[rule.subject]
        to = [RECIPIENTS[each] for each in rule.to] or (["your contact"] if rule.subject == "opportunity" else [])
        return f"{told}; to {words.either(to, 'else')}" if to and rule.message else told

    def why(self, rule: Rule) -> str:
        """The reason that the job seeker reads."""
        return in_general(rule.why, PERSONS.get(rule.subject, "them"))

    def openings(self, rule: Rule) -> Iterator[Opening]:
        """The points of an opening with their reasons; none where none has a reason of its own."""
        points = rule.opens.points if rule.opens else ()
        if any(point.why for point in points):
            for point in points:
                why = in_general(point.why) if point.why else self.why(rule)
                yield Opening(words.point(point, self.named), why)

    def window(self, rule: Rule) -> Iterator[End]:
        """The window's ends."""
        if rule.opens:
            yield End(OPENS, words.moment(rule.opens, self.named))
        if rule.best:
            yield End("Best", words.moment(rule.best, self.named))
        if rule.due:
            yield End("Due", words.moment(rule.due, self.named, of_due=True))
        elif rule.opens:
            yield End("Due", NO_DUE)
        yield from self.later(rule)
        if rule.expires:
            lapsing = words.moment(rule.expires, self.named)
            yield End("Too late", "once it is due" if at_due(rule.expires) else lapsing)

    def later(self, rule: Rule) -> Iterator[End]:
        """The due of later attempts, where it is another."""
        if rule.repeat is None or rule.repeat.max == 1:
            return
        dues = [rule.repeat.due] if rule.repeat.optional_from != FIRST_REPEAT else []
        dues += [rule.repeat.optional_due] if rule.repeat.optional_from else []
        for name, due in zip(("Due, later ones", "Due, optional ones"), dues, strict=False):
            if due != rule.due:
                yield End(name, words.moment(due, self.named, of_due=True) if due else NO_DUE)

    def ties(self, rule: Rule) -> Iterator[str]:
        """What it waits for, and what it ends."""
        if rule.after:
            yield f"Only after {self.named(rule.after)} is done, skipped or too late."
        if rule.ends:
            yield f"While it stands, these are silent: {', '.join(map(self.kind, rule.ends))}."

    def exceptions(self, hold: HoldRule) -> str:
        """Whom a hold spares."""
        spared = [words.condition(each, self.named) for each in hold.spares]
        return f", except where {', or where '.join(spared)}" if spared else ""

    def until(self, hold: HoldRule) -> str:
        """When a hold ends."""
        if hold.until_opening_of:
            return f"{self.named(hold.until_opening_of)} opens"
        return (
            "this changes, whatever the outcome" if hold.outlives_outcome else "this changes, or the outcome is known"
        )
