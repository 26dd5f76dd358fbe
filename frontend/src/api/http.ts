/**
 * The one place that talks HTTP: JSON both ways, typed by the OpenAPI document, refusals as Problem, and a second try
 * after signing in again. It remembers with which ETag an answer came.
 */
import type { paths } from "./generated/schema";
import { problemOf, unreachable } from "./problem";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Path<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths];

type InPath<Operation> = Operation extends { parameters: { path: infer Given } } ? { path: Given } : object;
type InQuery<Operation> = Operation extends { parameters: { query?: infer Given } } ? { query?: Given } : object;
type InBody<Operation> = Operation extends { requestBody?: { content: { "application/json": infer Given } } }
  ? { body?: Given }
  : object;
type Sending<Operation> = InPath<Operation> & InQuery<Operation> & InBody<Operation> & Options;

type Json<Response> = Response extends { content: { "application/json": infer Body } } ? Body : void;
type Answer<Operation> = Operation extends { responses: infer All extends Record<number, unknown> }
  ? Json<All[keyof All & (200 | 201 | 202 | 204)]>
  : never;

interface Options {
  idempotencyKey?: string;
  /** Change it only if this is still its ETag; 412 where somebody was faster. */
  ifMatch?: string | undefined;
  /** A secret to show in place of the cookie: that of a share link. */
  bearer?: string;
  /** A body in YAML, in place of `body`. */
  yaml?: string;
  /** Asks for an answer in YAML, which comes as `{ text }`. */
  asYaml?: boolean;
  /** Sign-in itself: a 401 there is an answer, not an ended session. */
  signingIn?: boolean;
}
type Loose = Options & { path?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };

const YAML = "application/yaml";

// A connection that is there and carries nothing is as good as none.
const LONGEST_WAIT_MS = 30_000;

const unanswered = new Set<{ since: number }>();

/** For how many milliseconds the oldest request has been waiting for its answer. */
export function waitedAlready(): number {
  const [oldest] = unanswered;
  return oldest ? performance.now() - oldest.since : 0;
}

const etags = new WeakMap<object, string>();

/** The ETag that an answer came with: what its change sends as `ifMatch`. */
export const etagOf = (answer: object): string | undefined => etags.get(answer);

/** The ETags of an answer, and of the answers that a page put together by name, for where only their text is kept. */
export function etagsWithin(answer: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, part] of Object.entries({ ...Object(answer), "": answer })) {
    const etag = etags.get(Object(part));
    if (etag) found[name] = etag;
  }
  return found;
}

export function rememberEtags(answer: unknown, named: Readonly<Record<string, string>>): void {
  for (const [name, etag] of Object.entries(named)) etags.set(name ? Object(answer)[name] : answer, etag);
}

let signInAgain: (() => Promise<void>) | undefined;

export function whenSessionEnds(handler: () => Promise<void>): void {
  signInAgain = handler;
}

export async function send<M extends Method, P extends Path<M>>(
  method: M,
  path: P,
  sending: Sending<paths[P][M]>,
): Promise<Answer<paths[P][M]>> {
  const response = await request(method, path, sending as Loose);
  if (response.ok) return (response.status === 204 ? undefined : await read(response).catch(cutOff)) as Answer<paths[P][M]>;
  if (response.status === 401 && signInAgain && !sending.signingIn && !sending.bearer) {
    await signInAgain();
    return send(method, path, sending);
  }
  throw await problemOf(response);
}

function cutOff(): never {
  throw unreachable();
}

async function read(response: Response): Promise<unknown> {
  const isJson = response.headers.get("Content-Type")?.includes("json") ?? false;
  const answer: unknown = isJson ? await response.json() : { text: await response.text() };
  const etag = response.headers.get("ETag");
  if (etag && typeof answer === "object" && answer) etags.set(answer, etag);
  return answer;
}

async function request(method: Method, template: string, sending: Loose): Promise<Response> {
  const headers = new Headers({ Accept: sending.asYaml ? YAML : "application/json" });
  const init: RequestInit = {
    method: method.toUpperCase(),
    headers,
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(LONGEST_WAIT_MS),
  };
  if (sending.idempotencyKey) headers.set("Idempotency-Key", sending.idempotencyKey);
  if (sending.ifMatch) headers.set("If-Match", sending.ifMatch);
  if (sending.bearer) headers.set("Authorization", `Bearer ${sending.bearer}`);
  if (sending.body !== undefined) {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(sending.body);
  }
  if (sending.yaml !== undefined) {
    headers.set("Content-Type", YAML);
    init.body = sending.yaml;
  }
  const asked = { since: performance.now() };
  unanswered.add(asked);
  return fetch(`${filled(template, sending.path ?? {})}${queryString(sending.query ?? {})}`, init)
    .catch(cutOff)
    .finally(() => unanswered.delete(asked));
}

function filled(template: string, values: Record<string, string>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}

function queryString(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    return (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]);
  });
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}
