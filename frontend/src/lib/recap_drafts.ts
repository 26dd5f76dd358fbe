/**
 * Recaps on this device, by account. They are apart from the answers that are kept, because these words may be nowhere
 * else: a change is one transaction, and the other tabs hear of it.
 */
import { createStore, delMany, entries, get, update } from "idb-keyval";
import { attempt } from "./kept";
import { isUnsaved, type Draft } from "./recap_draft";

const store = attempt(() => createStore("afterword-recaps", "drafts"));
const tabs = attempt(() => new BroadcastChannel("afterword.recaps"));

// Where the browser refuses its database: what is typed then lasts as long as the page.
const fleeting = new Map<string, Draft>();

const keyOf = (accountId: string, interviewId: string) => `${accountId}/${interviewId}`;

async function all(): Promise<[string, Draft][]> {
  const kept = store ? await entries<string, Draft>(store).catch(() => []) : [];
  return [...kept.filter(([key]) => !fleeting.has(key)), ...fleeting];
}

export async function readDrafts(accountId: string): Promise<Draft[]> {
  return (await all()).filter(([key]) => key.startsWith(`${accountId}/`)).map(([, draft]) => draft);
}

export async function readDraft(accountId: string, interviewId: string): Promise<Draft | undefined> {
  const key = keyOf(accountId, interviewId);
  return fleeting.get(key) ?? (store ? await get<Draft>(key, store).catch(() => undefined) : undefined);
}

export async function unsavedDrafts(accountId: string): Promise<Draft[]> {
  return (await readDrafts(accountId)).filter(isUnsaved);
}

type Step = (before: Draft | undefined) => Draft;

/** Takes a step from what is on the device now, whichever tab wrote it. */
export async function changeDraft(accountId: string, interviewId: string, step: Step): Promise<Draft> {
  const key = keyOf(accountId, interviewId);
  const steps: Draft[] = [];
  const take: Step = (before) => (steps[0] = step(before));
  if (store && !fleeting.has(key) && (await succeeds(update<Draft>(key, take, store)))) tabs?.postMessage(interviewId);
  else fleeting.set(key, steps[0] ?? take(fleeting.get(key)));
  return steps[0] as Draft;
}

const succeeds = (doing: Promise<unknown>) =>
  doing.then(
    () => true,
    () => false,
  );

/** Whether a draft lasts only as long as the page. */
export const isFleeting = (accountId: string, interviewId: string) => fleeting.has(keyOf(accountId, interviewId));

export const dropDraft = (accountId: string, interviewId: string) => drop([keyOf(accountId, interviewId)]);

export async function dropRecaps(accountId: string): Promise<void> {
  await drop((await all()).map(([key]) => key).filter((key) => key.startsWith(`${accountId}/`)));
}

async function drop(keys: string[]): Promise<void> {
  for (const key of keys) fleeting.delete(key);
  if (store) await delMany(keys, store).catch(() => undefined);
  tabs?.postMessage("");
}

/** Calls back when another tab changed something. */
export function whenDraftsChange(elsewhere: () => void): void {
  tabs?.addEventListener("message", elsewhere);
}
