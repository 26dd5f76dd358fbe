/** What the picture of a timeline shows, row by row. It orders and groups what was given, and decides nothing. */
import type { Action, Answer, Interview, Touch } from "../api/types";
import { byInstant, inOrder, scaleOver, type Scale } from "./scale";

export type Bar = { action: Action; from: string; to: string | null };
export type Tick = { instant: string; label: string; x: number; onPhones: boolean };
export type Picture = { scale: Scale; ticks: Tick[]; bars: Bar[] };

// How far apart labels must stand, in percent of the width, so that none touches the next.
const WIDE_GAP = 9;
const PHONE_GAP = 20;

type Label = (instant: string) => string;

export function pictureOf(timeline: Answer, rounds: readonly Interview[], touches: readonly Touch[], label: Label): Picture {
  const bars = timeline.actions.flatMap(barOf).sort((one, other) => byInstant(one.from, other.from));
  const instants = inOrder([
    timeline.as_of,
    ...rounds.flatMap((round) => [round.starts_at, round.ends_at]),
    ...touches.map((touch) => touch.at),
    ...bars.flatMap((bar) => (bar.to ? [bar.from, bar.to] : [bar.from])),
    ...timeline.holds.flatMap((hold) => hold.until ?? []),
  ]);
  const scale = scaleOver(instants);
  return { scale, ticks: ticksOver(instants, scale, label), bars };
}

// What lapsed can no longer be acted on: the lists tell of it, and the picture has room for what can.
function barOf(action: Action): Bar[] {
  const window = action.window;
  return window && action.state !== "lapsed" ? [{ action, from: window.opens_at, to: window.due_at }] : [];
}

/** The days that the axis names: the first instant of each, where there is room for its label. */
function ticksOver(instants: readonly string[], scale: Scale, label: Label): Tick[] {
  const ticks: Tick[] = [];
  const named = new Set<string>();
  for (const instant of instants) {
    const tick = { instant, label: label(instant), x: scale(instant), onPhones: false };
    const last = ticks.at(-1);
    if (named.has(tick.label) || (last && tick.x - last.x < WIDE_GAP)) continue;
    const lastOnPhones = ticks.findLast((each) => each.onPhones);
    tick.onPhones = !lastOnPhones || tick.x - lastOnPhones.x >= PHONE_GAP;
    named.add(tick.label);
    ticks.push(tick);
  }
  return ticks;
}
