/**
 * The last answers on this device, for when the server cannot be reached. Each belongs to an account and says when it
 * was read; all are dropped at sign-out.
 */
import { clear, createStore, get, set } from "idb-keyval";
import { etagsWithin, rememberEtags } from "../api/http";

export type Kept<Value> = { value: Value; at: string };
type OnDevice<Value> = Kept<Value> & { etags: Readonly<Record<string, string>> };

// A browser may refuse a page its database (private windows, full disks); the app then works without.
const store = attempt(() => createStore("afterword", "answers"));

let owner = "";

/** Whose answers are kept and recalled from now on. */
export function keepFor(accountId: string): void {
  owner = accountId;
}

export async function keep(name: string, value: unknown, at: string): Promise<void> {
  const kept: OnDevice<unknown> = { value, at, etags: etagsWithin(value) };
  if (store && owner) await set(`${owner}/${name}`, kept, store).catch(() => undefined);
}

export async function recall<Value>(name: string): Promise<Kept<Value> | undefined> {
  const kept = store && owner ? await get<OnDevice<Value>>(`${owner}/${name}`, store).catch(() => undefined) : undefined;
  if (kept) rememberEtags(kept.value, kept.etags);
  return kept;
}

/** From then on nothing is kept: an answer that is still on its way comes too late. */
export async function dropAll(): Promise<void> {
  owner = "";
  if (store) await clear(store).catch(() => undefined);
}

export function attempt<Made>(make: () => Made): Made | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
