// Numbers and times as people read them.

export function money(micro: number | null | undefined): string {
  if (micro === null || micro === undefined) return "–";
  const dollars = micro / 1_000_000;
  const small = dollars !== 0 && Math.abs(dollars) < 0.01;
  return dollars.toLocaleString("en-US", {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits: small ? 4 : 2,
  });
}

export function between(low: number, high: number, show: (value: number) => string): string {
  const [from, to] = [show(low), show(high)];
  if (from === to) return from;
  const unit = /^[\d.]+( [a-z]+)$/;
  const same = unit.exec(from)?.[1] === unit.exec(to)?.[1] && unit.test(to);
  return `${same ? from.replace(/ .*/, "") : from}–${to}`;
}

export const moneyRange = (low: number, high: number) =>
  between(low, high, money).replace(/–\$/, "–");

export function duration(seconds: number): string {
  if (seconds < 1) return "< 1 s";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    const rest = Math.round(seconds % 60);
    return rest && minutes < 10 ? `${minutes} min ${rest} s` : `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.round(hours / 24)} days`;
}

export function many(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export function ago(moment: string, now: number): string {
  const seconds = (Date.parse(moment) - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.round(seconds / size), unit);
  }
  return seconds > 5 ? "in a moment" : "just now";
}

export const clock = (moment: string) =>
  new Date(moment).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

export const percent = (part: number) => `${Math.round(part * 100)} %`;

/** `running` of `task.running` and so on, with a capital. */
export const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
