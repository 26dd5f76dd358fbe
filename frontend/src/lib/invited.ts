/** An invitation that was read: what it fills in, and what it changes of a round that is logged already. */
import type { Interview, InterviewChange, Invitation } from "../api/types";
import { invitation as words } from "../strings/invitation";
import { dayAndTime, fieldValue, zoneName } from "./dates";
import { blankPerson, isFilled, type TypedInterview } from "./typed_interview";

export function fill(typed: TypedInterview, invitation: Invitation): void {
  if (!typed.company && !typed.joins) typed.company = invitation.company ?? "";
  // Whom another invitation named is not invited by this one.
  const there = [invitation.external_id, ""].includes(typed.externalId) ? typed.people.filter(isFilled) : [];
  const isThere = (email: string | null, name: string) =>
    there.some((each) => (email && each.email ? each.email.toLowerCase() === email : each.name === name));
  const invited = invitation.people.filter((each) => !isThere(each.email, each.name));
  const people = [...there, ...invited.map(({ name, email }) => ({ ...blankPerson(), name, email: email ?? "" }))];
  Object.assign(typed, {
    justNow: false,
    startsAt: fieldValue(invitation.starts_at),
    endsAt: fieldValue(invitation.ends_at),
    zone: invitation.time_zone,
    format: invitation.format,
    externalId: invitation.external_id,
    people: people.length > 0 ? people : [blankPerson()],
  });
}

/** What saving it sends: the new times, or that it was called off. */
export function moveOf(round: Interview, invitation: Invitation): InterviewChange {
  if (invitation.status === "cancelled") return { status: "cancelled" };
  const { starts_at, ends_at, time_zone } = invitation;
  const times = { starts_at, ends_at, time_zone };
  return round.status === "cancelled" ? { ...times, status: "scheduled" } : times;
}

export type Row = { label: string; mine: string; theirs: string };

/** The round as it will be beside the round as it stands, in words. */
export function rowsOf(round: Interview, change: InterviewChange): Row[] {
  const then = { ...round, ...change } as Interview;
  const both = (label: string, told: (each: Interview) => string): Row => ({ label, mine: told(then), theirs: told(round) });
  return [
    both(words.starts, (each) => dayAndTime(each.starts_at, each.time_zone)),
    both(words.ends, (each) => dayAndTime(each.ends_at, each.time_zone)),
    both(words.zone, (each) => zoneName(each.time_zone)),
    both(words.status, (each) => words.statuses[each.status]),
  ];
}
