/** Where instants lie on a picture: a linear scale over instants that were given. Drawing, not dates. */

export type Scale = (instant: string) => number;

const MARGIN_PERCENT = 2;

function millisecondsBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

export function earliest(instants: readonly string[]): string | undefined {
  return [...instants].sort(byInstant)[0];
}

export function latest(instants: readonly string[]): string | undefined {
  return [...instants].sort(byInstant).at(-1);
}

export function byInstant(one: string, other: string): number {
  return millisecondsBetween(other, one);
}

/** Maps an instant to percent of the width, held within the picture. */
export function scaleOver(from: string, to: string): Scale {
  const whole = Math.max(1, millisecondsBetween(from, to));
  const room = 100 - 2 * MARGIN_PERCENT;
  return (instant) => {
    const share = millisecondsBetween(from, instant) / whole;
    return MARGIN_PERCENT + room * Math.min(1, Math.max(0, share));
  };
}

/** The instants that lie at even distances along the scale, for its axis. */
export function evenly(from: string, to: string, count: number): string[] {
  const whole = millisecondsBetween(from, to);
  const start = Date.parse(from);
  return Array.from({ length: count }, (_, index) => new Date(start + (whole * index) / (count - 1)).toISOString());
}

/** How much of a window has run, from 0 to 1. */
export function runShare(from: string, to: string, now: string): number {
  return Math.min(1, Math.max(0, millisecondsBetween(from, now) / Math.max(1, millisecondsBetween(from, to))));
}

/** How long a timer has to wait, both instants by the server's clock. */
export function timerDelay(asOf: string, nextChangeAt: string): number {
  return millisecondsBetween(asOf, nextChangeAt);
}

export function isWithin(from: string, to: string, milliseconds: number): boolean {
  return millisecondsBetween(from, to) <= milliseconds;
}
