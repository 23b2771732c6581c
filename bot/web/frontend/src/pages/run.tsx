// One run: live graph, what each task did, when, for how much, and what people can do about it.
import { useState } from "react";
import { Link } from "wouter";
import { post } from "../api";
import "../styles/graph.css";
import type { RunDetail, RunTask } from "../types";
import { useAct, useRun } from "../live/data";
import { AuditTable } from "../parts/trail";
import { cost, time } from "../parts/asked";
import { Graph } from "../parts/graph";
import { Icon, type IconName } from "../parts/icons";
import { Ask, Bar, Dialog, Effects, Empty, Facts, Note, Page, Part, Problem, useClock, When } from "../parts/pieces";
import { State, StateIcon } from "../parts/state";
import { Gantt } from "../parts/gantt";
import { Shown } from "../parts/value";
import { duration, many, money } from "../parts/words";

export function Run({ id }: { id: string }) {
  const run = useRun(id);
  return run.data ? <Known of={run.data} /> : <Page title="Run" back={["/runs", "Runs"]}><Ask of={run}>{() => null}</Ask></Page>;
}

type View = "tasks" | "timeline" | "results" | "audit";
const VIEWS: [View, string][] = [["tasks", "Tasks"], ["timeline", "Timeline"], ["results", "Results"], ["audit", "Audit"]];

function Known({ of: run }: { of: RunDetail }) {
  const [chosen, setChosen] = useState("");
  const [view, setView] = useState<View>("tasks");
  const task = run.tasks.find((each) => each.key === chosen);
  const over = run.tasks.filter((each) => ["succeeded", "skipped", "cancelled", "failed"].includes(each.state)).length;
  const choose = (key: string) => setChosen(key === chosen ? "" : key);
  return (
    <Page
      title={run.title}
      back={["/runs", "Runs"]}
      about={<span className="row wrap"><State state={run.state} />{run.simulated && <span className="chip">Dry run</span>}<span>{run.project_name} · started <When at={run.started_at} /></span></span>}
      actions={<Steer of={run} />}
    >
      {run.problem && <Note kind={run.state === "failed" ? "bad" : "warn"} icon="warn">{run.problem}</Note>}
      {run.waits?.map((wait) => <Answer key={wait.id} run={run.id} of={wait} />)}
      <Against of={run} done={over} />
      {run.layout && run.layout.nodes.length > 0 && <Graph layout={run.layout} tasks={run.tasks} chosen={chosen} choose={choose} />}
      {task && <Details of={task} run={run} close={() => setChosen("")} />}
      <div className="stack">
        <div className="tabset" role="tablist" aria-label="About this run">
          {VIEWS.map(([name, word]) => (
            <a key={name} role="tab" tabIndex={0} href={`#${name}`} aria-selected={view === name} aria-current={view === name ? "true" : undefined}
              onClick={(event) => { event.preventDefault(); setView(name); }}>{word}</a>
          ))}
        </div>
        {view === "tasks" && <Tasks of={run} choose={choose} />}
        {view === "timeline" && <Gantt of={run} />}
        {view === "results" && <Results of={run} />}
        {view === "audit" && (run.audit.length ? <AuditTable of={run.audit} /> : <Empty title="No audit rows yet" />)}
      </div>
    </Page>
  );
}

const STEER: Record<string, { word: string; icon: IconName; told: string; asks?: string; danger?: boolean }> = {
  pause: { word: "Pause", icon: "pause", told: "Paused. What's running finishes; nothing new starts." },
  resume: { word: "Resume", icon: "play", told: "Going on." },
  retry: { word: "Retry", icon: "retry", told: "Trying again what failed." },
  undo: { word: "Undo changes", icon: "back", told: "The files are as they were.", asks: "Put every file this run changed back as it was?" },
  cancel: { word: "Cancel", icon: "stop", told: "Cancelled.", asks: "Stop this run? What's done stays done; the rest won't start.", danger: true },
};

