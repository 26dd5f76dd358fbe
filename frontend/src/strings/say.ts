/**
 * The words of the shell and of the views that come with it; a view that is loaded when it is opened has its own file
 * beside this one. Short, kind and concrete; nothing cheers, nothing scolds.
 */

import type { Action, ChannelCode, FormatCode, Interview, OutcomeCode, RoleCode } from "../api/types";

const roles: Record<RoleCode, string> = {
  interviewer: "interviewer",
  hiring_manager: "hiring manager",
  recruiter: "recruiter",
  reference: "reference",
  insider: "insider",
};

const byChannel: Record<ChannelCode, string> = {
  email: "by e-mail",
  phone: "by phone",
  letter: "by letter",
  handwritten: "by hand, on paper",
  in_person: "in person",
  linkedin: "on LinkedIn",
  text: "by text message",
  public_post: "in public",
};

const outcomes: Record<OutcomeCode, string> = {
  rejected: "They said no",
  offer: "They made an offer",
  accepted: "I accepted",
  declined: "I declined",
  withdrawn: "I withdrew",
  closed: "The position was closed",
};

const states: Record<Action["state"], string> = {
  overdue: "overdue",
  open: "open",
  upcoming: "to come",
  snoozed: "snoozed",
  done: "done",
  skipped: "skipped",
  lapsed: "lapsed",
};

const formats: Record<FormatCode, string> = {
  onsite: "On site",
  video: "By video",
  phone: "By phone",
  one_way_video: "Recorded video",
};

const phases: Record<Interview["phase"], string> = {
  scheduled: "to come",
  in_progress: "now",
  held: "held",
  cancelled: "cancelled",
  missed: "missed",
};

const holds: Record<string, string> = {
  "wait-for-timeline": "Wait before you follow up",
  "follow-ups-used-up": "No more follow-ups",
  "no-contact": "Do not contact",
  "no-text-messages": "No text messages",
  "no-public-mention": "Nothing in public",
  "no-connecting-before-decision": "No connecting before they decide",
  "one-message-a-day": "One message a day to one person",
};

const listed = new Intl.ListFormat("en", { type: "disjunction" });

/** A word for a code of the API's; the code itself, spaced, where a newer server knows one that we do not. */
const word = (words: Readonly<Record<string, string>>) => (code: string) => words[code] ?? code.replaceAll(/[-_]/g, " ");

