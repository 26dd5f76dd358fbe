/**
 * A recap on its way from the keyboard to the server, and the steps that it takes. Every step is a plain function from
 * one draft to the next, so that it can be taken within one transaction of the device's database.
 */
import type { FieldWords, Problem } from "../api/problem";
import { answeredBy, blank, same, together, wordsOf, type Asked, type Words } from "./recap_words";

/** What the server has, and what its next change has to match. */
export type Version = { readonly words: Words; readonly etag: string };

export interface Draft {
  readonly interviewId: string;
  /** Of which round it is, in words, for other pages. */
  readonly about: string;
  readonly words: Words;
  /** The version that the words go on from; null where the server was not heard yet. */
  readonly known: Version | null;
  /** What was sent since then without an answer: the server may have any of it. */
  readonly sent: readonly Words[];
  /** A version from elsewhere that answers a question otherwise, until the person has chosen. */
  readonly theirs: Version | null;
  /** Why the server will not take it. */
  readonly refusal: { readonly status: number; readonly words: string; readonly fields: FieldWords } | null;
}

export type State = "saved" | "waiting" | "clashing" | "refused";

// More unanswered sendings than this are not told apart; the person is then shown both versions.
const MOST_SENT = 20;

// The ETag of a recap that nobody has written yet.
export const UNWRITTEN: Version = { words: blank, etag: '"0"' };

export const begun = (interviewId: string): Draft => ({
  interviewId,
  about: "",
  words: blank,
  known: null,
  sent: [],
  theirs: null,
  refusal: null,
});

export function stateOf(draft: Draft): State {
  if (draft.refusal) return "refused";
  if (draft.theirs) return "clashing";
  return same(draft.words, draft.known?.words ?? blank) ? "saved" : "waiting";
}

/** Whatever has not reached the server, for whatever reason. */
export const isUnsaved = (draft: Draft) => stateOf(draft) !== "saved";

export function typed(draft: Draft, answers: Partial<Words>, about = draft.about): Draft {
  const next = { ...draft, about, words: wordsOf({ ...draft.words, ...answers }), refusal: null };
  return next.theirs ? heard(next, next.theirs) : next;
}

export function sending(draft: Draft): Draft {
  const before = draft.sent.filter((words) => !same(words, draft.words));
  return { ...draft, sent: [...before, draft.words].slice(-MOST_SENT) };
}

export const stored = (draft: Draft, version: Version): Draft => ({ ...draft, known: version, sent: [], refusal: null });

/** The server's version was read: what was written elsewhere comes in, unless it answers a question otherwise. */
export function heard(draft: Draft, version: Version): Draft {
  const { words, clashes } = together(before(draft, version), draft.words, version.words);
  if (clashes.length > 0) return { ...draft, theirs: version };
  return { ...draft, words, known: version, sent: [], theirs: null };
}

export function clashesOf(draft: Draft): Asked[] {
  return draft.theirs ? together(before(draft, draft.theirs), draft.words, draft.theirs.words).clashes : [];
}

export function chosen(draft: Draft, whose: "mine" | "theirs"): Draft {
  if (!draft.theirs) return draft;
  const { words, clashes } = together(before(draft, draft.theirs), draft.words, draft.theirs.words);
  const settled = whose === "mine" ? words : answeredBy(words, clashes, draft.theirs.words);
  return { ...draft, words: settled, known: draft.theirs, sent: [], theirs: null };
}

export const refused = (draft: Draft, { status, words, fields }: Problem): Draft => ({
  ...draft,
  refusal: { status, words, fields },
});

// What came back may be our own, of which the answer was lost.
function before(draft: Draft, version: Version): Words {
  return draft.sent.find((words) => same(words, version.words)) ?? draft.known?.words ?? blank;
}
