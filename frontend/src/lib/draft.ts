/**
 * What is being typed, kept on this device as it is typed, so that neither a reload nor a lost connection takes it. It
 * belongs to the account that types it, and is dropped once it is saved or discarded, and at sign-out.
 */
import type { Sent } from "../api/attempt";
import { rightNow } from "./dates";

const PREFIX = "afterword.draft/";

/** `since` is when the first of it was typed, or when it was first sent; `sent` is what that sending was known by. */
export type Kept<Typed> = { typed: Typed; since: string; sent: Sent };

export class Draft<Typed> {
  readonly #key: string;
  #began = "";

  constructor(accountId: string, name: string) {
    this.#key = `${PREFIX}${accountId}/${name}`;
  }

  recall(): Kept<Typed> | undefined {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "null") as Kept<Typed> | null;
      this.#began = kept?.since ?? "";
      return kept ?? undefined;
    } catch {
      return undefined;
    }
  }

  keep(typed: Typed, sent: Sent, since = ""): void {
    this.#began = since || this.#began || rightNow();
    try {
      localStorage.setItem(this.#key, JSON.stringify({ typed, since: this.#began, sent }));
    } catch {
      // A device without room or leave to keep it: the page itself still has it.
    }
  }

  drop(): void {
    this.#began = "";
    localStorage.removeItem(this.#key);
  }
}

export function dropDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
