/** Something read from the API: the last answer stays on screen while it is read again. */
import { asProblem, type Problem } from "../api/problem";

export class Loaded<Answer> {
  value = $state.raw<Answer>();
  problem = $state<Problem | null>(null);
  #latest = 0;

  constructor(private readonly read: () => Promise<Answer>) {}

  reload = async (): Promise<void> => {
    const turn = ++this.#latest;
    try {
      const answer = await this.read();
      if (turn !== this.#latest) return;
      this.value = answer;
      this.problem = null;
    } catch (thrown) {
      if (turn === this.#latest) this.problem = asProblem(thrown);
    }
  };
}
