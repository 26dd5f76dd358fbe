/** Who is signed in, and what happens when that ends: a dialog over the page, so that nothing typed is lost. */
import { currentUser, signIn, signOut, signUp } from "../api/accounts";
import { whenSessionEnds } from "../api/http";
import { asProblem } from "../api/problem";
import type { Me, SignIn, SignUp } from "../api/types";
import { dropDrafts } from "./draft";
import { dropAll, keepFor } from "./kept";
import { recapDrafts } from "./unsaved.svelte";

// The session's cookie cannot be read here. This remembers whether asking for it is worth a request.
const SIGNED_IN_BEFORE = "afterword.signed-in";
// Who that was, for opening without a connection.
const LAST_SEEN = "afterword.me";

interface Session {
  me: Me | null;
  asked: boolean;
  ended: boolean;
  /** Signing out waits for a word: it would drop what is only on this device. */
  leaving: boolean;
}

export const session = $state<Session>({ me: null, asked: false, ended: false, leaving: false });

const LONGEST_TRY_MS = 3_000;

let waiting: (() => void)[] = [];

export const wasHereBefore = () => localStorage.getItem(SIGNED_IN_BEFORE) !== null;

export async function openSession(): Promise<void> {
  if (localStorage.getItem(SIGNED_IN_BEFORE) === "yes") seen(await whoIsHere());
  session.asked = true;
  whenSessionEnds(() => {
    session.ended = true;
    return new Promise((resolve) => waiting.push(resolve));
  });
  addEventListener("storage", followOtherTabs);
}

// What another tab did to the session that all of them share.
function followOtherTabs({ key, newValue }: StorageEvent): void {
  const left = key === SIGNED_IN_BEFORE && newValue === "no";
  const another = key === LAST_SEEN && newValue && (JSON.parse(newValue) as Me).account.id !== session.me?.account.id;
  if (session.me && (left || another)) location.reload();
}

/** Who it was last, where nobody answers or not for long; whether they still are, the next answer tells. */
async function whoIsHere(): Promise<Me | null> {
  const kept = localStorage.getItem(LAST_SEEN);
  const known = kept ? (JSON.parse(kept) as Me) : null;
  try {
    const asked = currentUser();
    return await (known ? Promise.race([asked, afterLongestTry().then(() => known)]) : asked);
  } catch (thrown) {
    return asProblem(thrown).unreachable ? known : null;
  }
}

const afterLongestTry = () => new Promise<void>((resolve) => setTimeout(resolve, LONGEST_TRY_MS));

/** The account as it was last told, after signing in or a change of settings. */
export function seen(me: Me | null): void {
  session.me = me;
  if (!me) return;
  keepFor(me.account.id);
  localStorage.setItem(LAST_SEEN, JSON.stringify(me));
}

export async function enter(credentials: SignIn): Promise<void> {
  await signIn(credentials);
  await begin();
}

export async function join(account: SignUp): Promise<void> {
  await signUp(account);
  await begin();
}

async function begin(): Promise<void> {
  const before = session.me;
  const me = await currentUser();
  localStorage.setItem(SIGNED_IN_BEFORE, "yes");
  // What waits to be sent belongs to the account that typed it.
  if (before && before.account.id !== me.account.id) return location.reload();
  seen(me);
  session.ended = false;
  waiting.forEach((resolve) => resolve());
  waiting = [];
}

/** Asks first where words on this device have not been saved and cannot be now. */
export async function leave(): Promise<void> {
  session.leaving = (await unsavedAfterTrying()) > 0;
  if (!session.leaving) await leaveForGood();
}

export async function leaveForGood(): Promise<void> {
  const { dropRecaps } = await recapDrafts();
  await signOut();
  localStorage.setItem(SIGNED_IN_BEFORE, "no");
  localStorage.removeItem(LAST_SEEN);
  dropDrafts();
  await dropAll();
  if (session.me) await dropRecaps(session.me.account.id);
  location.assign("/");
}

async function unsavedAfterTrying(): Promise<number> {
  const id = session.me?.account.id ?? "";
  const { unsavedDrafts } = await recapDrafts();
  if ((await unsavedDrafts(id)).length === 0) return 0;
  const { recapsOf } = await import("./recaps.svelte");
  await Promise.race([recapsOf(id).send(), afterLongestTry()]);
  return (await unsavedDrafts(id)).length;
}
