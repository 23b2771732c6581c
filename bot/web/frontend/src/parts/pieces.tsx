// Small pieces that every page is made of.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { Effect } from "../types";
import { Icon, type IconName } from "./icons";
import { ago, clock } from "./words";

export function Page({ title, about, children, actions, back }: {
  title: string; about?: ComponentChildren; children: ComponentChildren; actions?: ComponentChildren; back?: [string, string];
}) {
  useEffect(() => {
    document.title = `${title} · Orchestra`;
  }, [title]);
  return (
    <div className="page">
      <div className="head">
        <div>
          {back && <Link className="row small back" href={back[0]}><Icon name="back" size={14} /> {back[1]}</Link>}
          <h1>{title}</h1>
          {about && <p>{about}</p>}
        </div>
        {actions && <div className="row wrap">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export function Part({ title, children, actions }: { title: string; children: ComponentChildren; actions?: ComponentChildren }) {
  return (
    <section className="stack tight" aria-label={title}>
      <div className="row"><h2 className="grow">{title}</h2>{actions}</div>
      {children}
    </section>
  );
}

export function Loading({ of }: { of: string }) {
  return (
    <div className="page" aria-busy="true">
      <span className="sr">Loading {of}…</span>
      <div className="wait" /><div className="wait" />
    </div>
  );
}

/** Data that's on its way, couldn't be had, or is there. */
export function Ask<T>({ of, children }: {
  of: { data: T | undefined; error: Error | null; isPending: boolean; refetch: () => unknown };
  children: (data: T) => ComponentChildren;
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Problem text={of.error.message} again={() => void of.refetch()} />;
  return <div className="wait" aria-busy="true"><span className="sr">Loading…</span></div>;
}

export function Problem({ text, again }: { text: string; again?: () => void }) {
  return (
    <div className="note bad" role="alert">
      <Icon name="warn" /> <span className="grow">{text}</span>
      {again && <button type="button" className="button small" onClick={again}>Try again</button>}
    </div>
  );
}

export function Note({ kind = "", icon = "info", children }: { kind?: "" | "warn" | "bad"; icon?: IconName; children: ComponentChildren }) {
  return <div className={`note ${kind}`}><Icon name={icon} /> <div className="grow">{children}</div></div>;
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return <div className="card empty"><b>{title}</b>{children}</div>;
}

/** The moment, ticking on by itself. */
export function useClock(every = 30_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

export function When({ at }: { at: string }) {
  const now = useClock();
  return <time dateTime={at} title={clock(at)} className="num">{ago(at, now)}</time>;
}

export function Bar({ parts, label }: { parts: { share: number; kind?: string }[]; label: string }) {
  return (
    <div className="bar" role="img" aria-label={label}>
      {parts.map(({ share, kind = "" }, index) => (
        <i key={index} className={kind} style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }} />
      ))}
    </div>
  );
}

export function Facts({ of }: { of: [string, ComponentChildren][] }) {
  return (
    <dl className="facts">
      {of.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}

const DOES: Record<string, string> = {
  read: "Reads", write: "Writes", configure: "Changes settings of", publish: "Publishes", exec: "Runs a program:",
};

export function Effects({ of }: { of: Effect[] }) {
  const real = of.filter((effect) => effect.effect !== "read");
  if (!real.length) return <p className="row soft"><Icon name="check" size={16} /> Changes nothing outside Orchestra.</p>;
  return (
    <ul className="effects">
      {real.map((effect, index) => (
        <li key={index}>
          <Icon name="warn" size={16} />
          <span>{DOES[effect.effect] ?? effect.effect} {effect.target ? <code>{effect.target}</code> : "something outside"}</span>
        </li>
      ))}
    </ul>
  );
}

/** A question over the page: Escape and a click beside it close it. */
export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      aria-label={title}
      onClose={close}
      onClick={(event) => event.target === box.current && close()}
    >
      <div className="stack"><h2>{title}</h2>{children}</div>
    </dialog>
  );
}
