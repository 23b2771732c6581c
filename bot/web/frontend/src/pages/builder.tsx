// Workflows drawn by hand. The document is a template; the server says what's wrong with it, what it
// would do and cost, and where its boxes go. Everything works from the keyboard and on a phone.
import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { call, get, post } from "../api";
import "../styles/graph.css";
import type { Agent, Effect, Forecast, Layout, PlanTask } from "../types";
import { project, query, useAct, useItems, useMe } from "../live/data";
import { useStore } from "../live/store";
import { cost, time } from "../parts/asked";
import { Graph } from "../parts/graph";
import { Icon } from "../parts/icons";
import { Ask, Effects, Empty, Facts, Loading, Note, Page, Part, Problem } from "../parts/pieces";
import { TaskForm, type Drawn } from "../parts/taskform";
import { many } from "../parts/words";

export interface Document {
  name: string; title: string; description: string; plan_title: string; phrases: string[];
  parameters: { type: "object"; properties: Record<string, { description?: string; default?: unknown }>; required: string[] };
  tasks: Drawn[];
  [more: string]: unknown;
}
interface Stored { name: string; source: string; yaml: string; document: Document; etag: string }
interface Checked {
  ok: boolean; problems: { task: string; text: string }[]; effects: Effect[]; tasks: PlanTask[]; assumptions: string[];
  estimate: Forecast | null; layout: Layout | null; graph_hash: string | null;
}

const NEW: Document = {
  name: "my-workflow", title: "My workflow", description: "", plan_title: "My workflow", phrases: [],
  parameters: { type: "object", properties: {}, required: [] }, tasks: [],
};
/** Checked so long after the last key (ms). */
const PAUSE = 300;

export function Builder({ name }: { name: string }) {
  const me = useMe();
  const chosen = useStore(project);
  const into = chosen || me.data?.projects.find((each) => each.here)?.id || me.data?.projects[0]?.id || "";
  const stored = useQuery({
    queryKey: ["templates", "document", name, into],
    queryFn: () => get<Stored>(`/templates/${encodeURIComponent(name)}${query({ project: into })}`),
    enabled: Boolean(name && into),
    staleTime: Infinity,
  });
  if (!name) return <Desk into={into} first={{ name: "", source: "project", yaml: "", document: NEW, etag: "" }} />;
  if (!stored.data) return stored.error ? <Page title="Builder" back={["/templates", "Templates"]}><Ask of={stored}>{() => null}</Ask></Page> : <Loading of="workflow" />;
  return <Desk key={stored.data.etag} into={into} first={stored.data} />;
}

