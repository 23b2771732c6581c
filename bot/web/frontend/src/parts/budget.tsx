// A budget as a bar: what's spent, what's held for work under way, and where the pace leads.
import type { Budget } from "../types";
import { Bar } from "./pieces";
import { capital, duration, money } from "./words";

export function amount(value: number, unit: string): string {
  if (unit === "usd") return money(value);
  if (unit === "minutes") return duration(value / 1000);
  return `${value.toLocaleString("en-US")} ${unit}`;
}

const PERIOD: Record<string, string> = { day: "today", week: "this week", month: "this month", total: "in all" };

export function BudgetBar({ of: budget }: { of: Budget }) {
  const kind = budget.percent >= 100 ? "bad" : budget.percent >= 75 ? "warn" : "";
  const limit = budget.limit || 1;
  return (
    <div className="grow stack tight" style={{ gap: "5px" }}>
      <div className="row">
        <span className="grow cut"><b style={{ fontWeight: 550 }}>{budget.name || budget.subject || capital(budget.scope)}</b></span>
        {budget.paused && <span className="chip bad">Paused</span>}
        <span className="num small">{amount(budget.spent, budget.unit)} <span className="soft">of {amount(budget.limit, budget.unit)}</span></span>
      </div>
      <Bar
        label={`${budget.percent} % used`}
        parts={[{ share: budget.spent / limit, kind }, { share: budget.reserved / limit, kind: `${kind} held` }]}
      />
      <span className={`small ${budget.ends_on ? "warn" : "soft"}`}>{pace(budget)}</span>
    </div>
  );
}

export function pace(budget: Budget): string {
  const used = `${budget.percent} % used ${PERIOD[budget.period] ?? budget.period}`;
  if (budget.percent >= 100) return `${used}. Work that costs money waits.`;
  if (budget.ends_on) return `${used}. At this pace it ends on ${day(budget.ends_on)}.`;
  if (budget.projected !== null) return `${used}, about ${amount(budget.projected, budget.unit)} by its end.`;
  return used;
}

export const day = (date: string) => new Date(`${date.slice(0, 10)}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
