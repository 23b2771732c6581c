// A task of a workflow as a form, made from what its agent takes.
import type { Agent } from "../types";
import { Icon } from "./icons";

export interface Input { name: string; value?: unknown; from_task?: string | null; [more: string]: unknown }
export interface Drawn {
  key: string; title: string; type: string; agent: string | null; instruction: string; inputs: Input[]; after?: string[] | undefined;
  [more: string]: unknown;
}

const TOLD = ["key", "title", "type", "agent", "instruction", "inputs", "after"];

export function TaskForm({ of: task, others, agents, faults, change }: {
  of: Drawn; others: Drawn[]; agents: Agent[]; faults: { text: string }[]; change: (next: Drawn) => void;
}) {
  const set = (part: Partial<Drawn>) => change({ ...task, ...part });
  const able = agents.filter((agent) => agent.task_types.includes(task.type));
  const agent = agents.find((each) => each.name === task.agent) ?? able[0];
  const known = new Map(task.inputs.map((input) => [input.name, input]));
  const names = [...new Set([...(agent?.parameters.map((parameter) => parameter.name) ?? []), ...known.keys()])];
  function put(name: string, input: Partial<Input> | undefined) {
    const rest = task.inputs.filter((each) => each.name !== name);
    set({ inputs: input ? [...rest, { name, ...input }] : rest });
  }
  return (
    <form className="card pad stack" aria-label={`Task ${task.title}`} onSubmit={(event) => event.preventDefault()}>
      {faults.map((fault) => <p key={fault.text} className="row top bad"><Icon name="warn" size={16} /> <span>{fault.text}</span></p>)}
      <label className="field"><span>Title</span><input className="input" value={task.title} onInput={(event) => set({ title: event.currentTarget.value })} /></label>
      <label className="field"><span>Kind of task</span><input className="input" list="kinds" value={task.type} onInput={(event) => set({ type: event.currentTarget.value })} /></label>
      <datalist id="kinds">{[...new Set(agents.flatMap((each) => each.task_types))].map((kind) => <option key={kind} value={kind} />)}</datalist>
      <label className="field"><span>Who does it</span>
        <select className="input" value={task.agent ?? ""} onChange={(event) => set({ agent: event.currentTarget.value || null })}>
          <option value="">Whoever does it best</option>
          {agents.map((each) => <option key={each.name} value={each.name}>{each.title}</option>)}
        </select>
      </label>
      <label className="field"><span>Instruction</span><textarea className="input" value={task.instruction} onInput={(event) => set({ instruction: event.currentTarget.value })} /><small>{"{{name}} stands for a parameter."}</small></label>
      {names.map((name) => {
        const parameter = agent?.parameters.find((each) => each.name === name);
        const input = known.get(name);
        const fixed = input?.from_task ? "" : show(input?.value);
        return (
          <fieldset key={name} className="field">
            <legend className="row"><span>{name}</span>{parameter?.required && <span className="chip">Required</span>}{parameter?.slot === "control" && <span className="chip warn">Control</span>}</legend>
            <select className="input" aria-label={`${name}: from`} value={input?.from_task ?? ""} onChange={(event) => put(name, event.currentTarget.value ? { from_task: event.currentTarget.value } : undefined)}>
              <option value="">A value</option>
              {others.map((other) => <option key={other.key} value={other.key}>The result of {other.title || other.key}</option>)}
            </select>
            {!input?.from_task && <textarea className="input grows" rows={1} aria-label={`${name}: value`} value={fixed} placeholder={parameter?.description} onInput={(event) => put(name, event.currentTarget.value ? { value: read(event.currentTarget.value, input?.value) } : undefined)} />}
          </fieldset>
        );
      })}
      {others.length > 0 && (
        <fieldset className="field">
          <legend>Starts after</legend>
          {others.map((other) => (
            <label key={other.key} className="row"><input type="checkbox" checked={task.after?.includes(other.key) ?? false} onChange={(event) => set({ after: event.currentTarget.checked ? [...(task.after ?? []), other.key] : task.after?.filter((key) => key !== other.key) })} /> {other.title || other.key}</label>
          ))}
        </fieldset>
      )}
      <details>
        <summary>Conditions, lists, review, checks and limits</summary>
        <Rest of={task} change={change} />
      </details>
    </form>
  );
}

/** The fields that have no form of their own, as JSON. */
function Rest({ of: task, change }: { of: Drawn; change: (next: Drawn) => void }) {
  const rest = Object.fromEntries(Object.entries(task).filter(([name]) => !TOLD.includes(name)));
  function read(area: HTMLTextAreaElement) {
    try {
      const told = Object.fromEntries(TOLD.map((name) => [name, task[name]])) as unknown as Drawn;
      change({ ...told, ...(JSON.parse(area.value) as object) });
      area.setCustomValidity("");
    } catch {
      area.setCustomValidity("This isn't JSON.");
      area.reportValidity();
    }
  }
  return <textarea className="input mono" rows={8} aria-label="More fields as JSON" spellcheck={false} defaultValue={JSON.stringify(rest, null, 2)} onBlur={(event) => read(event.currentTarget)} />;
}

const show = (value: unknown) => (value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));

/** What was a list or a number stays one, as long as it reads as one. */
function read(text: string, before: unknown): unknown {
  if (typeof before === "string" || before === null || before === undefined) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
