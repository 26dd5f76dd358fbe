/** The words of recaps. */
import type { Asked } from "../lib/recap_words";

type Question = { asks: string; hint: string };

const questions: Record<Asked, Question> = {
  discussed: { asks: "What did you talk about?", hint: "Topic by topic, and with whom." },
  went_well: { asks: "What went well?", hint: "The answers you would give again." },
  answer_better: { asks: "What would you answer better now?", hint: "The question, and the answer you would give today." },
  they_need: { asks: "What do they need?", hint: "In the person they hire, and what you have of it." },
  good_points: { asks: "What speaks for the job?", hint: "The work, the people, the place." },
  bad_points: { asks: "What speaks against it?", hint: "Whatever made you hesitate." },
  clicked: { asks: "When did it click?", hint: "A moment or a subject you shared with somebody." },
};

export const sayRecap = {
  title: "Recap",
  intro: "A few words are enough. Leave out what does not matter.",
  with: (names: readonly string[]) => `with ${new Intl.ListFormat("en").format(names)}`,
  questions,

  where: (step: number, count: number) => `Question ${step} of ${count}`,
  step: (step: number, asks: string) => `Question ${step}: ${asks}`,
  steps: "Questions",
  back: "Back",
  next: "Next",
  skip: "Skip",
  finish: "Finish",
  toOpportunity: "To the opportunity",

  saving: "Saving…",
  saved: "Saved.",
  kept: "Kept on this device; it will be saved when there is a connection.",
  fleeting: "Not saved yet, and this browser keeps nothing. Leave the page open.",
  trouble: "Not saved yet: the reason stands above.",
  notRead: "What you may have written on another device will appear when there is a connection.",

  refused: "This could not be saved. Your words stay on this device until you remove them.",
  drop: "Remove them",
  missing: "This interview is not here. It may have been deleted.",

  unsaved: {
    label: "Not saved yet",
    kept: (about: string) => `Your recap of ${about} is kept on this device until there is a connection.`,
    clashing: (about: string) => `Your recap of ${about} was also changed elsewhere.`,
    refused: (about: string) => `Your recap of ${about} could not be saved.`,
    some: "an interview",
    open: "Look at it",
  },

  leaving: {
    title: "Some words are not saved yet",
    words: "They are only on this device, and signing out removes them.",
    stay: "Stay signed in",
    anyway: "Remove them and sign out",
  },
} as const;
