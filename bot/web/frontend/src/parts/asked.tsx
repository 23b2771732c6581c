// Something that waits for a person, with what follows from it before the button that does it.
import { useState } from "react";
import { Link } from "wouter";
import { post } from "../api";
import type { PlanDetail, Waiting } from "../types";
import { useAct, usePlan } from "../live/data";
import { Icon } from "./icons";
import { Ask, Dialog, Effects, Facts, Note, Problem, When } from "./pieces";
import { StateIcon } from "./state";
import { between, duration, moneyRange } from "./words";

export function Asked({ of: waiting }: { of: Waiting }) {
  if (waiting.plan) return <AskedPlan of={waiting} />;
  return (
    <article className="card pad ask stack">
      <Header title={waiting.title} about={<>A question in {waiting.project_name}, <When at={waiting.since} /></>} />
      <div className="row"><Link className="button first" href={waiting.run ? `/runs/${waiting.run}` : "/chat"}>Answer</Link></div>
    </article>
  );
}

function Header({ title, about }: { title: string; about: preact.ComponentChildren }) {
  return (
    <div className="row top">
      <StateIcon state="asking" size={20} />
      <div className="grow"><h3>{title}</h3><p className="soft small">{about}</p></div>
    </div>
  );
}

function AskedPlan({ of: waiting }: { of: Waiting }) {
  const plan = usePlan(waiting.plan);
  return (
    <article className="card pad ask stack" aria-label={`Plan ${waiting.title}`}>
      <Header
        title={waiting.title}
        about={<>{plan.data ? `${plan.data.asked_by.name} asked in ` : "A plan in "}{waiting.project_name}, <When at={waiting.since} /></>}
      />
      <Ask of={plan}>{(known) => <><PlanFacts of={known} /><Effects of={known.effects} /></>}</Ask>
      {plan.data && <Obstacles of={plan.data} />}
      {plan.data && <Decide of={plan.data} look />}
    </article>
  );
}

export function cost(of: { cost_low_micro_usd: number | null; cost_high_micro_usd: number | null } | null): string {
  if (!of || of.cost_low_micro_usd === null || of.cost_high_micro_usd === null) return "Unknown";
  if (of.cost_high_micro_usd === 0) return "Free";
  return moneyRange(of.cost_low_micro_usd, of.cost_high_micro_usd);
}

export function time(of: { seconds_low: number | null; seconds_high: number | null } | null): string {
  if (!of || of.seconds_low === null || of.seconds_high === null) return "Unknown";
  return between(of.seconds_low, of.seconds_high, duration);
}

export function PlanFacts({ of: plan }: { of: PlanDetail }) {
  return (
    <Facts
      of={[
        ["Cost", cost(plan.estimate)],
        ["Time", time(plan.estimate)],
        ["Tasks", plan.tasks.length],
        ["Approvals", approvals(plan)],
        ["Plan", <code key="hash">{plan.short}</code>],
      ]}
    />
  );
}

function approvals(plan: PlanDetail): string {
  const rules = plan.needs?.each ?? [];
  if (!rules.length) return "1 needed";
  const rule = rules.reduce((most, each) => (each.quorum > most.quorum ? each : most));
  return rule.given ? `${rule.given} of ${rule.quorum}` : `${rule.quorum} needed`;
}

export function Obstacles({ of: { obstacles } }: { of: PlanDetail }) {
  const words = [
    obstacles.gone.length && `${obstacles.gone.join(", ")} isn't here any more.`,
    obstacles.failing.length && `${obstacles.failing.join(", ")} keeps failing at the moment.`,
    ...obstacles.short.map(({ name, left_micro_usd }) => `Budget ${name} has only $${(left_micro_usd / 1e6).toFixed(2)} left.`),
    obstacles.unpriced.length && `Nobody knows what ${obstacles.unpriced.join(", ")} costs.`,
  ].filter(Boolean);
  if (!words.length) return null;
  return <Note kind="warn" icon="warn">{words.join(" ")}</Note>;
}

const OUTCOMES: Record<string, string> = {
  approved: "Approved. It's starting.",
  counted: "Your approval counts. More are needed.",
  closed: "This was already decided.",
  dropped: "Refused. Nothing will run.",
  withdrawn: "You took your approval back.",
  not_given: "You hadn't approved it.",
};

export function Decide({ of: plan, look }: { of: PlanDetail; look?: boolean }) {
  const [refusing, setRefusing] = useState(false);
  const path = `/plans/${plan.hash}`;
  const told = (out: { outcome: string; again?: boolean }) =>
    out.again ? "Refused. It's being planned again with your reason." : (OUTCOMES[out.outcome] ?? out.outcome);
  const approve = useAct(() => post<{ outcome: string }>(`${path}/approve`, { hash: plan.hash }), told);
  const rehearse = useAct(() => post(`${path}/dry-run`, { hash: plan.hash }), () => "The dry run is on its way. It touches nothing outside.");
  const able = plan.needs?.able ?? [];
  const failed = approve.error ?? rehearse.error;
  return (
    <div className="stack tight">
      {failed && <Problem text={failed.message} />}
      {!plan.yours && plan.state === "waiting" && (
        <p className="row soft small top"><Icon name="info" size={16} /> <span>{able.length ? `${list(able)} can approve this.` : "Nobody can approve this at the moment."} {plan.policy.join(" ")}</span></p>
      )}
      <div className="row wrap">
        {plan.yours && plan.may.includes("approve") && (
          <button type="button" className="button first" disabled={approve.isPending} onClick={() => approve.mutate(undefined)}>
            <Icon name="check" /> {approve.isPending ? "Approving…" : "Approve"}
          </button>
        )}
        {plan.may.includes("refuse") && (
          <button type="button" className="button" onClick={() => setRefusing(true)}><Icon name="cross" /> Refuse…</button>
        )}
        {plan.may.includes("dry-run") && !look && (
          <button type="button" className="button" disabled={rehearse.isPending} onClick={() => rehearse.mutate(undefined)}><Icon name="play" /> Dry run</button>
        )}
        {look && <Link className="button quiet" href={path}>Look at the plan</Link>}
      </div>
      {refusing && <Refuse of={plan} close={() => setRefusing(false)} />}
    </div>
  );
}

function Refuse({ of: plan, close }: { of: PlanDetail; close: () => void }) {
  const [reason, setReason] = useState("");
  const refuse = useAct(
    () => post<{ outcome: string; again: boolean }>(`/plans/${plan.hash}/refuse`, { hash: plan.hash, reason: reason.trim() }),
    (out) => (out.again ? "Refused. It's being planned again with your reason." : "Refused. Nothing will run."),
  );
  return (
    <Dialog title={`Refuse "${plan.title}"`} close={close}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); refuse.mutate(undefined, { onSuccess: close }); }}>
        <label className="field">
          <span>What should be different?</span>
          <textarea className="input" value={reason} onInput={(event) => setReason(event.currentTarget.value)} placeholder="Too dear, use the cheaper agent for the draft" autoFocus />
          <small>With a reason, Orchestra plans it again. Without one, it's dropped.</small>
        </label>
        {refuse.error && <Problem text={refuse.error.message} />}
        <div className="row">
          <button type="submit" className="button first" disabled={refuse.isPending}>{reason.trim() ? "Refuse and plan again" : "Refuse"}</button>
          <button type="button" className="button quiet" onClick={close}>Not now</button>
        </div>
      </form>
    </Dialog>
  );
}

export function list(names: string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
