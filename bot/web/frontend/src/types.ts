// What the server answers (its OpenAPI document says the same at /api/v1/openapi.json).
// Times are ISO 8601 in UTC, money is micro-USD and null where it isn't known.

export type Money = number | null;
export interface List<T> { items: T[]; next: string | null }

export interface Project { id: string; name: string; role: string; archived: boolean; sandbox: boolean; here: boolean }
export interface Me { person: string; name: string; admin: boolean; scopes: string[]; projects: Project[]; version: string; offline: boolean }

export interface RunRow {
  id: string; project: string; project_name: string; title: string; state: string; simulated: boolean;
  done: number; tasks: number; cost_micro_usd: Money; unpriced: boolean; problem: string;
  started_at: string; finished_at: string | null;
}
export interface Waiting {
  kind: "plan" | "question" | string; project: string; project_name: string; plan: string; run: string; wait: string;
  title: string; who: string[]; yours: boolean; since: string;
}
export interface AgentRow {
  agent: string; title: string; breaker: string; failures: number; opened_at: string | null; waiting: number;
  working: number; succeeded: number; failed: number; success_rate: number | null; cost_micro_usd: Money;
}
export interface Budget {
  id: string; project: string; name: string; scope: string; subject: string; unit: string; period: string;
  limit: number; spent: number; reserved: number; percent: number; mode: string; paused: boolean;
  period_start: string; ends_on: string | null; projected: number | null; by_agent: [string, number][];
}
export interface Overview {
  runs: RunRow[]; waiting: Waiting[]; agents: AgentRow[];
  queue: { lanes: { agent: string; waiting: number; working: number }[]; workers: { id: string; version: string; started_at: string; beat_at: string }[] };
  budgets: Budget[]; stopped: { project: string; reason: string }[]; cursor: number; at: string;
}

export interface Forecast {
  cost_low_micro_usd: Money; cost_high_micro_usd: Money; seconds_low: number | null; seconds_high: number | null;
  unpriced: string[]; basis: string; chain: string[]; bottleneck: string;
}
export interface Effect { task?: string; effect: string; target: string }
export type Value =
  | { kind: "text"; text: string }
  | { kind: "table"; columns: string[]; rows: unknown[][]; total_rows: number; notes: string[] }
  | { kind: "file"; path: string; digest: string; media_type: string; size: number; title: string }
  | { kind: "json"; value: unknown };
export interface RunTask {
  key: string; title: string; type: string; agent: string; agent_title: string; state: string; attempts: number;
  cost_micro_usd: Money; cost_high_micro_usd: Money; note: string; said: string; reason: string; needs: string[];
  effects: Effect[]; value: Value | null; started_at: string | null; finished_at: string | null; critical: boolean;
  items?: RunTask[];
}
export interface Layout {
  width: number; height: number;
  nodes: { key: string; x: number; y: number; width: number; height: number }[];
  edges: { from: string; to: string; points: [number, number][] }[];
}
export interface Attempt {
  id: string; task: string; number: number; agent: string; agent_title: string; state: string; code: string; note: string;
  cost_micro_usd: Money; started_at: string | null; finished_at: string | null;
}
export interface Artifact { task: string; path: string; digest: string; media_type: string; size: number; title: string; url: string }
export interface AuditRow { seq: number; project: string; project_name: string; actor: string; actor_name: string; action: string; object: string; ids: Record<string, string>; at: string; hash: string }
export interface RunDetail extends Omit<RunRow, "done" | "tasks"> {
  plan: string; thread: string; seq: number; forecast: Forecast | null; tasks: RunTask[]; layout: Layout | null;
  timeline: Attempt[]; artifacts: Artifact[]; audit: AuditRow[]; may: string[];
  waits?: { id: string; task: string; question: string; options: string[]; who: string }[];
}

export interface PlanTask {
  key: string; title: string; type: string; agent: string; agent_title: string; instruction: string; reason: string;
  needs: string[]; effects: Effect[]; cost_high_micro_usd: Money; inputs: Record<string, unknown>; critical: boolean;
}
export interface PlanRow {
  hash: string; short: string; project: string; project_name: string; title: string; state: string; asked_by: string;
  since: string; expires_at: string; tasks: number; highest_effect: string; estimate: Forecast | null;
}
export interface PlanDetail {
  hash: string; short: string; project: string; project_name: string; title: string; state: string;
  asked_by: { person: string; name: string }; created_at: string; expires_at: string; author: string; estimate: Forecast | null;
  assumptions: string[]; unasked: string[]; on_failure: string; schedule: unknown; highest_effect: string; effects: Effect[];
  tasks: PlanTask[]; layout: Layout | null; approvals: { person: string; role: string; decision: string; at: string }[];
  needs: { each: { missing: number; given: number; quorum: number; able: string[]; rule: number }[]; own: boolean; able: string[] } | null;
  policy: string[]; obstacles: { gone: string[]; failing: string[]; short: { name: string; left_micro_usd: number }[]; unpriced: string[] };
  before: string | null; changes: string; text: string; run: string | null; yours: boolean; may: string[];
}

export interface Profile { task_type: string; tries: number; success_rate: number | null; quality: number | null; evidence: number | null; cost_micro_usd: Money; seconds: number | null }
export interface Agent {
  name: string; title: string; kind: string; description: string; task_types: string[];
  parameters: { name: string; description: string; type: string; slot: string; required: boolean; default: unknown; choices: string[]; takes: string[] }[];
  output: string; effect: string; local: boolean; provider: string; lately: AgentRow | null; profiles: Profile[];
}
export interface Choice { agent: string; title: string; score: number | null; reason: string; breaker: string }
export interface Costs {
  since: string; until: string; by: string; cost_micro_usd: Money; attempts: number; unpriced: number;
  lines: { name: string; cost_micro_usd: Money; attempts: number }[];
  forecast: { spent_micro_usd: number; month_micro_usd: number; elapsed_days: number; month_days: number; last_day: string } | null;
  saved: { calls: number; cost_micro_usd: number } | null;
}
export interface Schedule {
  number: number; project: string; title: string; state: string; words: string; zone: string; next_at: string | null;
  plan: string; last: { due_at: string; state: string; run: string | null } | null;
}
export interface Template { name: string; title: string; description: string; source: string; parameters: { name: string; question: string; type: string; default: unknown; choices: string[] }[]; tasks: number }
export interface Passage { kind: string; title: string; text: string; source: string; at: string | null }
export interface Rule { number: number; kind: string; text: string; author: string; own: boolean; at: string }
export interface Settings { project: string; file: string; role: string; rights: string[]; stopped: boolean; items: { name: string; value: string; source: string; why: string }[] }

export interface Session { id: string; project: string; project_name: string; title: string; created_at: string; updated_at: string }
export interface Button { action: string; label: string; style: string; asks: string }
export interface Section {
  text: string; full: string; part: string; facts: { name: string; value: string }[];
  grid: { lead: string; columns: string[]; rows: unknown[][]; numbers: unknown; notes: string } | null; buttons: Button[];
}
export interface Message {
  id: string; by: "bot" | "me" | "other"; author: string; at: string; text: string; tone: string; version: number;
  sections: Section[]; reactions: string[];
  files: { name: string; digest: string; media_type: string; title: string; alt: string; path: string; url: string }[];
}
