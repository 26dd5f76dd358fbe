/** A form being sent: whether it is under way, and what was refused, field by field. */
import { asProblem, type Problem } from "../api/problem";

export class Submission {
  busy = $state(false);
  problem = $state<Problem | null>(null);

  /** Runs the sending once at a time; true when it was accepted. */
  async run(sending: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      await sending();
      return true;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  field(path: string): string | undefined {
    return this.problem?.fields[path];
  }
}
