/** Rounds: logged in one request, with the people who took part. */
import { Attempt } from "./attempt";
import { send } from "./http";
import type { Page } from "./opportunities";

export type NewPerson = { name: string; roles: string[]; email?: string };
export type NewInterview = {
  company?: string;
  role?: string;
  opportunity_id?: string;
  starts_at?: string;
  ends_at?: string;
  time_zone: string;
  format: string;
  people: NewPerson[];
  decision_on?: string;
  follow_up_channel?: string;
};
export type Interview = {
  id: string;
  opportunity_id: string;
  round: number;
  format: string;
  status: string;
  phase: string;
  starts_at: string;
  ends_at: string;
  time_zone: string;
  decision_on: string | null;
  people: { contact_id: string; name: string }[];
};

export const logInterview = (body: NewInterview, attempt: Attempt) =>
  send<Interview>("POST", "/interviews", { body, idempotencyKey: attempt.keyFor(body) });

export const listInterviews = (opportunityId?: string) =>
  send<Page<Interview>>("GET", "/interviews", { query: { opportunity_id: opportunityId, limit: 100 } });
