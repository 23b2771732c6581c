// The graph of tasks, where the server's layout puts them: the same picture as in the chat.
import { useEffect, useRef, useState } from "react";
import type { Layout } from "../types";
import { Icon } from "./icons";
import { StateIcon, look } from "./state";

export interface GraphTask { key: string; title: string; agent_title: string; state?: string; critical: boolean; effects: { effect: string }[]; note?: string }

const PAD = 20;
/** Below this the letters can't be read; a wider graph scrolls instead. */
const LEAST = 0.62;

export function Graph({ layout, tasks, chosen, choose }: { layout: Layout; tasks: GraphTask[]; chosen: string; choose: (key: string) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const [fit, setFit] = useState(1);
  const [zoom, setZoom] = useState<number>();
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const width = layout.width + 2 * PAD;
  const height = layout.height + 2 * PAD;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setFit(Math.max(LEAST, Math.min(1, element.clientWidth / width))));
    watch.observe(element);
    return () => watch.disconnect();
  }, [width]);

  const scale = zoom ?? fit;
  const step = (by: number) => setZoom(Math.max(0.3, Math.min(1.6, scale * by)));
  return (
    <div className="graph card">
      {(fit < 1 || zoom !== undefined) && <div className="graph-tools row" role="group" aria-label="Zoom">
        <button type="button" className="button quiet small" aria-label="Smaller" onClick={() => step(0.8)}><Icon name="minus" size={16} /></button>
        <button type="button" className="button quiet small" aria-label="Larger" onClick={() => step(1.25)}><Icon name="plus" size={16} /></button>
        <button type="button" className="button quiet small" aria-label="Fit" onClick={() => setZoom(undefined)}><Icon name="fit" size={16} /></button>
      </div>}
      <div className="graph-box" ref={box} tabIndex={0} role="group" aria-label={`Graph of ${tasks.length} tasks`}>
        <div className="graph-size" style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
          <div className="graph-page" style={{ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` }}>
            <svg width={width} height={height} aria-hidden="true">
              {layout.edges.map(({ from, to, points }) => (
                <path key={`${from} ${to}`} className={edge(byKey.get(from), byKey.get(to))} d={curve(points)} />
              ))}
            </svg>
            {layout.nodes.map(({ key, x, y, width: wide, height: high }) => {
              const task = byKey.get(key);
              if (!task) return null;
              const state = task.state ?? "";
              return (
                <button
                  key={key}
                  type="button"
                  className={`node ${state ? look(state).className : ""} ${task.critical ? "critical" : ""}`}
                  aria-pressed={chosen === key}
                  title={`${task.title} · ${task.agent_title}`}
                  style={{ left: `${x + PAD}px`, top: `${y + PAD}px`, width: `${wide}px`, height: `${high}px` }}
                  onClick={() => choose(key)}
                >
                  {state ? <StateIcon state={state} /> : null}
                  <span className="grow">
                    <span className="node-title">{task.title}</span>
                    <span className="cut node-agent">{task.agent_title}{state && <span className="sr">, {look(state).word}</span>}</span>
                  </span>
                  {task.effects.some((effect) => effect.effect !== "read") && <span className="warn" title="Has an effect outside"><Icon name="warn" size={14} /></span>}
                </button>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

function edge(from?: GraphTask, to?: GraphTask): string {
  const walked = from?.state === "succeeded" && to?.state && !["waiting", "skipped", "cancelled"].includes(to.state);
  return `edge${walked ? " walked" : ""}${from?.critical && to?.critical ? " critical" : ""}`;
}

/** A soft line through the points, left to right or top to bottom as they run. */
function curve(points: [number, number][]): string {
  const moved = points.map(([x, y]) => [x + PAD, y + PAD] as const);
  const [first, ...rest] = moved;
  if (!first) return "";
  let path = `M${first[0]} ${first[1]}`;
  let [x, y] = first;
  const last = moved[moved.length - 1] ?? first;
  const across = Math.abs(last[0] - first[0]) >= Math.abs(last[1] - first[1]);
  for (const [toX, toY] of rest) {
    const [midX, midY] = [(x + toX) / 2, (y + toY) / 2];
    path += across ? `C${midX} ${y} ${midX} ${toY} ${toX} ${toY}` : `C${x} ${midY} ${toX} ${midY} ${toX} ${toY}`;
    [x, y] = [toX, toY];
  }
  return path;
}
