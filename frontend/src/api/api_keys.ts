/** API keys, for programs. A key is whole in the answer that makes it, and nowhere else. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import { everyItem } from "./pages";

export const listApiKeys = () => everyItem((cursor) => send("get", "/api/v1/api-keys", { query: { limit: 200, cursor } }));

export const createApiKey = (name: string, attempt: Attempt) =>
  send("post", "/api/v1/api-keys", { body: { name }, idempotencyKey: attempt.keyFor(name) });

export const revokeApiKey = (keyId: string) => send("delete", "/api/v1/api-keys/{key_id}", { path: { key_id: keyId } });
