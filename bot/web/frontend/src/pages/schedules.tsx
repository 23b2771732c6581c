import { Link } from "wouter";
import { call } from "../api";
import type { Schedule } from "../types";
import { project, query, useAct, useItems } from "../live/data";
import { useStore } from "../live/store";
import { Icon } from "../parts/icons";
import { Ask, Empty, Page, Problem, When } from "../parts/pieces";
import { StateIcon } from "../parts/state";
import { clock } from "../parts/words";

const STATES: Record<string, [string, string]> = {
  active: ["ok", "Active"], paused: ["paused", "Paused"], asking: ["asking", "Its new plan waits for approval"], done: ["skipped", "Done"], deleted: ["cancelled", "Deleted"],
};

export function Schedules() {
  const chosen = useStore(project);
  const schedules = useItems<Schedule>("/schedules", { project: chosen });
  return (
    <Page title="Schedules" about="Work that starts by itself, each with an approved plan.">
      <Ask of={schedules}>{({ items }) => items.length ? (
        <ul className="card list">{items.map((schedule) => <li key={`${schedule.project} ${schedule.number}`}><Row of={schedule} /></li>)}</ul>
      ) : (
        <Empty title="No schedule yet"><span>Say when in the chat: “every Monday at 9, summarise last week's tickets”.</span><Link className="button" href="/chat">Describe one</Link></Empty>
      )}</Ask>
    </Page>
  );
}

const TOLD: Record<string, string> = { pause: "Paused.", resume: "Active again.", run: "It's starting now.", "": "Deleted." };

function Row({ of: schedule }: { of: Schedule }) {
  const act = useAct(
    (what: string) => call<{ done: boolean }>(`/schedules/${schedule.number}${what && `/${what}`}${query({ project: schedule.project })}`, { method: what ? "POST" : "DELETE", body: {} }),
    (out, what) => (out.done ? TOLD[what] ?? "Done." : "Nothing changed: the schedule wasn't in a state for it."),
  );
  const [icon, word] = STATES[schedule.state] ?? ["waiting", schedule.state];
  const actions: [string, string][] = schedule.state === "paused" ? [["resume", "Resume"]] : schedule.state === "active" ? [["run", "Run now"], ["pause", "Pause"]] : [];
  return (
    <div className="line" style={{ flexWrap: "wrap" }}>
      <StateIcon state={icon} size={20} />
      <span className="grow stack tight" style={{ gap: "1px", minWidth: "200px" }}>
        <span><b style={{ fontWeight: 550 }}>{schedule.title}</b></span>
        <span className="soft small">{[word, schedule.words, schedule.zone].filter(Boolean).join(" · ")}</span>
        <span className="soft small">
          {schedule.next_at && <>Next <time dateTime={schedule.next_at}>{clock(schedule.next_at)}</time> (<When at={schedule.next_at} />)</>}
          {schedule.last && <> · last {schedule.last.run ? <Link className="inline" href={`/runs/${schedule.last.run}`}>{schedule.last.state}</Link> : schedule.last.state} <When at={schedule.last.due_at} /></>}
        </span>
        {act.error && <Problem text={act.error.message} />}
      </span>
      <span className="row">
        {actions.map(([what, name]) => <button key={what} type="button" className="button small" disabled={act.isPending} onClick={() => act.mutate(what)}>{name}</button>)}
        {schedule.state !== "deleted" && schedule.state !== "done" && <button type="button" className="button quiet small" aria-label={`Delete ${schedule.title}`} disabled={act.isPending} onClick={() => act.mutate("")}><Icon name="cross" size={16} /></button>}
      </span>
    </div>
  );
}
