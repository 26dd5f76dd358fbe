/** Playbooks: read in words, compared, tried, written and switched on. */
import type { Attempt } from "./attempt";
import { send } from "./http";
import type { SwitchOn } from "./types";

/** A rule as the language has it: docs/playbooks.md. */
export type RuleDocument = { id: string; [key: string]: unknown };
export interface PlaybookDocument {
  id?: string;
  title?: string;
  about?: string | null;
  extends?: string;
  without?: string[];
  rules: RuleDocument[];
}

const named = (id: string) => ({ path: { playbook_id: id } });
// The contract describes a playbook by its JSON Schema, at an address of its own.
const asBody = (document: PlaybookDocument) => document as never;
const asDocument = (answer: unknown) => answer as PlaybookDocument;

export const listPlaybooks = async () => (await send("get", "/api/v1/playbooks", {})).items;
export const readRules = (id: string, version?: string) =>
  send("get", "/api/v1/playbooks/{playbook_id}/rules", { ...named(id), query: { version: version ?? null } });
export const readStory = (id: string) => send("get", "/api/v1/playbooks/{playbook_id}/story", named(id));
export const readAgreements = () => send("get", "/api/v1/playbooks/agreements", {});
export const readVersions = async (id: string) =>
  (await send("get", "/api/v1/playbooks/{playbook_id}/versions", named(id))).items;

export const readWhole = async (id: string) => asDocument(await send("get", "/api/v1/playbooks/{playbook_id}", named(id)));
export const readWritten = async (id: string) =>
  asDocument(await send("get", "/api/v1/playbooks/{playbook_id}", { ...named(id), query: { as_written: true } }));
export const readText = async (id: string) =>
  (await send("get", "/api/v1/playbooks/{playbook_id}", { ...named(id), asYaml: true })) as unknown as { text: string };

export const createPlaybook = (document: PlaybookDocument, attempt: Attempt) =>
  send("post", "/api/v1/playbooks", { body: asBody(document), idempotencyKey: attempt.keyFor(document) });
export const replacePlaybook = (id: string, document: PlaybookDocument, ifMatch: string | undefined) =>
  send("put", "/api/v1/playbooks/{playbook_id}", { ...named(id), body: asBody(document), ifMatch });
export const replaceText = (id: string, yaml: string, ifMatch: string | undefined) =>
  send("put", "/api/v1/playbooks/{playbook_id}", { ...named(id), yaml, ifMatch });
export const removePlaybook = (id: string) => send("delete", "/api/v1/playbooks/{playbook_id}", named(id));

export const validate = (document: PlaybookDocument) =>
  send("post", "/api/v1/playbooks/validate", { body: asBody(document) });
export const validateText = (yaml: string) => send("post", "/api/v1/playbooks/validate", { yaml });
/** What would change in open opportunities, by the stored playbook or by one that is not stored. */
export const dryRun = (id: string, playbook?: PlaybookDocument | string) =>
  send("post", "/api/v1/playbooks/{playbook_id}/dry-run", { ...named(id), body: (playbook ? { playbook } : {}) as never });
export const switchOn = (id: string, body: SwitchOn) =>
  send("post", "/api/v1/playbooks/{playbook_id}/switch-on", { ...named(id), body });
