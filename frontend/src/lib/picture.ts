/** What the picture of a timeline shows, row by row. It orders and groups what was given, and decides nothing. */
import type { Interview } from "../api/interviews";
import type { Touch } from "../api/touches";
import type { Action, Answer } from "../api/types";
import { earliest, evenly, isWithin, latest, scaleOver, type Scale } from "./scale";

const TWO_DAYS_MS = 172_800_000;

export type Bar = { action: Action; from: string; to: string | null };

export type Picture = {
  scale: Scale;
  ticks: string[];
  /** Whether the picture is so short that its axis needs hours beside the days. */
  hourly: boolean;
  bars: Bar[];
};

export function pictureOf(timeline: Answer, rounds: readonly Interview[], touches: readonly Touch[]): Picture {
  const bars = timeline.actions.flatMap(barOf);
  const instants = [
    timeline.as_of,
    ...rounds.flatMap((round) => [round.starts_at, round.ends_at]),
    ...touches.map((touch) => touch.at),
    ...bars.flatMap((bar) => (bar.to ? [bar.from, bar.to] : [bar.from])),
    ...timeline.holds.flatMap((hold) => hold.until ?? []),
  ];
  const from = earliest(instants) ?? timeline.as_of;
  const to = latest(instants) ?? timeline.as_of;
  return { scale: scaleOver(from, to), ticks: evenly(from, to, 5), hourly: isWithin(from, to, TWO_DAYS_MS), bars };
}

function barOf(action: Action): Bar[] {
  const window = action.window;
  return window ? [{ action, from: window.opens_at, to: window.due_at }] : [];
}
