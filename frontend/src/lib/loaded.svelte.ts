/** Something read from the API: the last answer stays on screen while it is read again. */
import { waitedAlready } from "../api/http";
import { asProblem, type Problem } from "../api/problem";
import { rightNow } from "./dates";
import { keep, recall } from "./kept";

// After that a page without anything to show shows what it last read, though an answer may still come. It is counted from
// the oldest request: what had to be asked before, or on the page before, took of it too.
const PATIENCE_MS = 3_000;

export class Loaded<Answer> {
  value = $state.raw<Answer>();
  problem = $state<Problem | null>(null);
  /** When what is shown was read, where the server cannot be reached now; null where it is fresh. */
  keptSince = $state<string | null>(null);
  #latest = 0;
  /** The turn whose answer is shown. */
  #shown = 0;

  /** With `keepAs`, a name for this answer on this device, the last one is shown while the server is out of reach. */
  constructor(
    private readonly read: () => Promise<Answer>,
    private readonly keepAs?: string,
  ) {}

  reload = async (): Promise<void> => {
    const turn = ++this.#latest;
    const patience = setTimeout(() => void (this.value ?? this.#showKept(turn)), PATIENCE_MS - waitedAlready());
    try {
      const answer = await this.read();
      if (turn < this.#shown) return;
      this.#shown = turn;
      this.#show(answer, null);
      if (this.keepAs) await keep(this.keepAs, answer, rightNow());
    } catch (thrown) {
      const problem = asProblem(thrown);
      const kept = problem.unreachable && (await this.#showKept(turn));
      if (turn === this.#latest && !kept) this.problem = problem;
    } finally {
      clearTimeout(patience);
    }
  };

  /** Whether there is something on this device to show while nobody answers. */
  async #showKept(turn: number): Promise<boolean> {
    const kept = this.keepAs ? await recall<Answer>(this.keepAs) : undefined;
    if (kept && turn === this.#latest && turn > this.#shown) this.#show(kept.value, kept.at);
    return kept !== undefined;
  }

  #show(value: Answer, keptSince: string | null): void {
    this.value = value;
    this.keptSince = keptSince;
    this.problem = null;
  }
}
