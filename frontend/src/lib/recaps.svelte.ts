/**
 * Recaps as they are written. What is typed goes to the device at once, and from there to the server:
 *
 *     saved ── typed ──► waiting ── stored ──► saved
 *                          │ elsewhere the same question was answered otherwise
 *                          ├──► clashing ── the person chooses ──► waiting
 *                          │ the server will not take it
 *                          └──► refused ── typed, or dropped
 *
 * The steps are in recap_draft.ts; here is when they are taken. What waits is sent a moment after the last letter, when
 * the page is hidden or looked at, when it is opened, and when the server is back.
 */
import { currentUser } from "../api/accounts";
import { etagOf } from "../api/http";
import { asProblem, type Problem } from "../api/problem";
import { putRecap, readRecap } from "../api/recaps";
import { untilBack } from "./back";
import { changeDraft, dropDraft, isFleeting, readDraft, readDrafts, unsavedDrafts, whenDraftsChange } from "./recap_drafts";
import { begun, chosen, heard, isUnsaved, refused, sending, stateOf, stored, typed, UNWRITTEN, type Draft, type Version } from "./recap_draft";
import { bodyOf, wordsOf, type Words } from "./recap_words";
import { unsaved } from "./unsaved.svelte";

const REST_MS = 1_000;
// Somebody elsewhere may be faster than us, but not for ever.
const MOST_TURNS = 4;
const NOT_FOUND = 404;
const CHANGED_MEANWHILE = 412;

class Recaps {
  /** Every recap on this device, with what is typed here. */
  all = $state.raw<readonly Draft[]>([]);
  reachable = $state(true);
  #typing = new Map<string, Partial<Words>>();
  #rest: ReturnType<typeof setTimeout> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #stopTrying: (() => void) | undefined;
  /** The one that is on the screen. */
  #opened: string | undefined;

  constructor(private readonly accountId: string) {
    whenDraftsChange(this.look);
    document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? this.#again() : this.send()));
  }

  of = (interviewId: string) => this.all.find((draft) => draft.interviewId === interviewId);

  /** Kept only for as long as this page is open. */
  isFleeting = (interviewId: string) => isFleeting(this.accountId, interviewId);

