/** What the filter of the delivery log holds, and what it asks for. */
import type { DeliveryFilter } from "../api/deliveries";
import type { DeliveryState, EventType } from "../api/types";
import { typedInstant } from "./dates";

export type TypedFilter = {
  undelivered: boolean;
  endpointId: string;
  state: DeliveryState | "";
  type: EventType | "";
  since: string;
  until: string;
};

export const blankFilter = (endpointId: string): TypedFilter => ({
  undelivered: false,
  endpointId,
  state: "",
  type: "",
  since: "",
  until: "",
});

export function filterFor(typed: TypedFilter): DeliveryFilter {
  return {
    undelivered: typed.undelivered,
    endpoint_id: typed.endpointId || null,
    state: typed.state ? [typed.state] : null,
    event_type: typed.type || null,
    since: typed.since ? typedInstant(typed.since) : null,
    until: typed.until ? typedInstant(typed.until) : null,
  };
}
