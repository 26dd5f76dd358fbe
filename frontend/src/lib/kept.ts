/**
 * The last answers on this device, for when the server cannot be reached. Each belongs to an account and says when it
 * was read; all are dropped at sign-out.
 */
import { clear, createStore, get, set } from "idb-keyval";

export type Kept<Value> = { value: Value; at: string };

// A browser may refuse a page its database (private windows, full disks); the app then works without.
const store = attempt(() => createStore("afterword", "answers"));

let owner = "";

/** Whose answers are kept and recalled from now on. */
export function keepFor(accountId: string): void {
  owner = accountId;
}

export async function keep(name: string, value: unknown, at: string): Promise<void> {
  if (store) await set(`${owner}/${name}`, { value, at }, store).catch(() => undefined);
}

export async function recall<Value>(name: string): Promise<Kept<Value> | undefined> {
  return store ? get<Kept<Value>>(`${owner}/${name}`, store).catch(() => undefined) : undefined;
}

export async function dropAll(): Promise<void> {
  if (store) await clear(store).catch(() => undefined);
}

function attempt<Made>(make: () => Made): Made | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
