/** What to do and what to leave alone, and the person's word on it. */
import { send } from "./http";
import type { Answer } from "./types";


export const readToday = () => send<Answer>("GET", "/next-actions", { query: { limit: 200 } });

export const readAway = () =>
  send<Answer>("GET", "/next-actions", { query: { state: ["snoozed", "done", "skipped"], limit: 100 } });

export const readTimeline = (opportunityId: string) =>
  send<Answer>("GET", `/opportunities/${encodeURIComponent(opportunityId)}/timeline`);

const word = (actionId: string, verb: string, body: object) =>
  send<unknown>("POST", `/next-actions/${encodeURIComponent(actionId)}/${verb}`, { body });

export const markDone = (actionId: string) => word(actionId, "done", {});
export const skip = (actionId: string) => word(actionId, "skip", {});
export const snooze = (actionId: string, until: string) => word(actionId, "snooze", { until });
export const reopen = (actionId: string) => word(actionId, "reopen", {});
