/** The API's nouns. */
export type Channel = { recommended: string | null; allowed: string[]; avoid: string[] };
export type Person = { contact_id: string; name: string; role: string | null };
export type Citation = { source: string; title: string; locator: string; says: string; inferred: boolean };
export type Window = {
  opens_at: string;
  best_at: string | null;
  due_at: string | null;
  expires_at: string | null;
  literal: { opens_at: string; due_at: string | null } | null;
};
export type Action = {
  id: string;
  rule: string;
  kind: string;
  attempt: number;
  title: string;
  state: string;
  optional: boolean;
  window: Window | null;
  person: Person | null;
  opportunity_id: string | null;
  interview_id: string | null;
  company: string | null;
  role: string | null;
  channel: Channel | null;
  why: string;
  checklist: string[];
  sources: Citation[];
  dissent: Citation[];
};
export type Hold = {
  id: string;
  kind: string;
  forbids: string[];
  channel: string | null;
  person: Person | null;
  opportunity_id: string;
  until: string | null;
  why: string;
  sources: Citation[];
  spares: Person[];
};
export type Answer = { as_of: string; next_change_at: string | null; playbook: string; actions: Action[]; holds: Hold[] };
