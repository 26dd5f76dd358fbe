/** Idempotency keys: the same content sent again from the same form bears the same key, so nothing is stored twice. */

export type Sent = { content: string; key: string };

export class Attempt {
  #sent: Sent;

  /** `before` is what a form sent before it was reloaded. */
  constructor(before: Sent = { content: "", key: "" }) {
    this.#sent = before;
  }

  get sent(): Sent {
    return this.#sent;
  }

  keyFor(body: unknown): string {
    const content = JSON.stringify(body);
    if (content !== this.#sent.content) this.#sent = { content, key: randomKey() };
    return this.#sent.key;
  }
}

// crypto.randomUUID is missing where the page is neither on loopback nor on https.
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
