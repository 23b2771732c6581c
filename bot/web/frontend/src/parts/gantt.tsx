// When each attempt ran. The critical path is what the whole run waited for.
import type { RunDetail } from "../types";
import { Empty, useClock } from "./pieces";
import { look } from "./state";
import { duration } from "./words";

export function Gantt({ of: run }: { of: RunDetail }) {
  const now = useClock(1000);
  const spans = run.timeline.filter((attempt) => attempt.started_at);
  if (!spans.length) return <Empty title="Nothing has started yet" />;
  const end = (moment: string | null) => (moment ? Date.parse(moment) : run.finished_at ? Date.parse(run.finished_at) : now);
  const from = Math.min(...spans.map((span) => Date.parse(span.started_at ?? "")));
  const to = Math.max(...spans.map((span) => end(span.finished_at)), from + 1000);
  const tasks = new Map(run.tasks.map((task) => [task.key, task]));
  return (
    <div className="card">
      <ol className="gantt">
        <li className="span-row axis" aria-hidden="true"><span /><span className="lane"><span>0</span><span>{duration((to - from) / 1000)}</span></span></li>
        {spans.map((span) => {
          const task = tasks.get(span.task);
          const [start, stop] = [Date.parse(span.started_at ?? ""), end(span.finished_at)];
          const took = duration((stop - start) / 1000);
          const words = `${span.agent_title}, ${look(span.state).word.toLowerCase()}, ${took}${span.note ? `: ${span.note}` : ""}`;
          return (
            <li key={span.id} className="span-row">
              <span className="cut" title={task?.title}>{task?.title ?? span.task}{span.number > 1 && <span className="soft"> · attempt {span.number}</span>}</span>
              <span className="lane" title={words}>
                <span className="sr">{words}{task?.critical && ", critical path"}</span>
                <span
                  className={`span ${look(span.state).className} ${task?.critical ? "critical" : ""}`}
                  style={{ left: `${((start - from) / (to - from)) * 100}%`, width: `${((stop - start) / (to - from)) * 100}%` }}
                />
              </span>
            </li>
          );
        })}
      </ol>
      <p className="soft small" style={{ padding: "0 20px 14px" }}>Outlined: the critical path, what the whole run waited for.</p>
    </div>
  );
}
