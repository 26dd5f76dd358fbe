/** Whether this device holds words that the server has not: what is told on every page, and asked before signing out. */

export const unsaved = $state({ any: false });

// What reads the device is not part of the first view.
export const recapDrafts = () => import("./recap_drafts");

export async function lookForUnsaved(accountId: string): Promise<void> {
  const { unsavedDrafts } = await recapDrafts();
  unsaved.any ||= (await unsavedDrafts(accountId)).length > 0;
}
