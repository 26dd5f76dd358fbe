/** What the form of an existing round holds, and the change that it becomes. */
import type { ChannelCode, FormatCode, Interview, InterviewChange, NewPerson } from "../api/types";
import { fieldValue, typedInstant } from "./dates";
import { blankPerson, isFilled, personOf, type TypedPerson } from "./typed_interview";

export type Fate = "scheduled" | "cancelled" | "missed_employer" | "missed_me";
type Participant = Interview["people"][number];
export type Kept = { person: Participant; stays: boolean; email: string };

export type TypedRound = {
  startsAt: string;
  endsAt: string;
  zone: string;
  format: FormatCode;
  kept: Kept[];
  added: TypedPerson[];
  decisionOn: string;
  channel: ChannelCode | "";
  fate: Fate;
};

export const typedRound = (round: Interview): TypedRound => ({
  startsAt: fieldValue(round.starts_at),
  endsAt: fieldValue(round.ends_at),
  zone: round.time_zone,
  format: round.format,
  kept: round.people.map((person) => ({ person, stays: true, email: "" })),
  added: [blankPerson()],
  decisionOn: round.decision_on ?? "",
  channel: round.follow_up_channel ?? "",
  fate: fateOf(round),
});

function fateOf(round: Interview): Fate {
  if (round.status !== "missed") return round.status;
  return round.missed_by === "me" ? "missed_me" : "missed_employer";
}

export const staying = (typed: TypedRound) => typed.kept.filter((each) => each.stays);

export function changeFor(round: Interview, typed: TypedRound, now: string): InterviewChange {
  const change: InterviewChange = {
    ...moved(round, typed),
    time_zone: typed.zone,
    format: typed.format,
    people: [...staying(typed).map(keptOf), ...typed.added.filter(isFilled).map(personOf)],
    decision_on: typed.decisionOn || null,
    follow_up_channel: typed.channel || null,
  };
  return typed.fate === fateOf(round) ? change : { ...change, ...statusOf(typed.fate), status_at: now };
}

/** The fields hold minutes: an end of the round that was not touched keeps its seconds. */
function moved(round: Interview, typed: TypedRound): InterviewChange {
  const change: InterviewChange = {};
  if (typed.startsAt && typed.startsAt !== fieldValue(round.starts_at)) change.starts_at = typedInstant(typed.startsAt);
  if (typed.endsAt && typed.endsAt !== fieldValue(round.ends_at)) change.ends_at = typedInstant(typed.endsAt);
  return change;
}

// Named by id nobody's details change; by name and a new address, the address is filled in.
function keptOf({ person, email }: Kept): NewPerson {
  return email ? { name: person.name, email } : { contact_id: person.contact_id };
}

function statusOf(fate: Fate): Pick<InterviewChange, "status" | "missed_by"> {
  if (fate === "missed_me") return { status: "missed", missed_by: "me" };
  if (fate === "missed_employer") return { status: "missed", missed_by: "employer" };
  return { status: fate, missed_by: null };
}
