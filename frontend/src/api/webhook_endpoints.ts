/** Where events are sent. A secret is in the answer that makes it, and nowhere else. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import { everyItem } from "./pages";
import type { NewWebhookEndpoint, WebhookEndpointChange } from "./types";

const named = (endpointId: string) => ({ path: { endpoint_id: endpointId } });

export const listEndpoints = () =>
  everyItem((cursor) => send("get", "/api/v1/webhook-endpoints", { query: { limit: 200, cursor } }));

export const readEndpoint = (id: string) => send("get", "/api/v1/webhook-endpoints/{endpoint_id}", named(id));

export const createEndpoint = (body: NewWebhookEndpoint, attempt: Attempt) =>
  send("post", "/api/v1/webhook-endpoints", { body, idempotencyKey: attempt.keyFor(body) });

export const changeEndpoint = (id: string, body: WebhookEndpointChange, ifMatch?: string) =>
  send("patch", "/api/v1/webhook-endpoints/{endpoint_id}", { ...named(id), body, ifMatch });

export const deleteEndpoint = (id: string) => send("delete", "/api/v1/webhook-endpoints/{endpoint_id}", named(id));

export const rotateSecret = (id: string, overlapHours: number, attempt: Attempt) => {
  const body = { overlap_hours: overlapHours };
  return send("post", "/api/v1/webhook-endpoints/{endpoint_id}/rotate-secret", {
    ...named(id),
    body,
    idempotencyKey: attempt.keyFor(body),
  });
};

export const sendTest = (id: string) => send("post", "/api/v1/webhook-endpoints/{endpoint_id}/test", named(id));
