/** Links for somebody who only looks, and what such a link shows. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import { everyItem } from "./pages";
import type { NewShare } from "./types";

export const listShares = () => everyItem((cursor) => send("get", "/api/v1/shares", { query: { limit: 200, cursor } }));
export const makeShare = (body: NewShare, attempt: Attempt) =>
  send("post", "/api/v1/shares", { body, idempotencyKey: attempt.keyFor(body) });
export const revokeShare = (shareId: string) =>
  send("delete", "/api/v1/shares/{share_id}", { path: { share_id: shareId } });

export const readShared = (secret: string) => send("get", "/api/v1/shared", { bearer: secret });
