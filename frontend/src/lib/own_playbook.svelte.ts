/** A playbook of one's own while it is changed: checked, tried on what is open, and saved over the version that was seen. */
import { Problem } from "../api/problem";
import type { DryRun, Validation } from "../api/types";
import { say } from "../strings/say";
import type { Editing } from "./editing.svelte";
import { Loaded } from "./loaded.svelte";
import { Submission } from "./submission.svelte";

const INVALID = 422;

interface Ways<Content> {
  content: () => Content;
  validate: (content: Content) => Promise<Validation>;
  /** Shows what was found wrong, or that nothing was. */
  note: (content: Content, found: Validation) => void;
  dryRun: (content: Content) => Promise<DryRun>;
}

export class OwnPlaybook<Content> {
  readonly checking = new Submission();
  readonly preview: Loaded<DryRun>;
  saved = $state(false);

  /** The answers that `editing` reads and writes are looked at for their ETags only. */
  constructor(
    readonly editing: Editing<object, Content>,
    private readonly ways: Ways<Content>,
  ) {
    this.preview = new Loaded(() => ways.dryRun(ways.content()));
  }

  /** Whether it can be used; what is wrong is shown where it stands. */
  check = (): Promise<boolean> => this.checking.run(() => this.#checked());

  look = async (): Promise<void> => {
    this.saved = false;
    this.preview.value = undefined;
    if (await this.check()) await this.preview.reload();
  };

  save = async (): Promise<void> => {
    this.saved = await this.checking.run(async () => {
      await this.#checked();
      await this.editing.save(this.ways.content());
    });
  };

  async #checked(): Promise<void> {
    const content = this.ways.content();
    const found = await this.ways.validate(content);
    this.ways.note(content, found);
    if (!found.valid) throw new Problem(INVALID, say.problem.fields);
  }
}
