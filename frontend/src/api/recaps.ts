/** What somebody wrote down about a round: one recap for each, put whole. */
import { send } from "./http";
import type { NewRecap } from "./types";

const named = (interviewId: string) => ({ path: { interview_id: interviewId } });

export const readRecap = (interviewId: string) => send("get", "/api/v1/interviews/{interview_id}/recap", named(interviewId));

export const putRecap = (interviewId: string, body: NewRecap, ifMatch: string) =>
  send("put", "/api/v1/interviews/{interview_id}/recap", { ...named(interviewId), body, ifMatch });
