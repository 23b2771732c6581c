// Work that's been thought through once: fill in its blanks, get a plan.
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useQuery } from "@tanstack/react-query";
import { get, post } from "../api";
import type { Template } from "../types";
import { project, query, useAct, useItems, useMe } from "../live/data";
import { useStore } from "../live/store";
import { Icon } from "../parts/icons";
import { Ask, Empty, Note, Page, Part, Problem } from "../parts/pieces";
import { many } from "../parts/words";

export function Templates({ name }: { name: string }) {
  const chosen = useStore(project);
  const templates = useItems<Template>("/templates", { project: chosen });
  const template = templates.data?.items.find((each) => each.name === name);
  if (name && template) return <One of={template} />;
  return (
    <Page title="Templates" about="Plans to start from. Each becomes an ordinary plan that waits for approval."
      actions={<Link className="button first" href="/builder"><Icon name="plus" /> Build one</Link>}>
      {name && templates.data && <Note kind="warn">There's no template {name} here.</Note>}
      <Ask of={templates}>{({ items }) => items.length ? (
        <ul className="cols tiles">{items.map((each) => (
          <li key={each.name}><Link className="card pad stack tight tile" href={`/templates/${each.name}`}><h2 className="name">{each.title}</h2><span className="soft">{each.description}</span><span className="row"><span className="chip">{many(each.tasks, "task")}</span>{each.source !== "shipped" && <span className="chip good">Your own</span>}</span></Link></li>
        ))}</ul>
      ) : <Empty title="No template yet"><span>Make one from a run that went well: say “save this as a template” in its chat.</span></Empty>}</Ask>
    </Page>
  );
}

function One({ of: template }: { of: Template }) {
  const me = useMe();
  const chosen = useStore(project);
  const [, go] = useLocation();
  const into = chosen || me.data?.projects.find((each) => each.here)?.id || me.data?.projects[0]?.id;
  const [values, setValues] = useState<Record<string, string>>({});
  const text = useQuery({ queryKey: ["templates", "text", template.name, into], queryFn: () => get<{ yaml: string }>(`/templates/${encodeURIComponent(template.name)}${query({ project: into })}`) });
  const plan = useAct(() => post<{ session: string }>(`/workflows/${encodeURIComponent(template.name)}/plan`, { project: into, values: Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim())) }));
  return (
    <Page title={template.title} back={["/templates", "Templates"]} about={template.description}
      actions={<Link className="button" href={`/builder/${template.name}`}><Icon name="builder" /> Open in the builder</Link>}>
      <form className="card pad stack" onSubmit={(event) => { event.preventDefault(); plan.mutate(undefined, { onSuccess: ({ session }) => go(`/chat/${session}`) }); }}>
        {template.parameters.map((parameter) => {
          const usual = parameter.default === null || parameter.default === undefined ? "" : String(parameter.default);
          const value = values[parameter.name] ?? "";
          const set = (next: string) => setValues({ ...values, [parameter.name]: next });
          return (
            <label key={parameter.name} className="field">
              <span>{parameter.question || parameter.name}</span>
              {parameter.choices.length ? (
                <select className="input" value={value || usual} onChange={(event) => set(event.currentTarget.value)}>{!usual && <option value="">Choose…</option>}{parameter.choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}</select>
              ) : <input className="input" value={value} placeholder={usual} onInput={(event) => set(event.currentTarget.value)} />}
              {usual && !parameter.choices.length && <small>Left empty: {usual}</small>}
            </label>
          );
        })}
        {plan.error && <Problem text={plan.error.message} />}
        <div className="row wrap"><button type="submit" className="button first" disabled={plan.isPending}>{plan.isPending ? "Planning…" : "Make the plan"}</button><span className="soft small">Nothing runs before it's approved.</span></div>
      </form>
      <Part title="As a file"><Ask of={text}>{({ yaml }) => <pre className="card pad scroll" tabIndex={0}>{yaml}</pre>}</Ask></Part>
    </Page>
  );
}
