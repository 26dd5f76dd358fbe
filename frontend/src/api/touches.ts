/** Messages and calls, sent and received. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import { everyItem } from "./pages";
import type { NewTouch } from "./types";

export const listTouches = (opportunityId: string) =>
  everyItem((cursor) => send("get", "/api/v1/touches", { query: { opportunity_id: opportunityId, limit: 200, cursor } }));

export const recordTouch = (body: NewTouch, attempt: Attempt) =>
  send("post", "/api/v1/touches", { body, idempotencyKey: attempt.keyFor(body) });
