/** The people somebody meets, each once, in however many opportunities. */
import { send } from "./http";
import { everyItem } from "./pages";
import type { ContactChange } from "./types";

const named = (contactId: string) => ({ path: { contact_id: contactId } });

export const readContact = (id: string) => send("get", "/api/v1/contacts/{contact_id}", named(id));
export const changeContact = (id: string, body: ContactChange, ifMatch?: string) =>
  send("patch", "/api/v1/contacts/{contact_id}", { ...named(id), body, ifMatch });

export const listContacts = () =>
  everyItem((cursor) => send("get", "/api/v1/contacts", { query: { limit: 200, cursor } }));
