/** Rounds: logged in one request, with the people who took part. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import { everyItem } from "./pages";
import type { InterviewChange, NewInterview } from "./types";

export const logInterview = (body: NewInterview, attempt: Attempt) =>
  send("post", "/api/v1/interviews", { body, idempotencyKey: attempt.keyFor(body) });

export const listInterviews = (opportunityId?: string) =>
  everyItem((cursor) =>
    send("get", "/api/v1/interviews", { query: { opportunity_id: opportunityId ?? null, limit: 200, cursor } }),
  );

export const changeInterview = (interviewId: string, body: InterviewChange) =>
  send("patch", "/api/v1/interviews/{interview_id}", { path: { interview_id: interviewId }, body });
