/** The delivery log, a page at a time, and what is sent again. */
import type { Attempt } from "./attempt";
import type { paths } from "./generated/schema";
import { send } from "./http";
import type { NewReplay } from "./types";

type Query = NonNullable<paths["/api/v1/deliveries"]["get"]["parameters"]["query"]>;
export type DeliveryFilter = Omit<Query, "limit" | "cursor">;

const named = (deliveryId: string) => ({ path: { delivery_id: deliveryId } });

export const listDeliveries = (filter: DeliveryFilter, cursor: string | null) =>
  send("get", "/api/v1/deliveries", { query: { ...filter, limit: 50, cursor } });

export const readDelivery = (id: string) => send("get", "/api/v1/deliveries/{delivery_id}", named(id));

export const sendAgain = (id: string) => send("post", "/api/v1/deliveries/{delivery_id}/replay", named(id));

export const sendSomeAgain = (ids: string[]) => send("post", "/api/v1/deliveries/replay", { body: { ids } });

export const beginReplay = (endpointId: string, body: NewReplay, attempt: Attempt) =>
  send("post", "/api/v1/webhook-endpoints/{endpoint_id}/replays", {
    path: { endpoint_id: endpointId },
    body,
    idempotencyKey: attempt.keyFor(body),
  });

export const readReplay = (endpointId: string, replayId: string) =>
  send("get", "/api/v1/webhook-endpoints/{endpoint_id}/replays/{replay_id}", {
    path: { endpoint_id: endpointId, replay_id: replayId },
  });
