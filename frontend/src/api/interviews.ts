/** Rounds: logged in one request, with the people who took part. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import { everyItem } from "./pages";
import type { InterviewChange, NewInterview } from "./types";

const named = (interviewId: string) => ({ path: { interview_id: interviewId } });

export const logInterview = (body: NewInterview, attempt: Attempt) =>
  send("post", "/api/v1/interviews", { body, idempotencyKey: attempt.keyFor(body) });

export const listInterviews = (opportunityId?: string) =>
  everyItem((cursor) =>
    send("get", "/api/v1/interviews", { query: { opportunity_id: opportunityId ?? null, limit: 200, cursor } }),
  );

export const readInterview = (id: string) => send("get", "/api/v1/interviews/{interview_id}", named(id));
export const changeInterview = (id: string, body: InterviewChange, ifMatch?: string) =>
  send("patch", "/api/v1/interviews/{interview_id}", { ...named(id), body, ifMatch });
export const deleteInterview = (id: string) => send("delete", "/api/v1/interviews/{interview_id}", named(id));
