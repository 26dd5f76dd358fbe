/** What somebody who has just written or called most likely wants to record: what is to be done, else anybody there. */
import type { Action, ChannelCode, NewTouch, Opportunity, OpportunityPerson } from "../api/types";

export type Suggestion = { id: string; title: string; channels: ChannelCode[]; touch: NewTouch };

const MOST_CHANNELS = 3;

/** The messages that are to be sent now, each with the channels that will do, the recommended one first. */
export function suggestedFor(opportunity: Opportunity, actions: readonly Action[]): Suggestion[] {
  return actions.flatMap((action) => {
    const running = action.state === "open" || action.state === "overdue";
    const { channel, person } = action;
    if (!running || !channel || !person) return [];
    const channels = [...new Set([channel.recommended, ...channel.allowed])].flatMap((code) => code ?? []);
    const about = action.interview_id ? { interview_id: action.interview_id } : {};
    const touch = { ...sentTo(opportunity, person.contact_id), ...about, purpose: action.kind };
    return channels.length > 0 ? [{ id: action.id, title: action.title, channels: channels.slice(0, MOST_CHANNELS), touch }] : [];
  });
}

/** A message to anybody there that is none of these. */
export const anythingElse = (opportunity: Opportunity): Suggestion[] =>
  opportunity.people.map((person) => ({
    id: person.contact_id,
    title: person.name,
    channels: channelsOf(person),
    touch: { ...sentTo(opportunity, person.contact_id), purpose: "other" },
  }));

const sentTo = (opportunity: Opportunity, contact: string): NewTouch => ({
  opportunity_id: opportunity.id,
  contact_id: contact,
  direction: "outbound",
});

function channelsOf(person: OpportunityPerson): ChannelCode[] {
  const all: ChannelCode[] = [person.preferred_channel ?? "email", "email", "phone"];
  return [...new Set(all)];
}

/** What a message can be for: what any action of the page asks for, a reply, or something else. */
export function purposesOf(actions: readonly Action[], known: string): string[] {
  const kinds = actions.filter((action) => action.channel).map((action) => action.kind);
  return [...new Set([...kinds, "reply", "other", known])].filter(Boolean);
}
