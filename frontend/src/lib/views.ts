/** The views that are loaded when their address is opened, and the addresses. Today comes with the shell. */
import type { Component } from "svelte";

type Load = () => Promise<{ default: Component<{ id: string }> }>;

// What a view does not ask for it is not hurt by.
const nameless = (load: () => Promise<{ default: Component }>) => load as unknown as Load;

const views: readonly [path: RegExp, load: Load][] = [
  [/^\/log$/, () => import("../views/LogInterview.svelte")],
  [/^\/opportunities\/([^/]+)\/log$/, () => import("../views/LogInterview.svelte")],
  [/^\/opportunities$/, nameless(() => import("../views/Opportunities.svelte"))],
  [/^\/opportunities\/([^/]+)$/, () => import("../views/Opportunity.svelte")],
  [/^\/automation$/, nameless(() => import("../views/Automation.svelte"))],
  [/^\/automation\/endpoints\/([^/]+)$/, () => import("../views/Endpoint.svelte")],
  [/^\/automation\/endpoints\/([^/]+)\/deliveries$/, () => import("../views/Deliveries.svelte")],
  [/^\/automation\/deliveries$/, () => import("../views/Deliveries.svelte")],
  [/^\/automation\/deliveries\/([^/]+)$/, () => import("../views/Delivery.svelte")],
  [/^\/settings$/, nameless(() => import("../views/Settings.svelte"))],
  [/^\/shared$/, nameless(() => import("../views/Shared.svelte"))],
  [/^\/playbooks$/, nameless(() => import("../views/Playbooks.svelte"))],
  [/^\/playbooks\/agreements(?:\/([^/]+))?$/, () => import("../views/Agreements.svelte")],
  [/^\/playbooks\/([^/]+)\/adjust$/, () => import("../views/AdjustPlaybook.svelte")],
  [/^\/playbooks\/([^/]+)\/text$/, () => import("../views/PlaybookText.svelte")],
  [/^\/playbooks\/([^/]+)(?:\/rules\/[^/]+)?$/, () => import("../views/Playbook.svelte")],
  [/^\/interviews\/([^/]+)\/recap$/, () => import("../views/Recap.svelte")],
];

/** The view at an address and what the address names, or nothing where no view is. */
export function viewAt(path: string): { load: Load; id: string } | undefined {
  for (const [pattern, load] of views) {
    const match = pattern.exec(path);
    if (match) return { load, id: decodeURIComponent(match[1] ?? "") };
  }
  return undefined;
}
