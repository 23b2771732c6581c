// What goes on now, and what waits for somebody.
import { Link } from "wouter";
import type { AgentRow, Overview, RunRow } from "../types";
import { project, useItems, useMe, useOverview } from "../live/data";
import { useStore } from "../live/store";
import { Icon } from "../parts/icons";
import { Ask, Bar, Empty, Note, Page, Part, useClock, When } from "../parts/pieces";
import { State, StateIcon } from "../parts/state";
import { duration, many, money, percent } from "../parts/words";
import { amount, BudgetBar } from "../parts/budget";
import { Asked } from "../parts/asked";

export function Now() {
  const chosen = useStore(project);
  const overview = useOverview(chosen);
  return (
    <Page title="Now" about={overview.data && summary(overview.data)} actions={<Link className="button first" href="/chat"><Icon name="plus" /> New work</Link>}>
      <Ask of={overview}>{(now) => <Everything now={now} />}</Ask>
    </Page>
  );
}

function summary(now: Overview): string {
  const yours = now.waiting.filter((waiting) => waiting.yours).length;
  const parts = [now.runs.length ? `${many(now.runs.length, "run")} under way` : "Nothing is running"];
  parts.push(yours ? `${many(yours, "thing")} ${yours === 1 ? "waits" : "wait"} for you` : "nothing waits for you");
  return parts.join(", ");
}

function Everything({ now }: { now: Overview }) {
  const me = useMe();
  const yours = now.waiting.filter((waiting) => waiting.yours);
  const others = now.waiting.filter((waiting) => !waiting.yours);
  const names = new Map(me.data?.projects.map((each) => [each.id, each.name]));
  return (
    <>
      <Alerts now={now} names={names} />
      {yours.length > 0 && (
        <Part title={`Waits for you (${yours.length})`}>
          <div className="cols">{yours.map((waiting) => <Asked key={waiting.plan || waiting.wait || waiting.title} of={waiting} />)}</div>
        </Part>
      )}
      <div className="cols main-side">
        <div className="stack wide">
          <Part title="Under way">
            {now.runs.length ? <RunList of={now.runs} /> : (
              <Empty title="Nothing is running">
                <span>Describe what you need, and Orchestra plans it, asks what it must, and shows you the price before anything starts.</span>
                <Link className="button" href="/chat">Describe some work</Link>
              </Empty>
            )}
          </Part>
          {others.length > 0 && (
            <Part title="Waits for others">
              <ul className="card list">
                {others.map((waiting, index) => (
                  <li key={index}>
                    <Link className="line" href={waiting.plan ? `/plans/${waiting.plan}` : waiting.run ? `/runs/${waiting.run}` : "/chat"}>
                      <StateIcon state="asking" />
                      <span className="grow"><span className="cut" style={{ display: "block" }}>{waiting.title}</span><span className="soft small">{waiting.who.length ? `${waiting.who.join(", ")} can decide` : "Nobody here can decide"}</span></span>
                      <span className="soft small"><When at={waiting.since} /></span>
                    </Link>
                  </li>
                ))}
              </ul>
            </Part>
          )}
          <Lately />
        </div>
        <aside className="stack wide">
          <Health now={now} />
          <Part title="Budgets" actions={<Link className="small" href="/money">All money</Link>}>
            {now.budgets.length ? (
              <ul className="card list">{now.budgets.slice(0, 4).map((budget) => <li key={budget.id}><div className="line"><BudgetBar of={budget} /></div></li>)}</ul>
            ) : (
              <Empty title="No budget yet"><span>Set one, and work stops before it costs more.</span><Link className="button small" href="/money">Set a budget</Link></Empty>
            )}
          </Part>
        </aside>
      </div>
    </>
  );
}

