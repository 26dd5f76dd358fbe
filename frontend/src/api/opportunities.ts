/** One job at one employer: its people and how it ended. */
import { send } from "./http";
import { everyItem } from "./pages";
import type { NewOutcome, OpportunityChange } from "./types";

const named = (opportunityId: string) => ({ path: { opportunity_id: opportunityId } });

export const listOpportunities = () =>
  everyItem((cursor) => send("get", "/api/v1/opportunities", { query: { limit: 200, cursor } }));
export const readOpportunity = (id: string) => send("get", "/api/v1/opportunities/{opportunity_id}", named(id));
export const changeOpportunity = (id: string, body: OpportunityChange, ifMatch?: string) =>
  send("patch", "/api/v1/opportunities/{opportunity_id}", { ...named(id), body, ifMatch });
export const deleteOpportunity = (id: string) => send("delete", "/api/v1/opportunities/{opportunity_id}", named(id));
export const recordOutcome = (id: string, body: NewOutcome, ifMatch?: string) =>
  send("put", "/api/v1/opportunities/{opportunity_id}/outcome", { ...named(id), body, ifMatch });
export const reopenOpportunity = (id: string) =>
  send("delete", "/api/v1/opportunities/{opportunity_id}/outcome", named(id));
export const comparePlaybooks = (id: string, playbook: string[], at?: string | null) =>
  send("get", "/api/v1/opportunities/{opportunity_id}/comparison", { ...named(id), query: { playbook, at: at ?? null } });
