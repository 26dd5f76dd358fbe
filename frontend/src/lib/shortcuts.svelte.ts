/** Keys that do something while nothing is being typed. Views add theirs while they are shown; all are listed under `?`. */
import { onMount } from "svelte";

export interface Shortcut {
  key: string;
  words: string;
  run: () => void;
}

// Single keys get in the way of speech input, so they can be turned off.
const TURNED_OFF = "afterword.shortcuts-off";
const TYPING = "input, select, textarea, [contenteditable]";

class Shortcuts {
  all = $state.raw<readonly Shortcut[]>([]);
  on = $state(localStorage.getItem(TURNED_OFF) === null);
  /** Whether the list is on the page. */
  listed = $state(false);

  turn(on: boolean): void {
    this.on = on;
    if (on) localStorage.removeItem(TURNED_OFF);
    else localStorage.setItem(TURNED_OFF, "yes");
  }

  /** For `keydown` on the window. */
  press = (event: KeyboardEvent): void => {
    if (!this.on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    // A click beside its fields leaves a dialog open and the focus with nobody.
    if (document.querySelector("dialog:modal")) return;
    const found = this.all.findLast((each) => each.key === event.key);
    if (!found) return;
    event.preventDefault();
    found.run();
  };
}

export const shortcuts = new Shortcuts();

/** Called while a component is set up: its shortcuts work for as long as it is on the page. */
export function withShortcuts(own: readonly Shortcut[]): void {
  onMount(() => {
    shortcuts.all = [...shortcuts.all, ...own];
    return () => (shortcuts.all = shortcuts.all.filter((each) => !own.includes(each)));
  });
}
