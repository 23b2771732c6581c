// What was spent on what, what it comes to, and where it stops.
import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { call, get } from "../api";
import type { Budget, Costs } from "../types";
import { project, query, useAct, useItems, useMe } from "../live/data";
import { useStore } from "../live/store";
import { BudgetBar, day } from "../parts/budget";
import { Days } from "../parts/days";
import { Icon } from "../parts/icons";
import { Ask, Bar, Dialog, Empty, Facts, Page, Part, Problem } from "../parts/pieces";
import { capital, many, money } from "../parts/words";

const BY: [string, string][] = [["agent", "Agent"], ["person", "Person"], ["task_type", "Kind of task"], ["run", "Run"]];

const MODES: Record<string, string> = { enforce: "Stops work at the limit", warn: "Only warns", observe: "Only counts" };

export function MoneyPage() {
  const chosen = useStore(project);
  const [by, setBy] = useState("agent");
  const [days, setDays] = useState(30);
  const [setting, setSetting] = useState<Budget | true>();
  const budgets = useItems<Budget>("/budgets", { project: chosen });
  const costs = useCosts(chosen, by, days);
  const daily = useCosts(chosen, "day", days);
  return (
    <Page title="Money" about="Every model call is reserved before it's made and settled after it."
      actions={<button type="button" className="button first" onClick={() => setSetting(true)}><Icon name="plus" /> Set a budget</button>}>
      <Part title="Budgets">
        <Ask of={budgets}>{({ items }) => items.length ? (
          <div className="cols">{items.map((budget) => (
            <div key={budget.id} className="card pad stack tight">
              <BudgetBar of={budget} />
              <div className="row"><span className="soft small">{MODES[budget.mode] ?? budget.mode}</span><button type="button" className="button quiet small end" onClick={() => setSetting(budget)}>Change…</button></div>
            </div>
          ))}</div>
        ) : <Empty title="No budget yet"><span>Set one, and work that would cost more waits for you.</span></Empty>}</Ask>
      </Part>
      <Part title="Spent" actions={
        <label><span className="sr">Days</span><select className="input" style={{ width: "auto" }} value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>{[7, 30, 90].map((count) => <option key={count} value={count}>{count} days</option>)}</select></label>
      }>
        <div className="card pad stack">
          <Ask of={daily}>{(known) => (
            <>
              <Facts of={[
                ["Spent", <>{known.unpriced > 0 && "≥ "}{money(known.cost_micro_usd)}</>],
                ["Attempts", known.attempts],
                ...(known.forecast ? [[`Month to ${day(known.forecast.last_day)}`, `about ${money(known.forecast.month_micro_usd)}`] as [string, string]] : []),
                ...(known.saved && known.saved.calls > 0 ? [["Saved by the cache", `${money(known.saved.cost_micro_usd)} in ${many(known.saved.calls, "call")}`] as [string, string]] : []),
              ]} />
              {known.unpriced > 0 && <p className="soft small">{many(known.unpriced, "attempt")} of unknown price aren't in these sums.</p>}
              <Days of={known.lines} days={days} />
            </>
          )}</Ask>
        </div>
      </Part>
      <Part title="On what" actions={<div className="tabset" role="group" aria-label="Group by">{BY.map(([name, word]) => <a key={name} href={`#${name}`} aria-current={by === name ? "true" : undefined} onClick={(event) => { event.preventDefault(); setBy(name); }}>{word}</a>)}</div>}>
        <Ask of={costs}>{(known) => <Lines of={known} />}</Ask>
      </Part>
      {setting && <SetBudget of={setting === true ? undefined : setting} close={() => setSetting(undefined)} />}
    </Page>
  );
}

const useCosts = (of: string, by: string, days: number) =>
  useQuery({ queryKey: ["costs", of, by, days], queryFn: () => get<Costs>(`/costs${query({ project: of, by, days })}`) });

function Lines({ of }: { of: Costs }) {
  if (!of.lines.length) return <Empty title="Nothing spent in this time" />;
  const most = Math.max(...of.lines.map((line) => line.cost_micro_usd ?? 0), 1);
  return (
    <ul className="card list">{of.lines.map((line) => (
      <li key={line.name}><div className="line"><span className="grow stack tight" style={{ gap: "5px" }}><span className="row"><span className="grow cut">{line.name || "–"}</span><span className="soft small num">{many(line.attempts, "attempt")}</span><span className="num">{money(line.cost_micro_usd)}</span></span><Bar label={money(line.cost_micro_usd)} parts={[{ share: (line.cost_micro_usd ?? 0) / most }]} /></span></div></li>
    ))}</ul>
  );
}

function SetBudget({ of: budget, close }: { of: Budget | undefined; close: () => void }) {
  const me = useMe();
  const chosen = useStore(project);
  const open = me.data?.projects.filter((each) => !each.archived) ?? [];
  const [into, setInto] = useState(budget?.project || chosen || open.find((each) => each.here)?.id || "");
  const [dollars, setDollars] = useState(budget ? String(budget.limit / 1e6) : "");
  const [period, setPeriod] = useState(budget?.period ?? "month");
  const limit = Math.round(Number(dollars) * 1e6);
  const put = useAct(
    () => call<Budget>("/budgets", { method: "PUT", body: { project: into, limit_micro_usd: limit, period, name: budget?.name ?? "", scope: budget?.scope ?? "project", subject: budget?.subject ?? "", mode: budget?.mode ?? "enforce" } }),
    () => "The budget is set.",
  );
  const remove = useAct(() => call(`/budgets/${budget?.id}${query({ project: into })}`, { method: "DELETE", body: {} }), () => "The budget is gone.");
  const failed = put.error ?? remove.error;
  return (
    <Dialog title={budget ? "Change the budget" : "Set a budget"} close={close}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); put.mutate(undefined, { onSuccess: close }); }}>
        {!budget && open.length > 1 && <label className="field"><span>Project</span><select className="input" value={into} onChange={(event) => setInto(event.currentTarget.value)}>{open.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}</select></label>}
        <label className="field"><span>At most, in dollars</span><input className="input" inputMode="decimal" autoFocus value={dollars} onInput={(event) => setDollars(event.currentTarget.value)} placeholder="50" /></label>
        <label className="field"><span>Each</span><select className="input" value={period} onChange={(event) => setPeriod(event.currentTarget.value)}>{["day", "week", "month", "total"].map((name) => <option key={name} value={name}>{name === "total" ? "In all" : capital(name)}</option>)}</select></label>
        {failed && <Problem text={failed.message} />}
        <div className="row">
          <button type="submit" className="button first" disabled={!(limit > 0) || put.isPending}>Set</button>
          <button type="button" className="button quiet" onClick={close}>Not now</button>
          {budget && <button type="button" className="button danger end" disabled={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: close })}>Remove</button>}
        </div>
      </form>
    </Dialog>
  );
}
