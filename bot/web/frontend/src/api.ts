// The way to the server: JSON in and out, refusals as sentences.

export class Refused extends Error {
  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

const OFFLINE = "Can't reach Orchestra. Is it still running? This page keeps trying.";

interface Sending {
  method?: "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  /** The same key twice is done once. */
  key?: string;
  match?: string;
}

export async function call<T>(path: string, { method, body, key, match }: Sending = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method) headers["Idempotency-Key"] = key ?? newKey();
  if (match) headers["If-Match"] = match;
  const answer = await fetch(`/api/v1${path}`, {
    method: method ?? "GET",
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refused(0, OFFLINE);
  });
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, sentence(text, answer.status));
  return (text ? JSON.parse(text) : undefined) as T;
}

export const get = <T>(path: string) => call<T>(path);
export const post = <T>(path: string, body: unknown = {}, key?: string) =>
  call<T>(path, { method: "POST", body, ...(key ? { key } : {}) });

export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

function sentence(text: string, status: number): string {
  try {
    const problem = JSON.parse(text) as { detail?: unknown; title?: unknown };
    if (typeof problem.detail === "string" && problem.detail) return problem.detail;
    if (typeof problem.title === "string" && problem.title) return problem.title;
  } catch {
    // A proxy in between answers in HTML; the status has to do.
  }
  return `The server answered ${status}. Try again; if it stays, look into the server's log.`;
}
