/** The rounds that actions are about: where each took place, and where what was written about it stands. */
import { getContext, setContext } from "svelte";
import type { Action, Interview } from "../api/types";
import { browserZone } from "./dates";
import { session } from "./session.svelte";

type Subject = { interview_id?: string | null; opportunity_id?: string | null };

const RECAPS = Symbol("recaps");

export class Places {
  constructor(private readonly rounds: () => readonly Interview[]) {}

  zoneOf(subject: Subject): string {
    const round =
      this.rounds().find((each) => each.id === subject.interview_id) ??
      this.rounds().findLast((each) => each.opportunity_id === subject.opportunity_id);
    return round?.time_zone ?? session.me?.account.time_zone ?? browserZone;
  }
}

/** Called while a view is set up: its actions lead to recaps of these rounds. */
export function leadToRecaps(rounds: () => readonly Interview[]): void {
  setContext(RECAPS, rounds);
}

/** Finds the round to write or read about: that of an action which is a message to nobody, else the last before it. */
export function recapFinder(): (action: Action) => Interview | undefined {
  const rounds = getContext<(() => readonly Interview[]) | undefined>(RECAPS) ?? (() => []);
  return (action) => {
    if (!action.interview_id || action.person || action.channel) return undefined;
    const held = rounds().filter((round) => round.opportunity_id === action.opportunity_id && round.phase === "held");
    return held.find((round) => round.id === action.interview_id) ?? held.at(-1);
  };
}