function Alerts({ now, names }: { now: Overview; names: Map<string, string> }) {
  const tight = now.budgets.filter((budget) => budget.percent >= 90 && budget.mode !== "observe");
  const down = now.agents.filter((agent) => agent.breaker === "open");
  if (!now.stopped.length && !tight.length && !down.length) return null;
  return (
    <section className="stack tight" aria-label="Alerts">
      {now.stopped.map((stop) => (
        <Note key={stop.project} kind="bad" icon="pause">
          {names.get(stop.project) ?? "Everything"} is stopped{stop.reason && `: ${stop.reason}`}. <Link href="/settings">Release it in the settings.</Link>
        </Note>
      ))}
      {tight.map((budget) => (
        <Note key={budget.id} kind={budget.percent >= 100 ? "bad" : "warn"} icon="warn">
          Budget {budget.name || budget.scope}: {budget.percent} % of {amount(budget.limit, budget.unit)} is used. <Link href="/money">Look at the money.</Link>
        </Note>
      ))}
      {down.map((agent) => (
        <Note key={agent.agent} kind="warn" icon="warn">
          {agent.title} is resting after {many(agent.failures, "failure")}; its work goes to others that can do it. <Link href={`/agents/${agent.agent}`}>See why.</Link>
        </Note>
      ))}
    </section>
  );
}

export function RunList({ of }: { of: RunRow[] }) {
  const now = useClock(5000);
  return (
    <ul className="card list">
      {of.map((run) => (
        <li key={run.id}>
          <Link className="line" href={`/runs/${run.id}`}>
            <StateIcon state={run.state} size={20} />
            <span className="grow stack tight" style={{ gap: "4px" }}>
              <span className="row"><span className="cut"><b style={{ fontWeight: 550 }}>{run.title}</b></span>{run.simulated && <span className="chip">Dry run</span>}</span>
              <span className="soft small cut">{told(run, now)}</span>
              {run.state === "running" && <Bar parts={[{ share: run.tasks ? run.done / run.tasks : 0 }]} label={`${run.done} of ${run.tasks} tasks done`} />}
            </span>
            <span className="num soft small">{run.unpriced ? "≥ " : ""}{money(run.cost_micro_usd)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function told(run: RunRow, now: number): string {
  const seconds = ((run.finished_at ? Date.parse(run.finished_at) : now) - Date.parse(run.started_at)) / 1000;
  const words = { running: "Running", paused: "Paused", succeeded: "Succeeded", failed: "Failed", cancelled: "Cancelled" }[run.state] ?? run.state;
  return [words, `${run.done} of ${run.tasks} tasks`, duration(Math.max(0, seconds)), run.project_name, run.problem].filter(Boolean).join(" · ");
}

function Lately() {
  const chosen = useStore(project);
  const runs = useItems<RunRow>("/runs", { project: chosen, limit: 8 });
  const over = runs.data?.items.filter((run) => run.finished_at).slice(0, 5) ?? [];
  if (!over.length) return null;
  return (
    <Part title="Finished lately" actions={<Link className="small" href="/runs">All runs</Link>}>
      <RunList of={over} />
    </Part>
  );
}

function Health({ now }: { now: Overview }) {
  const waiting = now.queue.lanes.reduce((sum, lane) => sum + lane.waiting, 0);
  return (
    <Part title="Agents" actions={<Link className="small" href="/agents">All agents</Link>}>
      {now.agents.length ? (
        <ul className="card list">
          {now.agents.slice(0, 8).map((agent) => (
            <li key={agent.agent}>
              <Link className="line" href={`/agents/${agent.agent}`}>
                <span className="grow cut">{agent.title}</span>
                <span className="soft small num">{busy(agent)}</span>
                <State state={health(agent)} />
              </Link>
            </li>
          ))}
        </ul>
      ) : <Empty title="No agent has worked yet" />}
      {waiting > 0 && <p className="soft small">{many(waiting, "task")} in the queue, {many(now.queue.workers.length, "worker")}.</p>}
    </Part>
  );
}

export const health = (agent: AgentRow) => ({ open: "resting", half_open: "trial" })[agent.breaker] ?? "ok";

function busy(agent: AgentRow): string {
  if (agent.working) return `${agent.working} at work`;
  if (agent.waiting) return `${agent.waiting} waiting`;
  return agent.success_rate === null ? "" : percent(agent.success_rate);
}