function Steer({ of: run }: { of: RunDetail }) {
  const [asking, setAsking] = useState("");
  const act = useAct(
    (what: string) => post<{ done: boolean }>(`/runs/${run.id}/${what}`, { reason: "" }),
    (out, what) => (out.done ? STEER[what]?.told ?? "Done." : "Nothing changed: the run wasn't in a state for it."),
  );
  const asked = STEER[asking];
  return (
    <>
      {act.error && <Problem text={act.error.message} />}
      {Object.entries(STEER).filter(([what]) => run.may.includes(what)).map(([what, { word, icon, asks, danger }]) => (
        <button key={what} type="button" className={`button ${danger ? "danger" : ""}`} disabled={act.isPending} onClick={() => (asks ? setAsking(what) : act.mutate(what))}>
          <Icon name={icon} /> {word}
        </button>
      ))}
      {asked && (
        <Dialog title={asked.word} close={() => setAsking("")}>
          <p>{asked.asks}</p>
          <div className="row">
            <button type="button" className="button first" onClick={() => { act.mutate(asking); setAsking(""); }}>{asked.word}</button>
            <button type="button" className="button quiet" onClick={() => setAsking("")}>Keep it</button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Against({ of: run, done }: { of: RunDetail; done: number }) {
  const now = useClock(1000);
  const seconds = ((run.finished_at ? Date.parse(run.finished_at) : now) - Date.parse(run.started_at)) / 1000;
  const high = run.forecast?.cost_high_micro_usd ?? null;
  const spent = run.cost_micro_usd ?? 0;
  const over = high !== null && high > 0 && spent > high;
  return (
    <section className="card pad stack" aria-label="Progress">
      <Facts of={[
        ["Done", `${done} of ${many(run.tasks.length, "task")}`],
        ["Cost", <>{run.unpriced && "≥ "}{money(run.cost_micro_usd)}</>],
        ["Forecast", <span key="f" className={over ? "bad" : ""}>{cost(run.forecast)}{over && " · exceeded"}</span>],
        ["Time", duration(Math.max(0, seconds))],
        ["Forecast time", time(run.forecast)],
        ["Plan", <Link key="p" href={`/plans/${run.plan}`}>{run.plan.slice(0, 8)}</Link>],
      ]} />
      <Bar label={`${done} of ${run.tasks.length} tasks done`} parts={shares(run.tasks)} />
    </section>
  );
}

function shares(tasks: RunTask[]) {
  const all = tasks.length || 1;
  const share = (...states: string[]) => tasks.filter((task) => states.includes(task.state)).length / all;
  return [
    { share: share("succeeded"), kind: "good" },
    { share: share("failed"), kind: "bad" },
    { share: share("asking"), kind: "warn" },
    { share: share("running"), kind: "" },
  ];
}

function Answer({ run, of: wait }: { run: string; of: NonNullable<RunDetail["waits"]>[number] }) {
  const [text, setText] = useState("");
  const answer = useAct((given: string) => post(`/runs/${run}/answers`, { wait: wait.id, text: given }), () => "Answered. The task goes on.");
  return (
    <form className="card pad ask stack" onSubmit={(event) => { event.preventDefault(); if (text.trim()) answer.mutate(text.trim()); }}>
      <div className="row top"><StateIcon state="asking" size={20} /><div className="grow"><h2 className="name">{wait.question}</h2>{wait.who && <p className="soft small">{wait.who} is asked.</p>}</div></div>
      {wait.options.length > 0 && (
        <div className="row wrap">{wait.options.map((option) => <button key={option} type="button" className="button" disabled={answer.isPending} onClick={() => answer.mutate(option)}>{option}</button>)}</div>
      )}
      <div className="row">
        <input className="input grow" aria-label={`Answer: ${wait.question}`} value={text} onInput={(event) => setText(event.currentTarget.value)} placeholder="Your answer" />
        <button type="submit" className="button first" disabled={answer.isPending || !text.trim()}>Answer</button>
      </div>
      {answer.error && <Problem text={answer.error.message} />}
    </form>
  );
}

/** A map of hundreds of tasks is told in its first few until somebody wants all. */
const FEW = 50;

function Tasks({ of: run, choose }: { of: RunDetail; choose: (key: string) => void }) {
  const [all, setAll] = useState(false);
  const shown = all ? run.tasks : run.tasks.slice(0, FEW);
  return (
    <>
      <ol className="card list">
        {shown.map((task, index) => (
          <li key={task.key}>
            <button type="button" className="line as-line" onClick={() => choose(task.key)}>
              <span className="soft num small">{index + 1}</span>
              <StateIcon state={task.state} />
              <span className="grow stack tight" style={{ gap: "1px" }}>
                <span className="cut">{task.title}</span>
                <span className="soft small cut">{[task.agent_title, task.note].filter(Boolean).join(" · ")}</span>
              </span>
              {task.attempts > 1 && <span className="chip fold">{task.attempts} attempts</span>}
              <span className="num soft small">{money(task.cost_micro_usd)}</span>
              <span className="fold"><State state={task.state} /></span>
            </button>
          </li>
        ))}
      </ol>
      {shown.length < run.tasks.length && <div><button type="button" className="button" onClick={() => setAll(true)}>Show all {run.tasks.length} tasks</button></div>}
    </>
  );
}

function Details({ of: task, run, close }: { of: RunTask; run: RunDetail; close: () => void }) {
  const [change, setChange] = useState("");
  const [asking, setAsking] = useState(false);
  const rerun = useAct(() => post(`/runs/${run.id}/rerun`, { task: task.key, change }), () => "A new plan from this task on is being made. It will wait for approval.");
  const files = run.artifacts.filter((artifact) => artifact.task === task.key);
  return (
    <section className="card pad stack" aria-label={`Task ${task.title}`}>
      <div className="row top">
        <StateIcon state={task.state} size={20} />
        <div className="grow"><h2 className="name">{task.title}</h2><p className="soft small">{[task.agent_title, task.type, task.critical && "on the critical path"].filter(Boolean).join(" · ")}</p></div>
        <button type="button" className="button quiet small" onClick={close} aria-label="Close task"><Icon name="cross" size={16} /></button>
      </div>
      <Facts of={[["Attempts", task.attempts], ["Cost", money(task.cost_micro_usd)], ["At most", money(task.cost_high_micro_usd)], ...(task.started_at ? [["Took", duration(((task.finished_at ? Date.parse(task.finished_at) : Date.now()) - Date.parse(task.started_at)) / 1000)] as [string, string]] : [])]} />
      {task.note && <Note kind={task.state === "failed" ? "bad" : ""}>{task.note}</Note>}
      {task.reason && <p className="small"><span className="soft">Why {task.agent_title}:</span> {task.reason}</p>}
      {task.effects.length > 0 && <Effects of={task.effects} />}
      {task.said && <Part title="What it says"><div className="said">{task.said}</div></Part>}
      {task.value && <Part title="Result"><Shown of={task.value} run={run.id} /></Part>}
      {files.length > 0 && <Files of={files} />}
      {task.items && task.items.length > 0 && <Items of={task.items} />}
      {run.finished_at && (
        <div className="row"><button type="button" className="button" onClick={() => setAsking(true)}><Icon name="retry" /> Run again from here…</button></div>
      )}
      {asking && (
        <Dialog title="Run again from here" close={() => setAsking(false)}>
          <form className="stack" onSubmit={(event) => { event.preventDefault(); rerun.mutate(undefined, { onSuccess: () => setAsking(false) }); }}>
            <label className="field"><span>What should be different?</span><textarea className="input" value={change} onInput={(event) => setChange(event.currentTarget.value)} placeholder="Shorter, and for developers" /><small>What came before {task.title} is kept. The new plan waits for approval.</small></label>
            {rerun.error && <Problem text={rerun.error.message} />}
            <div className="row"><button type="submit" className="button first" disabled={rerun.isPending}>Plan it</button><button type="button" className="button quiet" onClick={() => setAsking(false)}>Not now</button></div>
          </form>
        </Dialog>
      )}
    </section>
  );
}

function Items({ of }: { of: RunTask[] }) {
  return (
    <details>
      <summary>{many(of.length, "item")}, {of.filter((item) => item.state === "succeeded").length} done</summary>
      <ul className="card list">
        {of.map((item) => (
          <li key={item.key}><div className="line"><StateIcon state={item.state} /><span className="grow cut">{item.title}</span><span className="num soft small">{money(item.cost_micro_usd)}</span></div></li>
        ))}
      </ul>
    </details>
  );
}

function Files({ of }: { of: RunDetail["artifacts"] }) {
  return (
    <ul className="card list">
      {of.map((file) => (
        <li key={file.digest + file.path}>
          <a className="line" href={file.url} download={file.path.split("/").pop()}>
            <Icon name="file" /> <span className="grow"><span className="cut" style={{ display: "block" }}>{file.title || file.path}</span><span className="soft small">{file.media_type} · {size(file.size)}</span></span> <Icon name="down" />
          </a>
        </li>
      ))}
    </ul>
  );
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function Results({ of: run }: { of: RunDetail }) {
  const told = run.tasks.filter((task) => task.value && task.value.kind !== "file");
  if (!run.artifacts.length && !told.length) {
    return <Empty title="No results yet"><span>Files and answers show up here as soon as a task has made them.</span></Empty>;
  }
  return (
    <div className="stack">
      {run.artifacts.length > 0 && <Files of={run.artifacts} />}
      {told.map((task) => task.value && (
        <section key={task.key} className="card pad stack tight" aria-label={task.title}><h2 className="name">{task.title}</h2><Shown of={task.value} run={run.id} /></section>
      ))}
    </div>
  );
}
