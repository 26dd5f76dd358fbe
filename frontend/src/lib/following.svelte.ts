/** Something that the server works on, looked at again a few times with growing pauses; then it is left to the person. */
import { asProblem, type Problem } from "../api/problem";

const PAUSES_MS = [250, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 5_000] as const;

export class Following<Answer> {
  latest = $state.raw<Answer | null>(null);
  /** `left`: it took longer than we look; `over`: nothing more is going to happen. */
  state = $state<"idle" | "asking" | "over" | "left">("idle");
  problem = $state.raw<Problem | null>(null);
  #turn = 0;

  constructor(
    private readonly read: () => Promise<Answer>,
    private readonly isOver: (answer: Answer) => boolean,
  ) {}

  follow = async (): Promise<void> => {
    const turn = ++this.#turn;
    this.state = "asking";
    this.latest = null;
    this.problem = null;
    for (const pause of PAUSES_MS) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (turn !== this.#turn) return;
      try {
        this.latest = await this.read();
      } catch (thrown) {
        this.problem = asProblem(thrown);
        break;
      }
      if (turn !== this.#turn) return;
      if (this.isOver(this.latest)) {
        this.state = "over";
        return;
      }
    }
    this.state = "left";
  };

  /** Asks no more, as when the page is left. */
  stop = (): void => {
    this.#turn++;
  };
}
