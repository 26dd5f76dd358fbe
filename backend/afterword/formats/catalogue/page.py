"""One playbook as a page of Markdown: each rule and each hold in words, with its sources and who says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterword.formats.catalogue import words
from afterword.policy.playbook import HoldRule, Moment, Playbook, Rule
from afterword.policy.timeline import Citation

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
NO_DUE = "never; there is no hurry"
FIRST_REPEAT = 2
MARKUP = re.compile(r"([\\`*_\[\]<>|])")


class Sources(NamedTuple):
    """How citations are shown: the id of the playbook that is nobody's article, and pages to link to by source."""

    own: str
    pages: frozenset[str]


def plain(text: str) -> str:
    """A text of the data on one line, with nothing in it read as Markdown."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


def in_general(template: str, person: str = "them") -> str:
    """A title or reason with what stands for any name in place of one."""
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
    return plain(filled[:1].upper() + filled[1:])


def title(rule: Rule) -> str:
    """What a rule asks to do, of nobody in particular."""
    fallback = RECIPIENTS[rule.to[0]] if rule.to else "your contact"
    return in_general(rule.title, PERSONS.get(rule.subject, fallback))


def hold_title(hold: HoldRule) -> str:
    """A hold in few words."""
    return words.spoken(hold.kind).capitalize()


def slugs(titles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Where on a page each entry's heading is, the way GitHub names headings; pairs of id and heading come in."""
    found: dict[str, str] = {}
    for identifier, heading in titles:
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found[identifier] = slug if slug not in found.values() else f"{slug}-1"
    return found


def headings(playbook: Playbook) -> dict[str, str]:
    """The slug of each rule and hold on its playbook's page."""
    rules = [(rule.id, title(rule)) for rule in playbook.rules]
    return slugs([*rules, *((hold.id, hold_title(hold)) for hold in playbook.holds)])


def at_due(moment: Moment) -> bool:
    """Whether it is the due itself."""
    return all(point.anchor == "due" and words.sign(point.offset) == 0 for point in moment.points)


