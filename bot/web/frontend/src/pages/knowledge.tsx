// What Orchestra knows here, where it has it from, and how to correct it.
import { useState } from "react";
import { call, post } from "../api";
import type { Passage, Rule } from "../types";
import { project, query, useAct, useItems, useMe } from "../live/data";
import { useStore } from "../live/store";
import { Icon } from "../parts/icons";
import { Ask, Empty, Page, Part, Problem, When } from "../parts/pieces";

export function Knowledge() {
  const chosen = useStore(project);
  const me = useMe();
  const into = chosen || me.data?.projects.find((each) => each.here)?.id || "";
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  const found = useItems<Passage>("/knowledge", { project: into, q: asked }, Boolean(asked));
  return (
    <Page title="Knowledge" about="What it was taught and what its work has brought, with where it's from.">
      <form className="row" role="search" onSubmit={(event) => { event.preventDefault(); setAsked(typed.trim()); }}>
        <input className="input grow" type="search" aria-label="Search the knowledge" placeholder="Search in your own words" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        <button type="submit" className="button first"><Icon name="search" /> Search</button>
      </form>
      {asked && (
        <Part title={`Found for “${asked}”`}>
          <Ask of={found}>{({ items }) => items.length ? (
            <ul className="card list">{items.map((passage, index) => (
              <li key={index}><div className="line"><span className="grow stack tight" style={{ gap: "3px" }}><span className="row"><b className="cut" style={{ fontWeight: 550 }}>{passage.title || passage.source}</b><span className="chip">{passage.kind}</span></span><span>{passage.text}</span><span className="soft small">{passage.source}{passage.at && <> · <When at={passage.at} /></>}</span></span></div></li>
            ))}</ul>
          ) : <Empty title="Nothing found"><span>Try fewer or other words.</span></Empty>}</Ask>
        </Part>
      )}
      <Rules into={into} />
    </Page>
  );
}

function Rules({ into }: { into: string }) {
  const rules = useItems<Rule>("/rules", { project: into });
  const [text, setText] = useState("");
  const teach = useAct(() => post("/rules", { project: into, text: text.trim() }), () => "Learned.");
  const forget = useAct((number: number) => call(`/rules/${number}${query({ project: into })}`, { method: "DELETE", body: {} }), () => "Forgotten.");
  const failed = teach.error ?? forget.error;
  return (
    <Part title="What it was taught">
      <form className="row" onSubmit={(event) => { event.preventDefault(); if (text.trim()) teach.mutate(undefined, { onSuccess: () => setText("") }); }}>
        <input className="input grow" aria-label="Teach a rule" placeholder="Always write for managers" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <button type="submit" className="button" disabled={!text.trim() || teach.isPending}>Teach</button>
      </form>
      {failed && <Problem text={failed.message} />}
      <Ask of={rules}>{({ items }) => items.length ? (
        <ul className="card list">{items.map((rule) => (
          <li key={rule.number}><div className="line"><span className="grow stack tight" style={{ gap: "1px" }}><span>{rule.text}</span><span className="soft small">{rule.kind} · {rule.author}{rule.own && ", for you only"} · <When at={rule.at} /></span></span><button type="button" className="button quiet small" aria-label={`Forget: ${rule.text}`} disabled={forget.isPending} onClick={() => forget.mutate(rule.number)}>Forget</button></div></li>
        ))}</ul>
      ) : <Empty title="Nothing taught yet"><span>A rule holds for every plan from then on.</span></Empty>}</Ask>
    </Part>
  );
}
