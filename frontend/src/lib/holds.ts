/** Holds that say the same thing of several opportunities or people, told once. */
import type { Hold } from "../api/types";

export type HoldGroup = { id: string; hold: Hold; all: Hold[] };

export function grouped(holds: readonly Hold[]): HoldGroup[] {
  const groups = new Map<string, HoldGroup>();
  for (const hold of holds) {
    const same = JSON.stringify([hold.kind, hold.until, hold.channel, hold.why]);
    const group = groups.get(same);
    if (group) group.all.push(hold);
    else groups.set(same, { id: hold.id, hold, all: [hold] });
  }
  return [...groups.values()];
}
