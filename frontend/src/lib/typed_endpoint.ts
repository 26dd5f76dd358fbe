/** What the form of an endpoint holds, and the request that it becomes. A filter that is null lets everything pass. */
import type { EventType, NewWebhookEndpoint, WebhookEndpoint, WebhookEndpointChange } from "../api/types";

export type ActionState = NonNullable<WebhookEndpoint["action_states"]>[number];
export type TypedHeader = { name: string; value: string };

export type TypedEndpoint = {
  url: string;
  description: string;
  eventTypes: EventType[] | null;
  actionStates: ActionState[] | null;
  opportunityIds: string[] | null;
  /** Null where those that are there stay as they are: their values are not known here. */
  headers: TypedHeader[] | null;
};

export const blankHeader = (): TypedHeader => ({ name: "", value: "" });

export const blankEndpoint = (): TypedEndpoint => ({
  url: "",
  description: "",
  eventTypes: null,
  actionStates: null,
  opportunityIds: null,
  headers: [blankHeader()],
});

export const typedEndpoint = (stored: WebhookEndpoint): TypedEndpoint => ({
  url: stored.url,
  description: stored.description ?? "",
  eventTypes: stored.event_types,
  actionStates: stored.action_states,
  opportunityIds: stored.opportunity_ids,
  headers: stored.header_names.length > 0 ? null : [blankHeader()],
});

export function endpointFor(typed: TypedEndpoint): NewWebhookEndpoint {
  return { ...fieldsOf(typed), headers: headersOf(typed) };
}

/** Only what differs from what is stored: the address of an endpoint that stays where it is is not looked up again. */
export function changeFor(stored: WebhookEndpoint, typed: TypedEndpoint): WebhookEndpointChange {
  const fields = Object.entries(fieldsOf(typed));
  const before: Record<string, unknown> = { ...stored };
  const change = Object.fromEntries(fields.filter(([name, value]) => !isSame(value, before[name])));
  const headers = headersOf(typed);
  const staysAsItIs = typed.headers === null || (headers === null && stored.header_names.length === 0);
  return staysAsItIs ? change : { ...change, headers };
}

const fieldsOf = (typed: TypedEndpoint) => ({
  url: typed.url.trim(),
  description: typed.description.trim() || null,
  event_types: typed.eventTypes,
  action_states: typed.actionStates,
  opportunity_ids: typed.opportunityIds,
});

const isSame = (one: unknown, other: unknown) => JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
const inOrder = (value: unknown) => (Array.isArray(value) ? value.toSorted() : value);

function headersOf(typed: TypedEndpoint): Record<string, string> | null {
  const filled = (typed.headers ?? []).filter((each) => each.name !== "" || each.value !== "");
  return filled.length > 0 ? Object.fromEntries(filled.map((each) => [each.name, each.value])) : null;
}
