/** Who is signed in, and what happens when that ends: a dialog over the page, so that nothing typed is lost. */
import { currentUser, signIn, signOut, signUp } from "../api/accounts";
import { whenSessionEnds } from "../api/http";
import { asProblem } from "../api/problem";
import type { Me, SignIn, SignUp } from "../api/types";
import { dropDrafts } from "./draft";
import { dropAll, keepFor } from "./kept";

// The session's cookie cannot be read here. This remembers whether asking for it is worth a request.
const SIGNED_IN_BEFORE = "afterword.signed-in";
// Who that was, for opening without a connection.
const LAST_SEEN = "afterword.me";

export const session = $state<{ me: Me | null; asked: boolean; ended: boolean }>({ me: null, asked: false, ended: false });

let waiting: (() => void)[] = [];

export const wasHereBefore = () => localStorage.getItem(SIGNED_IN_BEFORE) !== null;

export async function openSession(): Promise<void> {
  if (localStorage.getItem(SIGNED_IN_BEFORE) === "yes") seen(await whoIsHere());
  session.asked = true;
  whenSessionEnds(() => {
    session.ended = true;
    return new Promise((resolve) => waiting.push(resolve));
  });
}

async function whoIsHere(): Promise<Me | null> {
  try {
    return await currentUser();
  } catch (thrown) {
    const known = localStorage.getItem(LAST_SEEN);
    return asProblem(thrown).unreachable && known ? (JSON.parse(known) as Me) : null;
  }
}

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

export async function leave(): Promise<void> {
  await signOut();
  localStorage.setItem(SIGNED_IN_BEFORE, "no");
  localStorage.removeItem(LAST_SEEN);
  dropDrafts();
  await dropAll();
  location.assign("/");
}
