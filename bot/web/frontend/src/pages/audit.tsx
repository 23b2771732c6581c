import { useState } from "react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { get } from "../api";
import type { AuditRow, List } from "../types";
import { project, query } from "../live/data";
import { useStore } from "../live/store";
import { AuditTable } from "../parts/trail";
import { Icon } from "../parts/icons";
import { Ask, Empty, Note, Page, Problem } from "../parts/pieces";

export function Audit() {
  const chosen = useStore(project);
  const [action, setAction] = useState("");
  const [actor, setActor] = useState("");
  const [asked, setAsked] = useState({ action: "", actor: "" });
  const rows = useInfiniteQuery({
    queryKey: ["audit", chosen, asked],
    queryFn: ({ pageParam }) => get<List<AuditRow>>(`/audit${query({ project: chosen, ...asked, cursor: pageParam })}`),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
  });
  const chain = useQuery({ queryKey: ["verify"], queryFn: () => get<{ intact: boolean; rows: number; text: string }>("/audit/verify"), enabled: false });
  return (
    <Page title="Audit" about="Who did what, and when. Each row seals the one before."
      actions={<button type="button" className="button" disabled={chain.isFetching} onClick={() => void chain.refetch()}><Icon name="audit" /> {chain.isFetching ? "Checking…" : "Check the chain"}</button>}>
      {chain.data && <Note kind={chain.data.intact ? "" : "bad"} icon={chain.data.intact ? "check" : "warn"}>{chain.data.text}</Note>}
      {chain.error && <Problem text={chain.error.message} />}
      <form className="row wrap" role="search" onSubmit={(event) => { event.preventDefault(); setAsked({ action: action.trim(), actor: actor.trim() }); }}>
        <input className="input grow" aria-label="Action" placeholder="Action, as plan.approved" value={action} onInput={(event) => setAction(event.currentTarget.value)} />
        <input className="input grow" aria-label="Person" placeholder="Person" value={actor} onInput={(event) => setActor(event.currentTarget.value)} />
        <button type="submit" className="button">Filter</button>
      </form>
      <Ask of={rows}>{({ pages }) => {
        const all = pages.flatMap((page) => page.items);
        return all.length ? <AuditTable of={all} /> : <Empty title="No such rows" />;
      }}</Ask>
      {rows.hasNextPage && <div><button type="button" className="button" disabled={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>Show older rows</button></div>}
    </Page>
  );
}