function Desk({ into, first }: { into: string; first: Stored }) {
  const [, go] = useLocation();
  const own = first.source === "project" && first.etag !== "";
  const [past, setPast] = useState<Document[]>([]);
  const [future, setFuture] = useState<Document[]>([]);
  const [document, setDocument] = useState<Document>(first.document);
  const [yaml, setYaml] = useState<string>();
  const [chosen, setChosen] = useState("");
  const [values, setValues] = useState<Record<string, string>>({});
  const agents = useItems<Agent>("/agents", { project: into });
  const checked = useChecked(into, document, yaml, values);

  function change(next: Document) {
    setPast([...past.slice(-99), document]);
    setFuture([]);
    setDocument(next);
  }
  function step(from: Document[], setFrom: (stack: Document[]) => void, to: Document[], setTo: (stack: Document[]) => void) {
    const last = from.at(-1);
    if (!last) return;
    setFrom(from.slice(0, -1));
    setTo([...to, document]);
    setDocument(last);
  }
  const setTask = (key: string, task: Drawn) => {
    change({ ...document, tasks: renamed(document.tasks.map((each) => (each.key === key ? task : each)), key, task.key) });
    setChosen(task.key);
  };
  const body = yaml === undefined ? { document } : { yaml };
  const name = yaml === undefined ? document.name : (/^name:\s*(\S+)/m.exec(yaml)?.[1] ?? document.name);
  const save = useAct(
    () => call<Stored>(`/templates/${encodeURIComponent(name)}${query({ project: into })}`, { method: "PUT", body, ...(own && name === first.name ? { match: first.etag } : {}) }),
    () => "Saved. Planning it shows the plan before anything runs.",
  );
  const plan = useAct(() => post<{ session: string }>(`/workflows/${encodeURIComponent(name)}/plan`, { project: into, values }));
  const keep = () => save.mutateAsync(undefined);
  const failed = save.error ?? plan.error;
  const task = document.tasks.find((each) => each.key === chosen);
  const parameters = Object.entries(document.parameters?.properties ?? {});

  return (
    <Page
      title={document.title || "New workflow"}
      back={["/templates", "Templates"]}
      about={own ? "Your own template" : first.etag ? "A copy of a template that ships: saving keeps it in your project." : "A new workflow"}
      actions={
        <>
          <button type="button" className="button quiet" disabled={!past.length} onClick={() => step(past, setPast, future, setFuture)}>Undo</button>
          <button type="button" className="button quiet" disabled={!future.length} onClick={() => step(future, setFuture, past, setPast)}>Redo</button>
          <button type="button" className="button" disabled={save.isPending} onClick={() => void keep().then((kept) => go(`/builder/${kept.name}`)).catch(() => undefined)}>Save</button>
          <button type="button" className="button first" disabled={save.isPending || plan.isPending || checked.data?.ok !== true}
            onClick={() => void keep().then(() => plan.mutateAsync(undefined)).then(({ session }) => go(`/chat/${session}`)).catch(() => undefined)}>Save and plan</button>
        </>
      }
    >
      {failed && <Problem text={failed.message} />}
      <Verdict of={checked} choose={setChosen} />
      {checked.data?.layout && checked.data.tasks.length > 0 && <Graph layout={checked.data.layout} tasks={checked.data.tasks} chosen={chosen} choose={setChosen} />}
      <div className="tabset" role="group" aria-label="View">
        <a href="#tasks" aria-current={yaml === undefined ? "true" : undefined} onClick={(event) => { event.preventDefault(); setYaml(undefined); }}>Tasks</a>
        <a href="#yaml" aria-current={yaml === undefined ? undefined : "true"} onClick={(event) => { event.preventDefault(); setYaml(yaml ?? (past.length ? JSON.stringify(document, null, 2) : first.yaml || JSON.stringify(document, null, 2))); }}>YAML</a>
      </div>
      {yaml !== undefined ? (
        <div className="stack tight">
          <textarea className="input mono" aria-label="The workflow as YAML" rows={24} spellcheck={false} value={yaml} onInput={(event) => setYaml(event.currentTarget.value)} />
          <p className="soft small">What's typed here is checked and saved as it is. Going back to the tasks leaves it.</p>
        </div>
      ) : (
        <div className="cols builder">
          <div className="stack">
            <Names of={document} change={change} fixed={own} />
            <Part title={`Tasks (${document.tasks.length})`}>
              {document.tasks.length ? (
                <ol className="card list">
                  {document.tasks.map((each, index) => {
                    const faults = checked.data?.problems.filter((problem) => problem.task === each.key).length ?? 0;
                    return (
                      <li key={each.key} className="line" style={{ paddingBlock: "4px" }}>
                        <button type="button" className="as-line grow row" style={{ padding: "8px 0" }} aria-pressed={chosen === each.key} onClick={() => setChosen(each.key)}>
                          <span className="soft num small">{index + 1}</span><span className="grow cut">{each.title || each.key}</span>
                          {faults > 0 && <span className="chip bad">{many(faults, "problem")}</span>}<span className="chip">{each.agent || each.type}</span>
                        </button>
                        <button type="button" className="button quiet small" aria-label={`Remove ${each.title || each.key}`} onClick={() => change({ ...document, tasks: document.tasks.filter((other) => other !== each) })}><Icon name="cross" size={16} /></button>
                      </li>
                    );
                  })}
                </ol>
              ) : <Empty title="No task yet"><span>Choose below who does the first one.</span></Empty>}
            </Part>
            <Ask of={agents}>{({ items }) => <Palette of={items} add={(agent) => {
              const key = free(document.tasks, agent.task_types[0] ?? agent.name);
              change({ ...document, tasks: [...document.tasks, { key, title: agent.title, type: agent.task_types[0] ?? agent.name, agent: agent.kind === "tool" ? null : agent.name, instruction: "", inputs: [], after: [] }] });
              setChosen(key);
            }} />}</Ask>
          </div>
          <div className="stack">
            {task ? <TaskForm key={task.key} of={task} others={document.tasks.filter((each) => each !== task)} agents={agents.data?.items ?? []} faults={checked.data?.problems.filter((problem) => problem.task === task.key) ?? []} change={(next) => setTask(task.key, next)} />
              : <Empty title="No task chosen"><span>Choose a task to see what it's told, what it needs and who does it.</span></Empty>}
            {parameters.length > 0 && (
              <Part title="Try it with">
                <div className="card pad stack">{parameters.map(([key, parameter]) => (
                  <label key={key} className="field"><span>{parameter.description || key}</span><input className="input" value={values[key] ?? ""} placeholder={parameter.default == null ? "" : String(parameter.default)} onInput={(event) => setValues({ ...values, [key]: event.currentTarget.value })} /></label>
                ))}</div>
              </Part>
            )}
          </div>
        </div>
      )}
    </Page>
  );
}

function useChecked(into: string, document: Document, yaml: string | undefined, values: Record<string, string>) {
  const now = JSON.stringify({ project: into, ...(yaml === undefined ? { document } : { yaml }), values: Object.fromEntries(Object.entries(values).filter(([, value]) => value)) });
  const [asked, setAsked] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(now), PAUSE);
    return () => clearTimeout(timer);
  }, [now]);
  return useQuery({
    queryKey: ["workflows", "validate", asked],
    queryFn: () => post<Checked>("/workflows/validate", JSON.parse(asked) as object),
    enabled: Boolean(into),
    placeholderData: (last) => last,
    gcTime: 60_000,
  });
}

