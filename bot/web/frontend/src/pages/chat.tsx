// Chat in the browser: the same conversation as in Slack or Discord, with the same buttons.
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { post } from "../api";
import "../styles/chat.css";
import type { Button, Message, Section, Session } from "../types";
import { client, project, useAct, useItems, useMe } from "../live/data";
import { useStore } from "../live/store";
import { Icon } from "../parts/icons";
import { Words } from "../parts/markdown";
import { Ask, Dialog, Empty, Problem, When } from "../parts/pieces";
import { Grid } from "../parts/value";

export function Chat({ session }: { session: string }) {
  const sessions = useItems<Session>("/sessions");
  const known = sessions.data?.items.find((each) => each.id === session);
  useEffect(() => {
    document.title = `${known?.title || "Chat"} · Orchestra`;
  }, [known?.title]);
  return (
    <div className={`chat ${session ? "open" : ""}`}>
      <aside className="chat-list stack tight" aria-label="Conversations">
        <div className="row">{session ? <p className="chat-title grow">Chat</p> : <h1 className="grow">Chat</h1>}<Link className="button small" href="/chat"><Icon name="plus" size={16} /> New</Link></div>
        <Ask of={sessions}>
          {({ items }) => (
            <ul className="stack tight" style={{ gap: "2px" }}>
              {items.map((each) => (
                <li key={each.id}>
                  <Link className="chat-item" href={`/chat/${each.id}`} aria-current={each.id === session ? "page" : undefined}>
                    <span className="cut">{each.title || "New conversation"}</span>
                    <span className="soft small cut">{each.project_name} · <When at={each.updated_at} /></span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Ask>
      </aside>
      <section className="chat-main" aria-label="Conversation">{session ? <Thread key={session} id={session} title={known?.title ?? ""} /> : <Start />}</section>
    </div>
  );
}

const STARTERS = [
  "Write a blog post about our new release, 800 words, and save it to blog/release.md",
  "Read data/sales.csv and chart revenue by month",
  "Every Monday at 9, summarise last week's tickets",
];

function Start() {
  const me = useMe();
  const chosen = useStore(project);
  const [, go] = useLocation();
  const [into, setInto] = useState("");
  const open = me.data?.projects.filter((each) => !each.archived) ?? [];
  const start = useAct((text: string) => post<Session>("/sessions", { project: into || chosen || open.find((each) => each.here)?.id || open[0]?.id, text }));
  const begin = (text: string) => start.mutate(text, { onSuccess: (made) => go(`/chat/${made.id}`) });
  return (
    <div className="chat-start stack">
      <h2 className="chat-hello">What should get done?</h2>
      <p className="soft">Say it in your own words. You'll see a plan with its price and its effects before anything runs.</p>
      <Composer send={begin} busy={start.isPending} placeholder="Describe the work…" />
      {start.error && <Problem text={start.error.message} />}
      {open.length > 1 && (
        <label className="row small soft">In project
          <select className="input" style={{ width: "auto" }} value={into || chosen} onChange={(event) => setInto(event.currentTarget.value)}>
            {open.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
          </select>
        </label>
      )}
      <ul className="stack tight">
        {STARTERS.map((text) => <li key={text}><button type="button" className="starter" disabled={start.isPending} onClick={() => begin(text)}>{text}</button></li>)}
      </ul>
    </div>
  );
}

function Thread({ id, title }: { id: string; title: string }) {
  const path = `/sessions/${encodeURIComponent(id)}/messages`;
  const messages = useItems<Message>(path, { limit: 200 });
  const [pending, setPending] = useState<{ text: string; after: number }[]>([]);
  const end = useRef<HTMLDivElement>(null);
  const items = messages.data?.items ?? [];
  const mine = items.filter((message) => message.by === "me").length;
  const unseen = pending.filter(({ after }) => mine <= after);
  const send = useAct((text: string) => post(path, { text }));
  const count = items.length + unseen.length;

  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [count]);

  function say(text: string) {
    setPending([...unseen, { text, after: mine + unseen.length }]);
    send.mutate(text, { onError: () => setPending([]) });
  }

  return (
    <>
      <div className="chat-head row"><Link className="button quiet small chat-back" href="/chat" aria-label="All conversations"><Icon name="back" size={16} /></Link><h1 className="grow cut">{title || "Conversation"}</h1></div>
      <div className="chat-log" role="log" aria-label="Messages" tabIndex={0}>
        <Ask of={messages}>
          {() => (
            <>
              {count === 0 && <Empty title="Nothing said yet" />}
              {items.map((message) => <Said key={message.id} of={message} session={id} />)}
              {unseen.map(({ text }, index) => <div key={index} className="said-by me pending"><div className="bubble">{text}</div></div>)}
              {items.at(-1)?.by === "me" && <p className="soft small row"><span className="typing" aria-hidden="true" /> Orchestra is reading…</p>}
            </>
          )}
        </Ask>
        <div ref={end} />
      </div>
      {send.error && <Problem text={send.error.message} />}
      <Composer send={say} busy={!messages.data} placeholder="Answer, change the plan, or ask…" />
    </>
  );
}

function Composer({ send, busy, placeholder }: { send: (text: string) => void; busy: boolean; placeholder: string }) {
  const [text, setText] = useState("");
  function go() {
    if (!text.trim() || busy) return;
    send(text.trim());
    setText("");
  }
  return (
    <form className="composer" onSubmit={(event) => { event.preventDefault(); go(); }}>
      <textarea
        aria-label="Message" rows={1} value={text} placeholder={placeholder} maxLength={40_000}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            go();
          }
        }}
      />
      <button type="submit" className="button first" disabled={busy || !text.trim()} aria-label="Send"><Icon name="send" /></button>
    </form>
  );
}

function Said({ of: message, session }: { of: Message; session: string }) {
  if (message.by === "me") return <div className="said-by me"><div className="bubble"><Words of={message.text} /></div></div>;
  const shown = message.sections.length ? message.sections : [{ text: message.text, full: "", part: "text", facts: [], grid: null, buttons: [] }];
  return (
    <article className={`said-by bot ${message.tone}`} aria-label={`${message.author || "Orchestra"} says`}>
      <div className="bubble stack tight">
        {shown.map((section, index) => <Shown key={index} of={section} message={message} session={session} />)}
        {message.files.map((file) => (
          /^image\/(png|jpeg|gif|webp)$/.test(file.media_type)
            ? <a key={file.digest} href={file.url}><img className="shot" src={file.url} alt={file.alt || file.title || file.name} loading="lazy" /></a>
            : <a key={file.digest} className="row" href={file.url} download={file.name}><Icon name="file" size={16} /> {file.title || file.name}</a>
        ))}
      </div>
    </article>
  );
}

function Shown({ of: section, message, session }: { of: Section; message: Message; session: string }) {
  return (
    <div className={`stack tight part-${section.part}`}>
      {section.text && !section.grid && !section.facts.length && <Words of={section.text} />}
      {section.facts.length > 0 && <dl className="facts">{section.facts.map((fact) => <div key={fact.name}><dt>{fact.name}</dt><dd><Words of={fact.value} /></dd></div>)}</dl>}
      {section.grid && <>{section.grid.lead && <Words of={section.grid.lead} />}<Grid columns={section.grid.columns} rows={section.grid.rows} />{section.grid.notes && <p className="soft small">{section.grid.notes}</p>}</>}
      {section.full && section.full !== section.text && <details><summary>All of it</summary><Words of={section.full} /></details>}
      {section.buttons.length > 0 && <div className="row wrap">{section.buttons.map((button) => <Press key={button.action} of={button} message={message} session={session} />)}</div>}
    </div>
  );
}

function Press({ of: button, message, session }: { of: Button; message: Message; session: string }) {
  const [asking, setAsking] = useState(false);
  const [text, setText] = useState("");
  const press = useAct((words: string) =>
    post(`/sessions/${encodeURIComponent(session)}/messages/${encodeURIComponent(message.id)}/press`, { action: button.action, text: words }),
  );
  const style = { primary: "first", danger: "danger" }[button.style] ?? "";
  return (
    <>
      <button type="button" className={`button ${style}`} disabled={press.isPending} onClick={() => (button.asks ? setAsking(true) : press.mutate(""))}>{button.label}</button>
      {press.error && <Problem text={press.error.message} again={() => { press.reset(); void client.invalidateQueries(); }} />}
      {asking && (
        <Dialog title={button.label} close={() => setAsking(false)}>
          <form className="stack" onSubmit={(event) => { event.preventDefault(); press.mutate(text, { onSuccess: () => setAsking(false) }); }}>
            <label className="field"><span>{button.asks}</span><textarea className="input" autoFocus value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
            <div className="row"><button type="submit" className="button first" disabled={!text.trim() || press.isPending}>Send</button><button type="button" className="button quiet" onClick={() => setAsking(false)}>Not now</button></div>
          </form>
        </Dialog>
      )}
    </>
  );
}
