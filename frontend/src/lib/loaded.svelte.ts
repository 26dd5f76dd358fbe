/** Something read from the API: the last answer stays on screen while it is read again. */
import { asProblem, type Problem } from "../api/problem";
import { rightNow } from "./dates";
import { keep, recall } from "./kept";

export class Loaded<Answer> {
  value = $state.raw<Answer>();
  problem = $state<Problem | null>(null);
  /** When what is shown was read, where the server cannot be reached now; null where it is fresh. */
  keptSince = $state<string | null>(null);
  #latest = 0;

  /** With `keepAs`, a name for this answer on this device, the last one is shown while the server is out of reach. */
  constructor(
    private readonly read: () => Promise<Answer>,
    private readonly keepAs?: string,
  ) {}

  reload = async (): Promise<void> => {
    const turn = ++this.#latest;
    try {
      const answer = await this.read();
      if (turn !== this.#latest) return;
      this.#show(answer, null);
      if (this.keepAs) await keep(this.keepAs, answer, rightNow());
    } catch (thrown) {
      const problem = asProblem(thrown);
      const kept = problem.unreachable && this.keepAs ? await recall<Answer>(this.keepAs) : undefined;
      if (turn !== this.#latest) return;
      if (kept) this.#show(kept.value, kept.at);
      else this.problem = problem;
    }
  };

  #show(value: Answer, keptSince: string | null): void {
    this.value = value;
    this.keptSince = keptSince;
    this.problem = null;
  }
}
