/** What is asked about a round, and how two versions of the answers come together. */
import type { NewRecap } from "../api/types";

export const asked = ["discussed", "went_well", "answer_better", "they_need", "good_points", "bad_points", "clicked"] as const;

export type Asked = (typeof asked)[number];
export type Words = Readonly<Record<Asked, string>>;

const each = <Made>(make: (question: Asked) => Made) =>
  Object.fromEntries(asked.map((question) => [question, make(question)])) as Record<Asked, Made>;

export const wordsOf = (recap: Partial<Record<Asked, string | null>>): Words => each((question) => recap[question] ?? "");

export const blank = wordsOf({});

/** The request. The server keeps no empty text, and no space around what was written. */
export const bodyOf = (words: Words): NewRecap => each((question) => words[question].trim() || null);

const sameText = (one: string, other: string) => one.trim() === other.trim();

export const same = (one: Words, other: Words) => asked.every((question) => sameText(one[question], other[question]));

/** Both changes of what was there before. Where both changed one answer, it is mine, and the question is named. */
export function together(before: Words, mine: Words, theirs: Words): { words: Words; clashes: Asked[] } {
  const mineStays = (question: Asked) =>
    !sameText(mine[question], before[question]) || sameText(mine[question], theirs[question]);
  const clashes = asked.filter(
    (question) =>
      mineStays(question) &&
      !sameText(theirs[question], before[question]) &&
      !sameText(theirs[question], mine[question]),
  );
  return { words: each((question) => (mineStays(question) ? mine : theirs)[question]), clashes };
}

/** The words, with the answers to these questions from elsewhere. */
export const answeredBy = (words: Words, questions: readonly Asked[], elsewhere: Words): Words =>
  each((question) => (questions.includes(question) ? elsewhere : words)[question]);
