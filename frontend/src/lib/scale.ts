/**
 * Where instants lie on a picture. Drawing, not dates: every instant was given, and gaps are shortened the more the
 * longer they are, so that an hour and a season fit on one line.
 */

export type Scale = (instant: string) => number;

const MARGIN_PERCENT = 2;
const GAP_UNIT_MS = 60 * 60 * 1000;

function millisecondsBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

export function byInstant(one: string, other: string): number {
  return millisecondsBetween(other, one);
}

/** The given instants in order, each once. */
export function inOrder(instants: readonly string[]): string[] {
  const sorted = instants.toSorted(byInstant);
  return sorted.filter((instant, index) => index === 0 || millisecondsBetween(sorted[index - 1] ?? instant, instant) > 0);
}

/** Maps each of the given instants, which are in order, to percent of the width. */
export function scaleOver(ordered: readonly string[]): Scale {
  const reached = [0];
  for (const [index, instant] of ordered.entries()) {
    const before = ordered[index - 1];
    if (before) reached.push((reached.at(-1) ?? 0) + shortened(millisecondsBetween(before, instant)));
  }
  const whole = reached.at(-1) || 1;
  const places = new Map(ordered.map((instant, index) => [Date.parse(instant), (reached[index] ?? 0) / whole]));
  const room = 100 - 2 * MARGIN_PERCENT;
  return (instant) => MARGIN_PERCENT + room * (places.get(Date.parse(instant)) ?? 0);
}

function shortened(milliseconds: number): number {
  return Math.log1p(milliseconds / GAP_UNIT_MS);
}

/** How much of a window has run, from 0 to 1, so many milliseconds after an instant. */
export function runShare(from: string, to: string, instant: string, after = 0): number {
  const run = millisecondsBetween(from, instant) + after;
  return Math.min(1, Math.max(0, run / Math.max(1, millisecondsBetween(from, to))));
}

/** The milliseconds since something was read, by the clock that read it. */
export function passedSince(read: string, now: string): number {
  return Math.max(0, millisecondsBetween(read, now));
}

/** How long a timer has to wait, both instants by the server's clock. */
export function timerDelay(asOf: string, nextChangeAt: string): number {
  return millisecondsBetween(asOf, nextChangeAt);
}

/** Whether an instant that was given lies behind another. */
export function hasPassed(instant: string, now: string): boolean {
  return millisecondsBetween(instant, now) >= 0;
}

/** The place, among instants in order, of the last one that is not after another; -1 where all are. */
export function lastUpTo(ordered: readonly string[], instant: string): number {
  return ordered.findLastIndex((each) => hasPassed(each, instant));
}
