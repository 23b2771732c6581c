import { useState } from "react";
import { Link } from "wouter";
import type { List, RunRow } from "../types";
import { get } from "../api";
import { project, query } from "../live/data";
import { useStore } from "../live/store";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Ask, Empty, Page } from "../parts/pieces";
import { RunList } from "./now";

export function Runs() {
  const chosen = useStore(project);
  const [running, setRunning] = useState(false);
  const runs = useInfiniteQuery({
    queryKey: ["runs", "pages", chosen, running],
    queryFn: ({ pageParam }) => get<List<RunRow>>(`/runs${query({ project: chosen, running: running || undefined, cursor: pageParam, limit: 30 })}`),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
  });
  return (
    <Page
      title="Runs"
      about="All work, the newest first."
      actions={
        <label className="row"><input type="checkbox" checked={running} onChange={(event) => setRunning(event.currentTarget.checked)} /> Under way only</label>
      }
    >
      <Ask of={runs}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.items);
          if (!all.length) return running
            ? <Empty title="Nothing is running" />
            : <Empty title="Nothing has run yet"><span>Work that you approve shows up here, with its cost and its results.</span><Link className="button" href="/chat">Describe some work</Link></Empty>;
          return <RunList of={all} />;
        }}
      </Ask>
      {runs.hasNextPage && <div><button type="button" className="button" disabled={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>Show older runs</button></div>}
    </Page>
  );
}
