/** Whether this device holds words that the server has not: what is told on every page, and asked before signing out. */
import { unsavedDrafts } from "./drafts";

export const unsaved = $state({ any: false });

export async function lookForUnsaved(accountId: string): Promise<void> {
  unsaved.any ||= (await unsavedDrafts(accountId)).length > 0;
}
