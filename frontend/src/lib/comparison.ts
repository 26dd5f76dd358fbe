/** Several playbooks beside each other: what each says of the same thing, and whether one's own says something else. */
import type { ComparedPlaybook, Comparison, Hold } from "../api/types";
import { byInstant, inOrder, scaleOver, type Scale } from "./scale";

type Cell = Comparison["rows"][number]["by_playbook"][string];
export type Verdict = "same" | "onlyOwn" | "onlyOthers" | "some" | "differs";
export type ComparedRow = { id: string; title: string; cells: Cell[]; verdict: Verdict };
export type ComparedHold = { id: string; hold: Hold; cells: (Hold | undefined)[]; verdict: Verdict };
export type Beside = { playbooks: ComparedPlaybook[]; rows: ComparedRow[]; holds: ComparedHold[] };

/** The playbooks in the order of `ids`, one's own first, with what is not yet past in at least one of them. */
export function beside(comparison: Comparison, ids: readonly string[]): Beside {
  const playbooks = ids.flatMap((id) => comparison.playbooks.find((each) => each.id === id) ?? []);
  return { playbooks, rows: rowsOf(comparison, playbooks), holds: holdsOf(playbooks) };
}

function rowsOf(comparison: Comparison, playbooks: readonly ComparedPlaybook[]): ComparedRow[] {
  // One's own words for it, where one's own speaks of it.
  const titles = new Map(playbooks.toReversed().flatMap((each) => each.actions.map((action) => [action.id, action.title])));
  return comparison.rows.flatMap((row) => {
    const cells = playbooks.map((each) => row.by_playbook[each.id] ?? null);
    const said = cells.find((cell) => cell !== null);
    if (!said || cells.every((cell) => cell === null || cell.state === "lapsed")) return [];
    return [{ id: said.action_id, title: titles.get(said.action_id) ?? row.kind, cells, verdict: verdictOn(cells.map(when)) }];
  });
}

function holdsOf(playbooks: readonly ComparedPlaybook[]): ComparedHold[] {
  const holds = new Map(playbooks.flatMap((each) => each.holds.map((hold) => [hold.id, hold])));
  return [...holds].map(([id, hold]) => {
    const cells = playbooks.map((each) => each.holds.find((own) => own.id === id));
    return { id, hold, cells, verdict: verdictOn(cells.map((cell) => (cell ? (cell.until ?? "open") : null))) };
  });
}

const when = (cell: Cell): string | null =>
  cell && JSON.stringify([cell.window?.opens_at, cell.window?.due_at, cell.channel?.recommended]);

// The first is one's own.
function verdictOn([own, ...others]: readonly (string | null | undefined)[]): Verdict {
  if (!own) return "onlyOthers";
  if (others.every((other) => !other)) return "onlyOwn";
  if (others.some((other) => other && other !== own)) return "differs";
  return others.every(Boolean) ? "same" : "some";
}

/** A line that all their windows lie on. */
export function scaleBeside(compared: Beside, asOf: string): { scale: Scale; instants: string[] } {
  const windows = compared.rows.flatMap((row) => row.cells.flatMap((cell) => cell?.window ?? []));
  const ends = windows.flatMap((window) => [window.opens_at, window.due_at].flatMap((each) => each ?? []));
  const instants = inOrder([asOf, ...ends].toSorted(byInstant));
  return { scale: scaleOver(instants), instants };
}
