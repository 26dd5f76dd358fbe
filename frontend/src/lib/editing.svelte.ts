/** A thing that is changed here and may be changed elsewhere meanwhile: neither version is lost without being shown. */
import { etagOf } from "../api/http";
import { Problem } from "../api/problem";

const CHANGED_MEANWHILE = 412;

interface Ways<Stored, Change> {
  read: () => Promise<Stored>;
  write: (change: Change, ifMatch: string | undefined) => Promise<Stored>;
}

export class Editing<Stored extends object, Change> {
  /** What it is by now elsewhere, while a choice between the two is wanted. */
  theirs = $state.raw<Stored | null>(null);
  #etag: string | undefined;

  /** `known` is the answer that the person saw; an answer without an ETag asks for no match. */
  constructor(
    known: Stored | null,
    private readonly ways: Ways<Stored, Change>,
  ) {
    this.#etag = known ? etagOf(known) : undefined;
  }

  /** Reads it anew, for a form that is opened on what a list showed. */
  open = async (): Promise<Stored> => this.#seen(await this.ways.read());

  /** Throws the refusal where somebody was faster, with their version in `theirs`; saved again, ours goes over it. */
  save = async (change: Change): Promise<Stored> => {
    try {
      const stored = await this.ways.write(change, this.#etag);
      this.theirs = null;
      return this.#seen(stored);
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.status === CHANGED_MEANWHILE) this.theirs = this.#seen(await this.ways.read());
      throw thrown;
    }
  };

  #seen(stored: Stored): Stored {
    this.#etag = etagOf(stored);
    return stored;
  }
}
