/** Rounds: logged in one request, with the people who took part. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import type { NewInterview } from "./types";

export const logInterview = (body: NewInterview, attempt: Attempt) =>
  send("post", "/api/v1/interviews", { body, idempotencyKey: attempt.keyFor(body) });

export const listInterviews = (opportunityId?: string) =>
  send("get", "/api/v1/interviews", { query: { opportunity_id: opportunityId ?? null, limit: 200 } });
