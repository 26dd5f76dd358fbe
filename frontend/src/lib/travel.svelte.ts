/** Travel in time over one opportunity: what the server says as of another instant. Nothing is written meanwhile. */
import { readTimeline } from "../api/next_actions";
import { Loaded } from "./loaded.svelte";

// A slider that is dragged passes many instants; the server is asked where it rests.
const REST_MS = 150;

export class Travel {
  /** Where one wants to be; null is now. */
  at = $state<string | null>(null);
  readonly answer: Loaded<Awaited<ReturnType<typeof readTimeline>> | undefined>;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(opportunityId: string) {
    this.answer = new Loaded(async () => (this.at ? await readTimeline(opportunityId, { at: this.at }) : undefined));
  }

  to = (at: string): void => {
    this.at = at;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(this.answer.reload, REST_MS);
  };

  back = (): void => {
    this.at = null;
    clearTimeout(this.#resting);
    this.answer.reload();
  };
}