  /** Reads the device, for what other tabs wrote. */
  look = async (): Promise<void> => {
    const kept = await readDrafts(this.accountId);
    // Whoever types at once is faster than the device, which knows nothing of that recap yet.
    const unkept = [...this.#typing.keys()].filter((id) => !kept.some((draft) => draft.interviewId === id)).map(begun);
    this.all = [...kept, ...unkept].map((draft) => this.#withTyping(draft));
  };

  /** Reads the device, then the server; what waits is sent instead, and hears of the server's version that way. */
  open = async (interviewId: string): Promise<void> => {
    this.#opened = interviewId;
    await this.look();
    const draft = this.of(interviewId);
    if (draft && isUnsaved(draft)) return this.send();
    await this.#inTurn(() => this.#try(() => this.#listen(interviewId))).catch(() => undefined);
  };

  close = (): void => {
    this.#opened = undefined;
    void this.send();
  };

  write(interviewId: string, answers: Partial<Words>, about: string): void {
    const now = { ...this.#typing.get(interviewId), ...answers };
    this.#typing.set(interviewId, now);
    this.#show(this.of(interviewId) ?? begun(interviewId));
    void this.#take(interviewId, (draft) => typed(draft, now, about)).then(() => {
      if (this.#typing.get(interviewId) === now) this.#typing.delete(interviewId);
    });
    clearTimeout(this.#rest);
    this.#rest = setTimeout(this.send, REST_MS);
  }

  async choose(interviewId: string, whose: "mine" | "theirs"): Promise<void> {
    await this.#take(interviewId, (draft) => chosen(draft, whose));
    await this.send();
  }

  async drop(interviewId: string): Promise<void> {
    await dropDraft(this.accountId, interviewId);
    await this.open(interviewId);
  }

  /** Sends whatever waits. */
  send = (): Promise<void> =>
    this.#inTurn(async () => {
      const waiting = (await readDrafts(this.accountId)).filter((draft) => stateOf(draft) === "waiting");
      for (const draft of waiting) await this.#deliver(draft);
    });

  #again = async (): Promise<void> => {
    await this.send();
    if (this.#opened) await this.open(this.#opened);
    else if ((await unsavedDrafts(this.accountId)).length === 0) this.#reached(true);
  };

  async #deliver({ interviewId }: Draft): Promise<void> {
    try {
      await this.#try(() => this.#untilStored(interviewId));
    } catch (thrown) {
      if (await this.#isOurs()) await this.#take(interviewId, (draft) => refused(draft, asProblem(thrown)));
    }
  }

  async #untilStored(interviewId: string): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const draft = await readDraft(this.accountId, interviewId);
      if (!draft || stateOf(draft) !== "waiting") return;
      if (draft.known) await this.#put(draft, draft.known.etag);
      else await this.#listen(interviewId);
    }
  }

  async #put({ interviewId }: Draft, etag: string): Promise<void> {
    const { words } = await this.#take(interviewId, sending);
    try {
      const answer = await putRecap(interviewId, bodyOf(words), etag);
      await this.#take(interviewId, (draft) => stored(draft, { words, etag: etagOf(answer) ?? "" }));
    } catch (thrown) {
      if (asProblem(thrown).status !== CHANGED_MEANWHILE) throw thrown;
      await this.#listen(interviewId);
    }
  }

  /** Hears what the server has by now. */
  async #listen(interviewId: string): Promise<void> {
    const version = await versionOf(interviewId);
    await this.#take(interviewId, (draft) => heard(draft, version));
  }

  /** Lets through what the server refused; what only failed is tried again later. */
  async #try(asking: () => Promise<void>): Promise<void> {
    try {
      await asking();
      this.#reached(true);
    } catch (thrown) {
      if (isRefusal(asProblem(thrown))) throw thrown;
      this.#reached(false);
    }
  }

  #reached(reachable: boolean): void {
    this.reachable = reachable;
    unsaved.any ||= !reachable;
    if (reachable) this.#stopTrying?.();
    this.#stopTrying = reachable ? undefined : (this.#stopTrying ?? untilBack(this.#again));
  }

  /** False where somebody else is signed in by now, to whom these recaps are not there. */
  async #isOurs(): Promise<boolean> {
    const me = await currentUser().catch(() => null);
    return me?.account.id === this.accountId;
  }

  async #take(interviewId: string, step: (draft: Draft) => Draft): Promise<Draft> {
    const draft = await changeDraft(this.accountId, interviewId, (before) => step(before ?? begun(interviewId)));
    this.#show(draft);
    unsaved.any ||= ["clashing", "refused"].includes(stateOf(draft));
    return draft;
  }

  #show(draft: Draft): void {
    const others = this.all.filter((other) => other.interviewId !== draft.interviewId);
    this.all = [...others, this.#withTyping(draft)];
  }

  // What the device told may be older than the last letters.
  #withTyping(draft: Draft): Draft {
    const typing = this.#typing.get(draft.interviewId);
    return typing ? typed(draft, typing) : draft;
  }

  /** One after another, over all tabs. Without locks (plain http) two tabs may send the same twice, which harms nothing. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    if ("locks" in navigator) return void (await navigator.locks.request(`afterword.recaps/${this.accountId}`, work));
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

async function versionOf(interviewId: string): Promise<Version> {
  try {
    const recap = await readRecap(interviewId);
    return { words: wordsOf(recap), etag: etagOf(recap) ?? "" };
  } catch (thrown) {
    if (asProblem(thrown).status === NOT_FOUND) return UNWRITTEN;
    throw thrown;
  }
}

const LATER = [408, 409, 425, 429];

const isRefusal = ({ status }: Problem) => status >= 400 && status < 500 && !LATER.includes(status);

let recaps: Recaps | undefined;

/** Those of the account that is signed in; whoever signs in as somebody else gets a new page. */
export const recapsOf = (accountId: string) => (recaps ??= new Recaps(accountId));
