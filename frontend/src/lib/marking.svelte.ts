/** The person's word on an action, and the last one said, which can be taken back. */
import { markDone, reopen, skip, snooze } from "../api/next_actions";
import { asProblem, type Problem } from "../api/problem";
import type { Action, Deed } from "../api/types";
import { dayAndTime } from "./dates";
import { say } from "../strings/say";

export type Notice = { action: Action; words: string };
/** A word that takes a dialog, and the zone of the action's round. */
export type Asked = { action: Action; zone: string; what: "snooze" | "otherwise" };

export class Marking {
  notice = $state.raw<Notice | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state<string | null>(null);
  /** Kept here and not with the action, which may go from its list while somebody writes. */
  asked = $state.raw<Asked | null>(null);

  constructor(private readonly reload: () => Promise<void>) {}

  done = (action: Action) => this.#say(action, () => markDone(action.id), say.action.didDone);

  skip = (action: Action) => this.#say(action, () => skip(action.id), say.action.didSkip);

  reopen = (action: Action) => this.#say(action, () => reopen(action.id), null);

  undo = () => this.notice && this.reopen(this.notice.action);

  // Unlike the others these let a refusal through: their dialogs show it at its field. What was accepted closes them, before
  // the list goes on without the action, so that the focus is back in the list by then.

  doneOtherwise = async (action: Action, deed: Deed) => {
    await markDone(action.id, deed);
    this.asked = null;
    await this.#settle(action, say.action.didDone);
  };

  snooze = async (action: Action, until: string, zone: string) => {
    await snooze(action.id, until);
    this.asked = null;
    await this.#settle(action, say.action.didSnooze(dayAndTime(until, zone)));
  };

  async #say(action: Action, telling: () => Promise<unknown>, words: string | null): Promise<void> {
    this.busy = action.id;
    this.notice = null;
    this.problem = null;
    try {
      await telling();
      await this.#settle(action, words);
    } catch (thrown) {
      this.problem = asProblem(thrown);
    } finally {
      this.busy = null;
    }
  }

  async #settle(action: Action, words: string | null): Promise<void> {
    this.notice = words === null ? null : { action, words };
    await this.reload();
  }
}
