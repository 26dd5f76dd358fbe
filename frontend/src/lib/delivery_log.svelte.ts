/** The delivery log as it is read: a page, older ones below it on demand, and which of them were chosen. */
import { SvelteSet } from "svelte/reactivity";
import { listDeliveries, sendSomeAgain, type DeliveryFilter } from "../api/deliveries";
import type { Delivery } from "../api/types";
import { rightNow } from "./dates";
import { Loaded } from "./loaded.svelte";
import { Submission } from "./submission.svelte";

/** What the API puts back at once. */
const MOST_CHOSEN = 200;

type Pages = { items: Delivery[]; cursor: string | null; at: string };

export class DeliveryLog {
  readonly chosen = new SvelteSet<string>();
  readonly reading = new Submission();
  readonly sending = new Submission();
  /** How many were put back the last time, and how many of those chosen were on their way anyhow. */
  sentAgain = $state.raw<{ queued: number; left: number } | null>(null);
  readonly pages = new Loaded<Pages>(() => this.#page(null));

  constructor(private readonly filter: () => DeliveryFilter) {}

  get items(): readonly Delivery[] {
    return this.pages.value?.items ?? [];
  }

  refresh = async (): Promise<void> => {
    await this.pages.reload();
    const shown = new Set(this.items.map((each) => each.id));
    for (const id of this.chosen) if (!shown.has(id)) this.chosen.delete(id);
  };

  older = (): Promise<boolean> =>
    this.reading.run(async () => {
      const before = this.pages.value;
      if (!before?.cursor) return;
      const page = await this.#page(before.cursor);
      // Whoever has refreshed the list meanwhile has another list.
      if (this.pages.value === before) this.pages.value = { ...page, items: [...before.items, ...page.items] };
    });

  choose = (id: string, chosen: boolean): void => {
    if (chosen) this.chosen.add(id);
    else this.chosen.delete(id);
  };

  chooseAll = (chosen: boolean): void => {
    this.chosen.clear();
    if (chosen) this.items.slice(0, MOST_CHOSEN).forEach((each) => this.chosen.add(each.id));
  };

  sendAgain = async (): Promise<void> => {
    const ids = [...this.chosen];
    const accepted = await this.sending.run(async () => {
      const { queued } = await sendSomeAgain(ids);
      this.sentAgain = { queued, left: ids.length - queued };
    });
    if (!accepted) return;
    this.chosen.clear();
    await this.refresh();
  };

  async #page(cursor: string | null): Promise<Pages> {
    const page = await listDeliveries(this.filter(), cursor);
    return { items: page.items, cursor: page.next_cursor, at: rightNow() };
  }
}
