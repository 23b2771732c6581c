// A plan as it's approved: what it changes first, then its price, then every instruction.
import { useState } from "react";
import { Link } from "wouter";
import "../styles/graph.css";
import type { PlanDetail, PlanTask } from "../types";
import { usePlan } from "../live/data";
import { Decide, Obstacles, PlanFacts } from "../parts/asked";
import { Graph } from "../parts/graph";
import { Icon } from "../parts/icons";
import { Words } from "../parts/markdown";
import { Ask, Effects, Note, Page, Part, When } from "../parts/pieces";
import { money } from "../parts/words";

export function Plan({ hash }: { hash: string }) {
  const plan = usePlan(hash);
  return plan.data ? <Known of={plan.data} /> : <Page title="Plan" back={["/", "Now"]}><Ask of={plan}>{() => null}</Ask></Page>;
}

const STATES: Record<string, string> = {
  waiting: "Waits for approval", approved: "Approved", started: "Started", dropped: "Dropped", superseded: "Replaced by a newer plan", expired: "Expired",
};

function Known({ of: plan }: { of: PlanDetail }) {
  const [chosen, setChosen] = useState("");
  function choose(key: string) {
    setChosen(key);
    const card = document.getElementById(`task-${key}`);
    card?.scrollIntoView({ block: "nearest" });
    card?.focus({ preventScroll: true });
  }
  return (
    <Page
      title={plan.title}
      back={["/", "Now"]}
      about={<>{plan.asked_by.name} asked in {plan.project_name}, <When at={plan.created_at} /></>}
    >
      <section className="card pad ask stack" aria-label="Decision">
        <div className="row wrap"><span className="chip warn">{STATES[plan.state] ?? plan.state}</span>{plan.state === "waiting" && <span className="soft small">expires <When at={plan.expires_at} /></span>}{plan.run && <Link href={`/runs/${plan.run}`}>See its run</Link>}{plan.before && <Link className="small" href={`/plans/${plan.before}`}>The plan before</Link>}</div>
        <Effects of={plan.effects} />
        <PlanFacts of={plan} />
        <Obstacles of={plan} />
        {plan.yours && plan.policy.length > 0 && <p className="soft small">{plan.policy.join(" ")}</p>}
        <Decide of={plan} />
        {plan.approvals.length > 0 && (
          <p className="row wrap small soft"><Icon name="check" size={16} />{plan.approvals.map((vote) => `${vote.person} (${vote.role}): ${vote.decision}`).join(", ")}</p>
        )}
      </section>
      {plan.changes && <Part title="What changed since the plan before"><div className="card pad"><Words of={plan.changes} /></div></Part>}
      {plan.assumptions.length > 0 && <Note><b>Assumed, not asked:</b> {plan.assumptions.join(" ")}</Note>}
      {plan.layout && plan.layout.nodes.length > 1 && <Graph layout={plan.layout} tasks={plan.tasks} chosen={chosen} choose={choose} />}
      <Part title={`Tasks (${plan.tasks.length})`}>
        <ol className="stack tight">{plan.tasks.map((task, index) => <TaskCard key={task.key} number={index + 1} of={task} plan={plan} chosen={chosen === task.key} />)}</ol>
      </Part>
      <p className="soft small">
        Approving binds to exactly these bytes: <a href={`/api/v1/plans/${plan.hash}/bytes`} download={`plan-${plan.short}.json`}>download them</a>. Their SHA-256 is <code>{plan.hash}</code>.
      </p>
    </Page>
  );
}

function TaskCard({ of: task, number, plan, chosen }: { of: PlanTask; number: number; plan: PlanDetail; chosen: boolean }) {
  const needs = task.needs.map((key) => plan.tasks.findIndex((each) => each.key === key) + 1).filter(Boolean);
  return (
    <li className={`card pad stack tight ${chosen ? "ask" : ""}`} id={`task-${task.key}`} tabIndex={-1}>
      <div className="row wrap">
        <span className="soft num">{number}</span><h3 className="grow">{task.title}</h3>
        {task.critical && <span className="chip">Critical path</span>}
        {needs.length > 0 && <span className="chip">after {needs.join(", ")}</span>}
        <span className="chip">{task.agent_title}</span>
        <span className="num soft small">{task.cost_high_micro_usd === 0 ? "free" : <>≤ {money(task.cost_high_micro_usd)}</>}</span>
      </div>
      {task.reason && <p className="soft small">{task.reason}</p>}
      {task.effects.some((effect) => effect.effect !== "read") && <Effects of={task.effects} />}
      <details open={plan.tasks.length <= 6}>
        <summary>Exact instructions</summary>
        {task.instruction && <div className="said">{task.instruction}</div>}
        {!task.instruction && !Object.keys(task.inputs).length && <p className="soft small">It needs none.</p>}
        {Object.keys(task.inputs).length > 0 && (
          <dl className="inputs">{Object.entries(task.inputs).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{input(value, plan)}</dd></div>)}</dl>
        )}
      </details>
    </li>
  );
}

/** An input as people read it: a value that's fixed, or what another task makes. */
function input(value: unknown, plan: PlanDetail): string {
  if (typeof value !== "object" || value === null) return String(value);
  const given = value as { kind?: string; value?: unknown; task?: string };
  if (given.kind === "task" && given.task) {
    const number = plan.tasks.findIndex((task) => task.key === given.task) + 1;
    return `the result of task ${number}, ${plan.tasks[number - 1]?.title ?? given.task}`;
  }
  const fixed = given.kind === "const" ? given.value : value;
  if (Array.isArray(fixed) && fixed.every((each) => typeof each !== "object")) return fixed.join(", ");
  return typeof fixed === "object" && fixed !== null ? JSON.stringify(fixed, null, 2) : String(fixed);
}
