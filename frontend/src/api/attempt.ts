/** Idempotency keys: the same content sent again from the same form bears the same key, so nothing is stored twice. */

export class Attempt {
  #content = "";
  #key = "";

  keyFor(body: unknown): string {
    const content = JSON.stringify(body);
    if (content !== this.#content) {
      this.#content = content;
      this.#key = randomKey();
    }
    return this.#key;
  }
}

// crypto.randomUUID is missing where the page is neither on loopback nor on https.
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
