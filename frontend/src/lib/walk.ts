/**
 * The keyboard's way over a list of actions. It moves from one to the next, and presses the buttons that are there: what
 * may not be done has no button, and needs no key.
 */
import { tick } from "svelte";
import type { Attachment } from "svelte/attachments";

type Word = "done" | "snooze" | "skip";

const STOP = "[data-action]";
const START = "summary";

export class Walk {
  #list: HTMLElement | undefined;
  /** The stop that had the focus last, and its place among all. */
  #last: HTMLElement | undefined;
  #place = 0;

  /** For the element that holds the list. */
  over: Attachment<HTMLElement> = (list) => {
    this.#list = list;
    const remember = () => this.#remember();
    list.addEventListener("focusin", remember);
    return () => list.removeEventListener("focusin", remember);
  };

  step = (by: 1 | -1): void => {
    const from = this.#current();
    this.#go(from < 0 ? this.#place : from + by);
  };

  /** Where no action has the focus, the key only shows which one it would have meant. */
  press = async (word: Word): Promise<void> => {
    const stop = this.#stops()[this.#current()];
    if (!stop) return this.step(1);
    const button = () => stop.querySelector<HTMLButtonElement>(`button[data-word=${word}]`);
    if (!button()) await unfold(stop.querySelector(START)?.closest("details"));
    button()?.click();
  };

  /** Once the list has changed: where the action that had the focus has gone, the one in its place takes it. */
  settle = (): void => {
    if (this.#last && !this.#last.isConnected && document.activeElement === document.body) this.#go(this.#place);
  };

  #remember(): void {
    const place = this.#current();
    if (place < 0) return;
    this.#place = place;
    this.#last = this.#stops()[place];
  }

  #go(place: number): void {
    const stops = this.#stops();
    stops[Math.max(0, Math.min(place, stops.length - 1))]?.querySelector<HTMLElement>(START)?.focus();
  }

  #current(): number {
    const stop = document.activeElement?.closest<HTMLElement>(STOP);
    return stop ? this.#stops().indexOf(stop) : -1;
  }

  #stops(): HTMLElement[] {
    const all = [...(this.#list?.querySelectorAll<HTMLElement>(STOP) ?? [])];
    return all.filter((stop) => stop.checkVisibility());
  }
}

/** What a fold holds is on the page once it has been opened. */
async function unfold(fold: HTMLDetailsElement | null | undefined): Promise<void> {
  if (!fold || fold.open) return;
  const opened = new Promise((resolve) => fold.addEventListener("toggle", resolve, { once: true }));
  fold.open = true;
  await opened;
  await tick();
}