export const say = {
  name: "Afterword",
  tagline: "After the interview: what to do, for whom, when and why. And what to leave alone.",

  role: word(roles),
  by: word(byChannel),
  outcomeOf: word(outcomes),
  state: word(states),
  format: word(formats),
  phase: word(phases),
  kind: word({}),
  roleCodes: Object.keys(roles) as RoleCode[],
  metCodes: ["interviewer", "hiring_manager", "recruiter"] satisfies RoleCode[],
  followUpCodes: ["email", "phone", "letter", "linkedin", "text"] satisfies ChannelCode[],
  touchCodes: Object.keys(byChannel) as ChannelCode[],
  outcomeCodes: Object.keys(outcomes) as OutcomeCode[],
  formatCodes: Object.keys(formats) as FormatCode[],

  nav: {
    label: "Main",
    today: "Today",
    opportunities: "Opportunities",
    log: "Log an interview",
    playbooks: "Playbooks",
    signOut: "Sign out",
    automation: "Automation",
    settings: "Settings",
    api: "API",
    account: "Account",
    skip: "Skip to the content",
  },

  account: {
    signIn: "Sign in",
    signUp: "Create your account",
    email: "E-mail",
    password: "Password",
    passwordHint: "At least 10 characters.",
    setupCode: "Set-up code",
    setupCodeHint: "Printed in the server's log when it first started.",
    toSignIn: "I have an account",
    toSignUp: "I am new here",
    endedTitle: "Sign in again",
    ended: "Your session has ended. What you typed is still here.",
  },

  today: {
    title: "Today",
    now: "Now",
    next: "Next",
    withinAWeek: "Within a week",
    later: "Later",
    optional: "If you like",
    standing: "At any time",
    holds: "Leave alone",
    away: "Done, put aside or past",
    nothingNow: "Nothing to do now.",
    nextUp: (title: string, when: string) => `Next, from ${when}: ${title}.`,
    nextChange: (when: string) => `The next change comes on ${when}.`,
    nothingAhead: "Nothing changes by itself either, until you log something new.",
    empty: "Log your first interview, and what to do next appears here: for whom, by when, and why.",
    nothingAway: "Nothing yet.",
    asOf: (when: string) => `As of ${when}`,
    silent: "What could not be judged",
    everything: "Your search as a whole",
    parked: (why: string) => `It could not be planned anew, so nothing is sent about it for now: ${why}`,
  },

  keys: {
    next: "The next action",
    previous: "The action before",
    done: "Done",
    snooze: "Snooze",
    skip: "Skip",
    undo: "Take back what was last said of an action",
  },

  action: {
    done: "Done",
    snooze: "Snooze",
    skip: "Skip",
    undo: "Undo",
    otherwise: "When and how…",
    reopen: "Put back",
    recap: "Recap",
    recapOf: (number: number) => `Recap of round ${number}`,
    until: (when: string) => `Until ${when}`,
    wasDue: (when: string) => `Was due ${when}`,
    from: (when: string) => `From ${when}`,
    best: (when: string) => `best ${when}`,
    literal: "moved to your working days",
    optional: "only if you want to",
    noEnd: "No deadline",
    clock: (place: string) => `${place} time`,
    about: (role: string | null | undefined, company: string | null | undefined) => [role, company].filter(Boolean).join(", "),
    checklist: "What goes into it",
    advice: (count: number) => (count === 1 ? "Whose advice" : `Whose advice (${count})`),
    dissent: "Others see it differently",
    inferred: "our inference",
    stated: "in the article",
    use: (code: string) => `Best ${word(byChannel)(code)}.`,
    allowed: (codes: readonly string[]) => `Also ${listed.format(codes.map(word(byChannel)))}.`,
    avoid: (codes: readonly string[]) => `Not ${listed.format(codes.map(word(byChannel)))}.`,
    didDone: "Done.",
    didSkip: "Skipped.",
    didSnooze: (when: string) => `Snoozed until ${when}.`,
    windowRuns: (percent: number) => `${percent} % of the window has run`,
    group: (title: string) => `Act on: ${title}`,
  },

  hold: {
    title: word(holds),
    spares: (names: readonly string[]) => `This does not speak of ${listed.format(names)}.`,
    until: (when: string) => `Until ${when}`,
    open: "Until something changes",
  },

  log: {
    title: "Log an interview",
    intro: "A minute is enough. Who was there and what they said can be added later.",
    company: "Company",
    role: "Role",
    known: "You have an opportunity there.",
    newOpportunity: "Another job",
    anotherRound: (role: string) => `Another round: ${role}`,
    invitation: "From a calendar invitation",
    when: "When?",
    justNow: "It just ended",
    another: "At another time",
    starts: "Start",
    ends: "End",
    endsHint: "Left empty: an hour after the start.",
    yourClock: (zone: string) => `By your clock (${zone}).`,
    zone: "Where was it? (time zone)",
    zoneReads: (when: string, zone: string) => `That is ${when} in ${zone}.`,
    format: "How",
    people: "Who did you meet?",
    peopleHint: "One line each. The e-mail can wait.",
    personName: "Name",
    personRole: "Role",
    personEmail: "E-mail",
    addPerson: "Add a person",
    remove: "Remove",
    removePerson: (name: string) => `Remove ${name || "this person"}`,
    decision: "When will they decide?",
    decisionHint: "The date they named, if they named one.",
    decisionOn: "The date they named",
    promises: { "": "They did not say", "7": "In a week", "14": "In two weeks", date: "On a date" },
    namesake: (name: string, email: string | null) => `${name}, ${email ?? "no e-mail"}`,
    channel: "How did they ask you to follow up?",
    channelNone: "They did not say",
    send: "Save",
    sending: "Saving…",
  },

  draft: {
    kept: (when: string) => `Not saved yet: what you typed on ${when} is still here.`,
    thatIsWhen: "“It just ended” means then.",
    isKept: "Kept on this device until you save it.",
    discard: "Discard",
  },

  opportunity: {
    list: "Opportunities",
    none: "No opportunities yet.",
    untitled: "Role not noted",
    round: (number: number) => `Round ${number}`,
    anotherRound: "Log another round",
  },

  share: "Share",

  form: {
    optional: "optional",
    cancel: "Cancel",
    close: "Close",
  },

  shortcuts: {
    title: "Keyboard shortcuts",
    on: "Use these keys while nothing is being typed",
  },

  kept: {
    title: (when: string) => `Read on ${when}.`,
    words: "The server cannot be reached now, so this may have changed.",
    outdated: "The server cannot be reached now, and some of this has changed since.",
  },

  conflict: {
    title: "This was changed elsewhere since you opened it.",
    words: "Both versions are here; nothing is lost until you choose.",
    mine: "Here",
    theirs: "Elsewhere",
    nothing: "(empty)",
    keepMine: "Keep what is here",
    takeTheirs: "Take the other",
  },

  problem: {
    unreachable: "The server could not be reached. What you typed is still here; try again in a moment.",
    neverOpened: "This has not been opened on this device yet, so it needs a connection. The server cannot be reached now.",
    notNoted: "The server cannot be reached, so this was not noted. Try again in a moment.",
    unknown: (status: number) => `The server answered with ${status}.`,
    ours: "Something went wrong on this page. Reload it and try again.",
    fields: "Some of this could not be accepted. The reason stands at each field.",
    retry: "Try again",
    loading: "Loading…",
    viewMissing: "This page could not be loaded. The server may have been renewed, or be out of reach.",
    reload: "Reload",
    missing: "There is no such page.",
    missingOpportunity: "This opportunity is not here. It may have been deleted.",
  },
} as const;
