/** The one place that talks HTTP: JSON both ways, refusals as Problem, and a second try after signing in again. */
import { Problem, problemOf, unreachable } from "./problem";

const ROOT = "/api/v1";

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

export interface Sending {
  query?: Query;
  body?: unknown;
  idempotencyKey?: string;
  /** Sign-in itself: a 401 there is an answer, not an ended session. */
  signingIn?: boolean;
}

let signInAgain: (() => Promise<void>) | undefined;

export function whenSessionEnds(handler: () => Promise<void>): void {
  signInAgain = handler;
}

export async function send<Answer>(method: string, path: string, sending: Sending = {}): Promise<Answer> {
  const response = await request(method, path, sending);
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer;
  if (response.status === 401 && signInAgain && !sending.signingIn) {
    await signInAgain();
    return send(method, path, sending);
  }
  throw await problemOf(response);
}

async function request(method: string, path: string, { query, body, idempotencyKey }: Sending): Promise<Response> {
  const headers = new Headers({ Accept: "application/json" });
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (idempotencyKey) headers.set("Idempotency-Key", idempotencyKey);
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) init.body = JSON.stringify(body);
  try {
    return await fetch(`${ROOT}${path}${queryString(query)}`, init);
  } catch {
    throw unreachable();
  }
}

function queryString(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    return (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]);
  });
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}

export { Problem };
