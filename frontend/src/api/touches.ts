/** Messages and calls, sent and received. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import { everyItem } from "./pages";
import type { NewTouch, TouchChange } from "./types";

const named = (touchId: string) => ({ path: { touch_id: touchId } });

export const listTouches = (opportunityId: string) =>
  everyItem((cursor) => send("get", "/api/v1/touches", { query: { opportunity_id: opportunityId, limit: 200, cursor } }));

export const recordTouch = (body: NewTouch, attempt: Attempt) =>
  send("post", "/api/v1/touches", { body, idempotencyKey: attempt.keyFor(body) });

export const readTouch = (id: string) => send("get", "/api/v1/touches/{touch_id}", named(id));
export const changeTouch = (id: string, body: TouchChange, ifMatch?: string) =>
  send("patch", "/api/v1/touches/{touch_id}", { ...named(id), body, ifMatch });
export const deleteTouch = (id: string) => send("delete", "/api/v1/touches/{touch_id}", named(id));