function Verdict({ of, choose }: { of: ReturnType<typeof useChecked>; choose: (task: string) => void }) {
  return (
    <Ask of={of}>{(checked) => checked.ok ? (
      <section className="card pad stack tight" aria-label="What it would do"><Facts of={[["Cost", cost(checked.estimate)], ["Time", time(checked.estimate)], ["Tasks", checked.tasks.length]]} /><Effects of={checked.effects} /></section>
    ) : (
      <Note kind="warn" icon="warn"><ul>{checked.problems.map((problem, index) => (
        <li key={index}>{problem.task ? <button type="button" className="link" onClick={() => choose(problem.task)}>{problem.task}</button> : null}{problem.task && ": "}{problem.text}</li>
      ))}</ul></Note>
    )}</Ask>
  );
}

function Names({ of: document, change, fixed }: { of: Document; change: (next: Document) => void; fixed: boolean }) {
  return (
    <div className="card pad stack">
      <label className="field"><span>Title</span><input className="input" value={document.title} onInput={(event) => change({ ...document, title: event.currentTarget.value, plan_title: document.plan_title === document.title ? event.currentTarget.value : document.plan_title })} /></label>
      {!fixed && <label className="field"><span>Name</span><input className="input" value={document.name} pattern="[a-z0-9-]+" onInput={(event) => change({ ...document, name: event.currentTarget.value })} /><small>Small letters, digits and hyphens.</small></label>}
      <label className="field"><span>What it's for</span><input className="input" value={document.description} onInput={(event) => change({ ...document, description: event.currentTarget.value })} /></label>
    </div>
  );
}

function Palette({ of, add }: { of: Agent[]; add: (agent: Agent) => void }) {
  const [find, setFind] = useState("");
  const shown = of.filter((agent) => `${agent.name} ${agent.title} ${agent.description}`.toLowerCase().includes(find.toLowerCase()));
  return (
    <Part title="Add a task">
      <div className="card pad stack">
        <input className="input" type="search" aria-label="Find who does it" placeholder="Find who does it" value={find} onInput={(event) => setFind(event.currentTarget.value)} />
        <div className="row wrap">{shown.map((agent) => (
          <button key={agent.name} type="button" className="button small" title={agent.description} onClick={() => add(agent)}><Icon name="plus" size={14} /> {agent.title}</button>
        ))}</div>
        {!shown.length && <p className="soft">Nobody here does that.</p>}
      </div>
    </Part>
  );
}

function free(tasks: Drawn[], like: string): string {
  const root = like.toLowerCase().replace(/[^a-z0-9]+/g, "-") || "task";
  const taken = new Set(tasks.map((task) => task.key));
  for (let number = 1; ; number++) {
    const key = number === 1 ? root : `${root}-${number}`;
    if (!taken.has(key)) return key;
  }
}

/** The tasks, with what pointed at the old key pointing at the new one. */
function renamed(tasks: Drawn[], before: string, after: string): Drawn[] {
  if (before === after) return tasks;
  return tasks.map((task) => ({
    ...task,
    after: task.after?.map((key) => (key === before ? after : key)),
    inputs: task.inputs.map((input) => (input.from_task === before ? { ...input, from_task: after } : input)),
  }));
}
