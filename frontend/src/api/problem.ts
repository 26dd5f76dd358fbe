/** A refusal in words: what the server said (problem+json), or that it could not be reached. */
import { say } from "../strings/say";

export type FieldWords = Readonly<Record<string, string>>;

const UNREACHABLE = 0;
const OURS = -1;

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly words: string,
    readonly fields: FieldWords = {},
  ) {
    super(words);
  }

  /** Nobody answered: the connection is lost, or the server is away. */
  get unreachable(): boolean {
    return this.status === UNREACHABLE;
  }
}

type Body = { title?: string; detail?: string; errors?: { path: string; message: string }[] };

export const unreachable = () => new Problem(UNREACHABLE, say.problem.unreachable);

// What a proxy says whose server is away.
const GATEWAY = [502, 503, 504];

export async function problemOf(response: Response): Promise<Problem> {
  const ours = response.headers.get("Content-Type")?.includes("problem+json") ?? false;
  if (!ours && GATEWAY.includes(response.status)) return unreachable();
  const body: Body = await response.json().catch(() => ({}));
  const errors = body.errors ?? [];
  return new Problem(response.status, body.detail ?? body.title ?? say.problem.unknown(response.status), inWords(errors));
}

/** What the API found wrong, by path. */
export function inWords(errors: readonly { path: string; message: string }[]): FieldWords {
  return Object.fromEntries(errors.map(({ path, message }) => [path, sentence(message)]));
}

// The API says what a field must be; beside the field that becomes a sentence of its own.
function sentence(message: string): string {
  const begun = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** What a form shows for anything that was thrown while it was sent. */
export function asProblem(thrown: unknown): Problem {
  return thrown instanceof Problem ? thrown : new Problem(OURS, say.problem.ours);
}
