// Who works here: how well, at what price, and why one is chosen over another.
import { useState } from "react";
import { Link } from "wouter";
import { useQuery } from "@tanstack/react-query";
import { post } from "../api";
import type { Agent, Choice, List } from "../types";
import { project, useItems, useMe } from "../live/data";
import { useStore } from "../live/store";
import { Ask, Bar, Empty, Facts, Note, Page, Part } from "../parts/pieces";
import { State } from "../parts/state";
import { duration, many, money, percent } from "../parts/words";
import { health } from "./now";

const EFFECT: Record<string, string> = { read: "Reads only", write: "Writes files", configure: "Changes settings", publish: "Publishes", exec: "Runs programs" };

export function Agents({ name }: { name: string }) {
  const me = useMe();
  const chosen = useStore(project);
  const agents = useItems<Agent>("/agents", { project: chosen });
  const agent = agents.data?.items.find((each) => each.name === name);
  if (name && agent) return <One of={agent} />;
  return (
    <Page title="Agents" about="Who does the work, and what is known about each of them.">
      {name && agents.data && <Note kind="warn">There's no agent {name} here.</Note>}
      <Ask of={agents}>
        {({ items }) => {
          const workers = items.filter((each) => each.kind !== "tool");
          const tools = items.filter((each) => each.kind === "tool");
          return (
            <>
              {me.data?.offline && <Note>No model is connected: the built-in tools work, and plans are made by rules. Put a model's key into <code>orchestra.toml</code>, then run <code>orchestra doctor</code>.</Note>}
              {workers.length ? <Roster title="Agents" of={workers} /> : (
                <Empty title="No agent yet"><span>Add a model's key to <code>orchestra.toml</code>, or run <code>orchestra doctor</code> to see what's missing.</span></Empty>
              )}
              {tools.length > 0 && <Roster title="Built-in tools" of={tools} />}
              <Why />
            </>
          );
        }}
      </Ask>
    </Page>
  );
}

function Roster({ title, of }: { title: string; of: Agent[] }) {
  return (
    <Part title={`${title} (${of.length})`}>
      <ul className="card list">
        {of.map((agent) => (
          <li key={agent.name}>
            <Link className="line" href={`/agents/${agent.name}`}>
              <span className="grow stack tight" style={{ gap: "1px" }}>
                <span className="cut"><b style={{ fontWeight: 550 }}>{agent.title}</b></span>
                <span className="soft small cut">{agent.description}</span>
              </span>
              <span className="chip fold">{EFFECT[agent.effect] ?? agent.effect}</span>
              {agent.lately ? <State state={health(agent.lately)} /> : <span className="soft small">Not used yet</span>}
            </Link>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function One({ of: agent }: { of: Agent }) {
  const lately = agent.lately;
  return (
    <Page title={agent.title} back={["/agents", "Agents"]} about={agent.description}
      actions={lately && <State state={health(lately)} />}>
      {lately && lately.breaker !== "closed" && <Note kind="warn" icon="warn">{many(lately.failures, "failure")} in a row, so it rests for a while. Then one task is tried; if that works, it's back.</Note>}
      <section className="card pad"><Facts of={[
        ["Succeeded", lately ? `${lately.succeeded} of ${lately.succeeded + lately.failed}` : "–"],
        ["Success", lately?.success_rate != null ? percent(lately.success_rate) : "–"],
        ["Cost so far", money(lately?.cost_micro_usd)],
        ["At work", lately?.working ?? 0],
        ["Waiting", lately?.waiting ?? 0],
        ["Can", EFFECT[agent.effect] ?? agent.effect],
        ["Where", agent.local ? "On this machine" : agent.provider || "Outside"],
      ]} /></section>
      <Part title="What is known, by kind of task">
        {agent.profiles.length ? (
          <div className="card scroll" tabIndex={0} role="group" aria-label="Profiles">
            <table className="table">
              <thead><tr><th scope="col">Task</th><th scope="col">Quality</th><th scope="col" className="right">Success</th><th scope="col" className="right">Tries</th><th scope="col" className="right">Cost</th><th scope="col" className="right">Time</th></tr></thead>
              <tbody>{agent.profiles.map((profile) => (
                <tr key={profile.task_type}>
                  <td>{profile.task_type}</td>
                  <td style={{ minWidth: "120px" }}>{profile.quality === null ? <span className="soft">not rated</span> : <div className="row"><span className="num">{profile.quality.toFixed(2)}</span><div className="grow"><Bar label={`Quality ${profile.quality.toFixed(2)}`} parts={[{ share: profile.quality }]} /></div></div>}{profile.evidence !== null && <span className="soft small">confidence {percent(profile.evidence)}</span>}</td>
                  <td className="num right">{profile.success_rate === null ? "–" : percent(profile.success_rate)}</td>
                  <td className="num right">{profile.tries}</td>
                  <td className="num right">{money(profile.cost_micro_usd)}</td>
                  <td className="num right">{profile.seconds === null ? "–" : duration(profile.seconds)}</td>
                </tr>
              ))}</tbody>
            </table>
          </div>
        ) : <Empty title="Nothing learned yet"><span>After its first tasks, this shows how well it does each kind of work.</span></Empty>}
      </Part>
      {agent.parameters.length > 0 && (
        <Part title="What it takes">
          <ul className="card list">{agent.parameters.map((parameter) => (
            <li key={parameter.name}><div className="line"><code>{parameter.name}</code><span className="grow soft small">{parameter.description}</span>{parameter.required && <span className="chip">Required</span>}{parameter.slot === "control" && <span className="chip warn">From the approved plan only</span>}</div></li>
          ))}</ul>
        </Part>
      )}
    </Page>
  );
}

function Why() {
  const me = useMe();
  const chosen = useStore(project);
  const [typed, setTyped] = useState("");
  const [kind, setKind] = useState("");
  const into = chosen || me.data?.projects.find((each) => each.here)?.id || "";
  const ranked = useQuery({
    queryKey: ["agents", "select", into, kind],
    queryFn: () => post<List<Choice>>("/orchestration/agents/select", { project: into, task_type: kind }),
    enabled: Boolean(kind),
  });
  return (
    <Part title="Who would be chosen?">
      <div className="card pad stack">
        <form className="row" onSubmit={(event) => { event.preventDefault(); setKind(typed.trim()); }}>
          <input className="input grow" aria-label="Kind of task" placeholder="A kind of task: research, draft, review…" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
          <button type="submit" className="button" disabled={!typed.trim()}>Rank</button>
        </form>
        {kind && <Ask of={ranked}>{({ items }) => items.length ? (
          <ol className="stack tight">{items.map((choice, index) => <li key={choice.agent} className="row top"><span className="soft num">{index + 1}</span><span className="grow"><b>{choice.title}</b> <span className="soft">{choice.reason}</span></span></li>)}</ol>
        ) : <p className="soft">No agent here does {kind}.</p>}</Ask>}
      </div>
    </Part>
  );
}
