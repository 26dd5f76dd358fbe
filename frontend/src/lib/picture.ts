/** What the picture of a timeline shows, row by row. It orders and groups what was given, and decides nothing. */
import type { Action, Answer, Interview, Touch } from "../api/types";
import { byInstant, hasPassed, inOrder, scaleOver, type Scale } from "./scale";

export type DrawnRound = Pick<Interview, "id" | "round" | "phase" | "starts_at" | "ends_at" | "time_zone">;
export type DrawnTouch = Pick<Touch, "id" | "direction" | "at">;
export type Bar = { action: Action; from: string; to: string | null };
/** Where a day's name stands: at its mark, or against the right edge; nowhere where there is no room. */
export type Place = { x: number; anchor: "start" | "end" };
export type Tick = { instant: string; label: string; x: number; wide: Place | null; phone: Place | null };
export type Picture = { scale: Scale; ticks: Tick[]; bars: Bar[]; touches: DrawnTouch[] };

// How wide the name of a day is, in percent of the drawing, with the space before the next.
const WIDE_LABEL = 9;
const PHONE_LABEL = 17;
const EDGE = 100;

type Label = (instant: string) => string;

/** `also` are instants that lie on the line though nothing is drawn there, so that it stays the same in time travel. */
export function pictureOf(
  timeline: Answer,
  rounds: readonly DrawnRound[],
  touches: readonly DrawnTouch[],
  label: Label,
  also: readonly string[] = [],
): Picture {
  const bars = timeline.actions.flatMap(barOf).sort((one, other) => byInstant(one.from, other.from));
  const known = touches.filter((touch) => hasPassed(touch.at, timeline.as_of));
  const instants = inOrder([
    timeline.as_of,
    ...also,
    ...rounds.flatMap((round) => [round.starts_at, round.ends_at]),
    ...known.map((touch) => touch.at),
    ...bars.flatMap(drawnInstants),
    ...timeline.holds.flatMap((hold) => hold.until ?? []),
  ]);
  const scale = scaleOver(instants);
  return { scale, ticks: ticksOver(instants, scale, label), bars, touches: known };
}

// What lapsed can no longer be acted on: the lists tell of it, and the picture has room for what can.
function barOf(action: Action): Bar[] {
  const window = action.window;
  return window && action.state !== "lapsed" ? [{ action, from: window.opens_at, to: window.due_at }] : [];
}

function drawnInstants({ action, from, to }: Bar): string[] {
  const window = action.window;
  return [from, to, window?.best_at, window?.literal?.opens_at, window?.literal?.due_at].flatMap((each) => each ?? []);
}

/** A mark for the first instant of each day, and its name where there is room. */
export function ticksOver(instants: readonly string[], scale: Scale, label: Label): Tick[] {
  const ticks = new Map<string, Tick>();
  for (const instant of instants) {
    const name = label(instant);
    if (!ticks.has(name)) ticks.set(name, { instant, label: name, x: scale(instant), wide: null, phone: null });
  }
  const all = [...ticks.values()];
  placeLabels(all, WIDE_LABEL, (tick, place) => (tick.wide = place));
  placeLabels(all, PHONE_LABEL, (tick, place) => (tick.phone = place));
  return all;
}

function placeLabels(ticks: readonly Tick[], width: number, put: (tick: Tick, place: Place) => void): void {
  let reached = -1;
  for (const tick of ticks) {
    const atEdge = tick.x + width > EDGE;
    const begins = atEdge ? EDGE - width : tick.x;
    if (begins < reached) continue;
    put(tick, atEdge ? { x: EDGE, anchor: "end" } : { x: tick.x, anchor: "start" });
    reached = begins + width;
  }
}
