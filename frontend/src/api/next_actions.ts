/** What to do and what to leave alone, and the person's word on it. */
import { send } from "./http";
import type { Deed } from "./types";

const named = (actionId: string) => ({ path: { action_id: actionId } });

export const readToday = () => send("get", "/api/v1/next-actions", { query: { limit: 500 } });
export const readAway = () =>
  send("get", "/api/v1/next-actions", { query: { state: ["snoozed", "done", "skipped", "lapsed"], limit: 100 } });
export const readTimeline = (opportunityId: string, query: { at?: string; changes?: boolean } = {}) =>
  send("get", "/api/v1/opportunities/{opportunity_id}/timeline", { path: { opportunity_id: opportunityId }, query });

export const markDone = (actionId: string, deed: Deed = {}) =>
  send("post", "/api/v1/next-actions/{action_id}/done", { ...named(actionId), body: deed });
export const skip = (actionId: string) => send("post", "/api/v1/next-actions/{action_id}/skip", named(actionId));
export const reopen = (actionId: string) => send("post", "/api/v1/next-actions/{action_id}/reopen", named(actionId));
export const suggestSnoozeTimes = (actionId: string) =>
  send("get", "/api/v1/next-actions/{action_id}/snooze-times", named(actionId));
export const snooze = (actionId: string, until: string) =>
  send("post", "/api/v1/next-actions/{action_id}/snooze", { ...named(actionId), body: { until } });
