// What the pages know of the server: read once, renewed when news says that it changed.
import { QueryClient, QueryCache, MutationCache, useMutation, useQuery } from "@tanstack/react-query";
import { get, post, Refused } from "../api";
import type { List, Me, Overview, PlanDetail, RunDetail } from "../types";
import { listen, type News } from "./news";
import { store } from "./store";

export const signedOut = store(false);
/** What was just done, for the eyes and for screen readers. */
export const said = store("");
/** The project that is looked at; "" for all. */
export const project = store("");

const leave = (error: Error) => {
  if (error instanceof Refused && error.status === 401) signedOut.set(true);
};

export const client = new QueryClient({
  queryCache: new QueryCache({ onError: leave }),
  mutationCache: new MutationCache({ onError: leave }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 2 && error instanceof Refused && (error.status === 0 || error.status >= 502),
    },
  },
});

export function query(values: Record<string, string | number | boolean | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

export const useMe = () =>
  useQuery({
    queryKey: ["me"],
    queryFn: () => get<Me>("/me"),
    staleTime: Infinity,
    refetchInterval: (query) => (query.state.status === "error" ? 5000 : false),
  });
export const useOverview = (of: string) =>
  useQuery({ queryKey: ["overview", of], queryFn: () => get<Overview>(`/overview${query({ project: of })}`) });
export const useRun = (id: string) =>
  useQuery({ queryKey: ["run", id], queryFn: () => get<RunDetail>(`/runs/${encodeURIComponent(id)}`) });
export const usePlan = (hash: string) =>
  useQuery({ queryKey: ["plan", hash], queryFn: () => get<PlanDetail>(`/plans/${encodeURIComponent(hash)}`) });
/** A list by its path, as `/runs` or `/audit`. */
export const useItems = <T>(path: string, values: Parameters<typeof query>[0] = {}, enabled = true) =>
  useQuery({
    queryKey: [path.split("/")[1], path, values],
    queryFn: () => get<List<T>>(path + query(values)),
    enabled,
  });

/** Something that's done on a click: what it says when it worked, and which lists it renews. */
export function useAct<In, Out = unknown>(act: (given: In) => Promise<Out>, tell?: (out: Out, given: In) => string) {
  return useMutation({
    mutationFn: act,
    onSuccess: (out, given) => {
      const words = tell?.(out, given);
      if (words) say(words);
      return client.invalidateQueries();
    },
  });
}

export const usePost = <Out = unknown>(path: string, tell?: (out: Out) => string) =>
  useAct<object, Out>((body) => post<Out>(path, body), tell);

let quiet: ReturnType<typeof setTimeout> | undefined;

export function say(words: string): void {
  said.set(words);
  clearTimeout(quiet);
  quiet = setTimeout(() => said.set(""), 6000);
}

/** News comes in bursts; what they make stale is renewed at most this often (ms). */
const CALM = 400;
const stale = new Set<string>();
let renewing: ReturnType<typeof setTimeout> | undefined;

function renew(...keys: string[]): void {
  for (const key of keys) stale.add(key);
  renewing ??= setTimeout(() => {
    renewing = undefined;
    const keys = [...stale];
    stale.clear();
    if (keys.includes("")) {
      void client.invalidateQueries();
      return;
    }
    for (const key of keys) void client.invalidateQueries({ queryKey: key.split(" ") });
  }, CALM);
}

export function follow(after: number): void {
  listen(after, (news) => {
    if (news === "resync") renew("");
    else renew(...touched(news));
  });
}

function touched(news: News): string[] {
  const keys = news.run ? [`run ${news.run}`] : [];
  if (news.type === "message") return [`messages ${news.session}`, "sessions"];
  if (news.type === "act") return ["overview", "plans", "plan", "runs", "run", "budgets", "schedules", "rules", "agents", "settings", "audit"];
  if (news.kind === "task_said") return keys;
  if (news.kind === "run_finished") keys.push("costs", "analytics", "agents", "schedules");
  if (news.kind === "budget_alert") keys.push("budgets");
  return [...keys, "overview", "runs"];
}
