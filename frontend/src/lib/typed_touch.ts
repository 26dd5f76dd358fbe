/** What the form of a message holds, and the requests that it becomes. */
import type { ChannelCode, NewTouch, Opportunity, Touch, TouchChange } from "../api/types";
import { fieldValue, rightNow, typedInstant } from "./dates";

export type TypedTouch = {
  direction: Touch["direction"];
  contact: string;
  purpose: string;
  channel: ChannelCode | "";
  at: string;
  round: string;
  decisionOn: string;
  automatic: boolean;
  note: string;
};

export const blankTouch = (opportunity: Opportunity, direction: Touch["direction"]): TypedTouch => ({
  direction,
  contact: opportunity.people[0]?.contact_id ?? "",
  purpose: direction === "inbound" ? "reply" : "other",
  channel: "email",
  at: fieldValue(rightNow()),
  round: "",
  decisionOn: "",
  automatic: false,
  note: "",
});

export const typedTouch = (touch: Touch): TypedTouch => ({
  direction: touch.direction,
  contact: touch.contact_id ?? "",
  purpose: touch.purpose ?? "",
  channel: touch.channel ?? "",
  at: fieldValue(touch.at),
  round: touch.interview_id ?? "",
  decisionOn: touch.decision_on ?? "",
  automatic: touch.automatic,
  note: touch.note ?? "",
});

// What only they can do is not sent of what was sent to them.
function said(typed: TypedTouch) {
  const inbound = typed.direction === "inbound";
  return {
    direction: typed.direction,
    contact_id: typed.contact || null,
    purpose: typed.purpose || null,
    channel: typed.channel || null,
    interview_id: typed.round || null,
    decision_on: inbound ? typed.decisionOn || null : null,
    automatic: inbound && typed.automatic,
    note: typed.note || null,
  };
}

export const newTouch = (opportunityId: string, typed: TypedTouch): NewTouch => ({
  ...said(typed),
  opportunity_id: opportunityId,
  at: typedInstant(typed.at),
});

/** The field holds minutes: a time that was not touched keeps its seconds. */
export function touchChange(known: Touch, typed: TypedTouch): TouchChange {
  const change: TouchChange = said(typed);
  return typed.at === fieldValue(known.at) ? change : { ...change, at: typedInstant(typed.at) };
}
