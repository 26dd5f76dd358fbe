/** One timer, set to the instant at which the server says its answer changes by itself. There is no polling. */
import { timerDelay } from "./scale";

// A browser keeps a timer's delay in 31 bits and fires at once above that; a reload then sets the next one.
const LONGEST_DELAY_MS = 2_147_483_647;
const SHORTEST_DELAY_MS = 1_000;

type Answer = { as_of: string; next_change_at: string | null };

export function refreshWhenChanged(answer: () => Answer | undefined, reload: () => void): void {
  $effect(() => {
    const current = answer();
    if (!current?.next_change_at) return;
    const delay = timerDelay(current.as_of, current.next_change_at);
    const timer = setTimeout(reload, Math.min(LONGEST_DELAY_MS, Math.max(SHORTEST_DELAY_MS, delay)));
    return () => clearTimeout(timer);
  });
  // Timers sleep with the machine: a tab that is looked at again asks once.
  $effect(() => {
    const onVisible = () => document.visibilityState === "visible" && reload();
    document.addEventListener("visibilitychange", onVisible);
    return () => document.removeEventListener("visibilitychange", onVisible);
  });
}
