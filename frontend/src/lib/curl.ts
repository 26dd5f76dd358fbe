/** Requests to this server as lines for a shell. */

const api = `${location.origin}/api/v1`;

const BEARER = `-H "authorization: Bearer $key"`;
const JSON_TYPE = `-H 'content-type: application/json'`;

/** With the key itself in it: shown beside a key that has just been made. */
export const firstRequest = (key: string) => `curl -sS '${api}/next-actions' \\\n  -H 'authorization: Bearer ${key}'`;

export const variables = `api=${api}\nkey=…\nhook=https://example.com/afterword`;

export const whoAmI = `curl -sS "$api/me" ${BEARER}`;

export const subscribe = [
  `curl -sS "$api/webhook-endpoints" ${BEARER} \\`,
  `  ${JSON_TYPE} \\`,
  `  -d '{"url": "'"$hook"'", "event_types": ["action.opened", "action.overdue"]}'`,
].join("\n");

export const findAgain = `curl -sS -G "$api/webhook-endpoints" --data-urlencode "url=$hook" ${BEARER}`;

export const unsubscribe = `curl -sS -X DELETE "$api/webhook-endpoints/$endpoint" ${BEARER}`;

export const samples = `curl -sS "$api/events/samples?type=action.opened" ${BEARER}`;

export const whatNow = `curl -sS "$api/next-actions" ${BEARER}`;
