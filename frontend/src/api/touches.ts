/** Messages and calls, sent and received. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import type { Page } from "./opportunities";

export type Touch = {
  id: string;
  contact_id: string;
  direction: string;
  purpose: string | null;
  channel: string | null;
  at: string;
  decision_on: string | null;
  automatic: boolean;
  note: string | null;
};
export type Reply = {
  opportunity_id: string;
  contact_id: string;
  direction: "inbound";
  purpose: "reply";
  channel: string;
  at: string;
  decision_on?: string;
  automatic: boolean;
  note?: string;
};

export const listTouches = (opportunityId: string) =>
  send<Page<Touch>>("GET", "/touches", { query: { opportunity_id: opportunityId, limit: 100 } });

export const recordReply = (body: Reply, attempt: Attempt) =>
  send<Touch>("POST", "/touches", { body, idempotencyKey: attempt.keyFor(body) });
