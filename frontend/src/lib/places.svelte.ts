/** The zone each round took place in, because an action names its interview but not where that was. */
import { listInterviews } from "../api/interviews";
import type { Interview } from "../api/types";
import { browserZone } from "./dates";
import { session } from "./session.svelte";

type Subject = { interview_id?: string | null; opportunity_id?: string | null };

export class Places {
  #rounds = $state.raw<Interview[]>([]);

  async load(): Promise<void> {
    this.#rounds = await listInterviews();
  }

  zoneOf(subject: Subject): string {
    const round =
      this.#rounds.find((each) => each.id === subject.interview_id) ??
      this.#rounds.findLast((each) => each.opportunity_id === subject.opportunity_id);
    return round?.time_zone ?? session.me?.account.time_zone ?? browserZone;
  }
}
