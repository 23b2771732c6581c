// News from the server. The browser's own EventSource reconnects and says where it stopped; it's
// never closed here, as that would lose the place. One tab holds the line for all of them, because
// HTTP/1.1 allows a browser only six connections.
import { store } from "./store";

export interface News {
  type: "news" | "act" | "message";
  seq?: number;
  kind?: string;
  run?: string | null;
  action?: string;
  session?: string;
}

export type Line = "joining" | "live" | "lost";
export const line = store<Line>("joining");

/** Quiet for longer than this (ms) means the line is dead: the server beats every 15 s. */
const SILENCE = 20_000;
/** Where the browser has given up (an HTTP error is final for it), we try again after this (ms). */
const AGAIN = 3000;
const NAME = "orchestra-news";

type Word = { type: "alive" } | { type: "lost" } | { type: "resync" } | News;

export function listen(after: number, hear: (news: News | "resync") => void): void {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : undefined;
  let last = after;
  let silent = setTimeout(() => line.set("lost"), SILENCE);

  function heard(word: Word): void {
    if (word.type === "lost") {
      line.set("lost");
      return;
    }
    if (line.get() === "lost") hear("resync");
    line.set("live");
    clearTimeout(silent);
    silent = setTimeout(() => line.set("lost"), SILENCE);
    if (word.type === "resync") hear("resync");
    else if (word.type !== "alive") {
      last = Math.max(last, word.seq ?? 0);
      hear(word);
    }
  }

  function tell(word: Word): void {
    heard(word);
    channel?.postMessage(word);
  }

  function connect(): void {
    const source = new EventSource(`/api/v1/events?after=${last}`);
    source.addEventListener("open", () => tell({ type: "alive" }));
    source.addEventListener("beat", () => tell({ type: "alive" }));
    source.addEventListener("resync", () => tell({ type: "resync" }));
    for (const type of ["news", "act", "message"] as const) {
      source.addEventListener(type, (event) => {
        const news = JSON.parse((event as MessageEvent<string>).data) as Omit<News, "type">;
        tell({ ...news, type });
      });
    }
    source.addEventListener("error", () => {
      tell({ type: "lost" });
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN);
    });
  }

  channel?.addEventListener("message", (message: MessageEvent<Word>) => heard(message.data));
  if (channel && navigator.locks) {
    // Held as long as this tab lives; then the next tab takes the line.
    void navigator.locks.request(NAME, () => {
      connect();
      return new Promise<never>(() => {});
    });
  } else connect();
}
