/** What the log form holds, and the request that it becomes. */
import type { ChannelCode, FormatCode, NewInterview, NewPerson, RoleCode } from "../api/types";
import { browserZone, typedInstant } from "./dates";

export type TypedPerson = { name: string; role: RoleCode; email: string };

export type TypedInterview = {
  company: string;
  role: string;
  justNow: boolean;
  startsAt: string;
  endsAt: string;
  zone: string;
  format: FormatCode;
  people: TypedPerson[];
  decisionOn: string;
  channel: ChannelCode | "";
};

export const blankPerson = (): TypedPerson => ({ name: "", role: "interviewer", email: "" });

export const blankInterview = (): TypedInterview => ({
  company: "",
  role: "",
  justNow: true,
  startsAt: "",
  endsAt: "",
  zone: browserZone,
  format: "onsite",
  people: [blankPerson()],
  decisionOn: "",
  channel: "",
});

/** Whether anything was typed in a person's line. */
export const isFilled = (person: TypedPerson) => person.name !== "" || person.email !== "";

/** The request; lines of people that were left wholly empty are left out. */
export function requestFor(typed: TypedInterview, now: string, opportunityId?: string): NewInterview {
  const request: NewInterview = {
    ...subject(typed, opportunityId),
    ...times(typed, now),
    time_zone: typed.zone,
    format: typed.format,
    people: typed.people.filter(isFilled).map(personOf),
  };
  if (typed.decisionOn) request.decision_on = typed.decisionOn;
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

export function personOf({ name, role, email }: TypedPerson): NewPerson {
  return email ? { name, roles: [role], email } : { name, roles: [role] };
}
