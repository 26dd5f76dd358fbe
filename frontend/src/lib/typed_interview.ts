/** What the log form holds, and the request that it becomes. */
import type { ChannelCode, FormatCode, NewInterview, NewPerson, RoleCode } from "../api/types";
import { browserZone, typedInstant } from "./dates";

/** `contactId` is somebody who is known, chosen by name; empty for anybody else. */
export type TypedPerson = { name: string; role: RoleCode; email: string; contactId: string };

/** When they will decide: not said, in so many days, or on a date. */
export const promises = ["", "7", "14", "date"] as const;

export type TypedInterview = {
  company: string;
  role: string;
  /** The opportunity that it is another round of; empty for a new one. */
  joins: string;
  justNow: boolean;
  startsAt: string;
  endsAt: string;
  zone: string;
  format: FormatCode;
  people: TypedPerson[];
  promise: (typeof promises)[number];
  decisionOn: string;
  channel: ChannelCode | "";
  /** By which a later version of the invitation it came from is known. */
  externalId: string;
};

export const blankPerson = (): TypedPerson => ({ name: "", role: "interviewer", email: "", contactId: "" });

export const blankInterview = (): TypedInterview => ({
  company: "",
  role: "",
  joins: "",
  justNow: true,
  startsAt: "",
  endsAt: "",
  zone: browserZone,
  format: "onsite",
  people: [blankPerson()],
  promise: "",
  decisionOn: "",
  channel: "",
  externalId: "",
});

/** Whether anything was typed in a person's line. */
export const isFilled = (person: TypedPerson) => person.name !== "" || person.email !== "";

/** The request; lines of people that were left wholly empty are left out. */
export function requestFor(typed: TypedInterview, now: string, opportunityId?: string): NewInterview {
  const request: NewInterview = {
    ...subject(typed, opportunityId ?? typed.joins),
    ...times(typed, now),
    time_zone: typed.zone,
    format: typed.format,
    people: typed.people.filter(isFilled).map(personOf),
  };
  // Chosen and left empty, the date is refused at its field.
  if (typed.promise === "date") request.decision_on = typed.decisionOn;
  else if (typed.promise) request.decision_in_days = Number(typed.promise);
  if (typed.externalId) request.external_id = typed.externalId;
  if (typed.channel) request.follow_up_channel = typed.channel;
  return request;
}

function subject(typed: TypedInterview, opportunityId?: string): NewInterview {
  if (opportunityId) return { opportunity_id: opportunityId };
  return typed.role ? { company: typed.company, role: typed.role } : { company: typed.company };
}

// What just ended is told by its end alone; the server knows how long a round is taken to be.
function times(typed: TypedInterview, now: string): NewInterview {
  if (typed.justNow) return { ends_at: now };
  return {
    ...(typed.startsAt ? { starts_at: typedInstant(typed.startsAt) } : {}),
    ...(typed.endsAt ? { ends_at: typedInstant(typed.endsAt) } : {}),
  };
}

export function personOf({ name, role, email, contactId }: TypedPerson): NewPerson {
  const person: NewPerson = contactId ? { contact_id: contactId, roles: [role] } : { name, roles: [role] };
  return email ? { ...person, email } : person;
}
