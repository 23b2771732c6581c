// Money by day as columns: small, so no library draws it.
import { day } from "./budget";
import { money } from "./words";

const HIGH = 96;

export function Days({ of, days }: { of: { name: string; cost_micro_usd: number | null }[]; days: number }) {
  const known = new Map(of.map((line) => [line.name.slice(0, 10), line.cost_micro_usd ?? 0]));
  const today = new Date();
  const dates = Array.from({ length: days }, (_, index) => new Date(today.getTime() - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10));
  const values = dates.map((date) => known.get(date) ?? 0);
  const most = Math.max(...values);
  if (!most) return null;
  const wide = 100 / days;
  return (
    <figure className="days">
      <svg viewBox={`0 0 100 ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={`Spent by day, at most ${money(most)} on ${day(dates[values.indexOf(most)] ?? "")}`}>
        {values.map((value, index) => (
          <rect key={dates[index]} x={index * wide + wide * 0.12} width={wide * 0.76} y={HIGH - Math.max(value ? 2 : 0.7, (value / most) * HIGH)} height={Math.max(value ? 2 : 0.7, (value / most) * HIGH)} className={value ? "" : "none"}>
            <title>{`${day(dates[index] ?? "")}: ${money(value)}`}</title>
          </rect>
        ))}
      </svg>
      <figcaption className="row soft small"><span>{day(dates[0] ?? "")}</span><span className="end">{day(dates.at(-1) ?? "")}</span></figcaption>
    </figure>
  );
}
