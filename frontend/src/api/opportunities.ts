/** One job at one employer: its people, rounds, messages and how it ended. */
import { send } from "./http";

export type PersonHere = { contact_id: string; name: string; email: string | null; roles: string[]; point_of_contact: boolean; do_not_contact: boolean };
export type Outcome = { status: string; at: string; start_date: string | null; answer_by: string | null };
export type Opportunity = { id: string; company: string; role: string | null; people: PersonHere[]; outcome: Outcome | null };
export type Page<Item> = { items: Item[]; next: string | null };
export type NewOutcome = { status: string; at: string; start_date?: string; answer_by?: string };

const at = (id: string) => `/opportunities/${encodeURIComponent(id)}`;

export const listOpportunities = () => send<Page<Opportunity>>("GET", "/opportunities", { query: { limit: 100 } });
export const readOpportunity = (id: string) => send<Opportunity>("GET", at(id));
export const recordOutcome = (id: string, body: NewOutcome) => send<unknown>("PUT", `${at(id)}/outcome`, { body });
export const reopenOpportunity = (id: string) => send<void>("DELETE", `${at(id)}/outcome`);