class Entries:
    """The rules and holds of one playbook as entries of a page, able to name one another."""

    def __init__(self, playbook: Playbook, sources: Sources) -> None:
        self.playbook = playbook
        self.sources = sources
        self.slugs = headings(playbook)

    def named(self, identifier: str) -> str:
        """A rule by its title, linked."""
        rule = self.playbook.by_id.get(identifier)
        return f"[“{title(rule)}”](#{self.slugs[identifier]})" if rule else f"“{words.spoken(identifier)}”"

    def kind(self, kind: str) -> str:
        """A kind by the first rule of it, linked."""
        return next((self.named(rule.id) for rule in self.playbook.rules if rule.kind == kind), words.spoken(kind))

    def rule(self, rule: Rule) -> Iterator[str]:
        """One rule."""
        reasons = self.reasons(rule)
        yield from (f"### {title(rule)}", "", *([] if reasons else [self.why(rule), ""]))
        yield from (self.identified(rule), f"- **For:** {self.whom(rule)}")
        if rule.when:
            yield f"- **When:** {words.conditions(rule.when, self.named)}"
        for name, said in self.window(rule):
            yield from (["- **Opens:**", *reasons] if name == "Opens" and reasons else [f"- **{name}:** {said}"])
        how = words.channels(rule, self.named)
        if how:
            yield f"- **How:** {how}"
        if rule.repeat:
            yield f"- **How often:** {words.repeat(rule.repeat)}"
        notes = [*(text for flag, text in FLAGS.items() if getattr(rule, flag)), *self.ties(rule)]
        if notes:
            yield f"- **Also:** {' '.join(notes)}"
        if rule.checklist:
            yield f"- **Checklist:** {'; '.join(map(plain, rule.checklist))}"
        yield from self.cited(rule.sources, rule.dissent)

    def whom(self, rule: Rule) -> str:
        """For whom, and to whom it is written."""
        told = SUBJECTS[rule.subject]
        to = [RECIPIENTS[each] for each in rule.to] or (["your contact"] if rule.subject == "opportunity" else [])
        return f"{told}; to {words.either(to, 'else')}" if to and rule.message else told

    def identified(self, entry: Rule | HoldRule) -> str:
        """What it is called in the data."""
        kind = "" if entry.id == entry.kind else f", of the kind `{entry.kind}`"
        return f"- **Id:** `{entry.id}`{kind}"

    def why(self, rule: Rule) -> str:
        """The reason that the job seeker reads."""
        return in_general(rule.why, PERSONS.get(rule.subject, "them"))

    def reasons(self, rule: Rule) -> list[str]:
        """An opening whose points have reasons of their own, point by point; empty where none has."""
        points = rule.opens.points if rule.opens else ()
        if not any(point.why for point in points):
            return []
        said = [words.point(point, self.named) for point in points]
        whys = [in_general(point.why) if point.why else self.why(rule) for point in points]
        first, *others = (f"{point}. *{why}*" for point, why in zip(said, whys, strict=True))
        return [f"  - {first}", *(f"  - failing that, {each}" for each in others)]

    def window(self, rule: Rule) -> Iterator[tuple[str, str]]:
        """The window's ends in words."""
        if rule.opens:
            yield "Opens", words.moment(rule.opens, self.named)
        if rule.best:
            yield "Best", words.moment(rule.best, self.named)
        if rule.due:
            yield "Due", words.moment(rule.due, self.named, of_due=True)
        elif rule.opens:
            yield "Due", NO_DUE
        yield from self.later(rule)
        if rule.expires:
            lapsing = words.moment(rule.expires, self.named)
            yield "Too late", "once it is due" if at_due(rule.expires) else lapsing

    def later(self, rule: Rule) -> Iterator[tuple[str, str]]:
        """The due of later attempts, where it is another."""
        if rule.repeat is None or rule.repeat.max == 1:
            return
        dues = [rule.repeat.due] if rule.repeat.optional_from != FIRST_REPEAT else []
        dues += [rule.repeat.optional_due] if rule.repeat.optional_from else []
        for name, due in zip(("Due, later ones", "Due, optional ones"), dues, strict=False):
            if due != rule.due:
                yield name, words.moment(due, self.named, of_due=True) if due else NO_DUE

    def ties(self, rule: Rule) -> Iterator[str]:
        """What it waits for, and what it ends."""
        if rule.after:
            yield f"Only after {self.named(rule.after)} is done, skipped or too late."
        if rule.ends:
            yield f"While it stands, these are silent: {', '.join(map(self.kind, rule.ends))}."

    def hold(self, hold: HoldRule) -> Iterator[str]:
        """One hold."""
        yield from (f"### {hold_title(hold)}", "", in_general(hold.why, "this person"), "")
        yield from (self.identified(hold), f"- **Leave alone:** {words.forbidden(hold, self.kind)}")
        yield f"- **Towards:** {HELD_BACK[hold.subject]}{self.exceptions(hold)}"
        if hold.when:
            yield f"- **When:** {words.conditions(hold.when, self.named)}"
        yield f"- **Until:** {self.until(hold)}"
        yield from self.cited(hold.sources, ())

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

    def cited(self, sources: Iterable[Citation], dissent: Iterable[Citation]) -> Iterator[str]:
        """Who says so and who does not."""
        yield from (f"- {self.label(each)}, {self.place(each)}: {plain(each.says)}" for each in sources)
        against = (f"- **Dissent**{inference(each)}, {self.place(each)}: {plain(each.says)}" for each in dissent)
        yield from against
        yield ""

    def label(self, citation: Citation) -> str:
        """Whether the article says so or we read it so."""
        return label(citation, self.sources)

    def place(self, citation: Citation) -> str:
        """Which article, and where in it."""
        return place(citation, self.sources, self.playbook.id)


def label(citation: Citation, sources: Sources) -> str:
    """Whether the article says so or we read it so."""
    if citation.inferred:
        return "*Our own advice*" if citation.source == sources.own else "*Our reading*"
    return "**Stated**"


def inference(citation: Citation) -> str:
    """The mark of what is only our reading."""
    return " (*our reading*)" if citation.inferred else ""


def place(citation: Citation, sources: Sources, here: str = "") -> str:
    """Which article, unless it is the one the page is about, and where in it."""
    where = f"section {citation.locator}" if citation.locator[:1].isdigit() else citation.locator
    if citation.source == here:
        return plain(where)
    known = citation.source in sources.pages
    article = f"[{citation.source}]({citation.source}.md)" if known else plain(citation.title)
    return f"{article}, {plain(where)}"
