// How it's set up, where each value comes from, and the big switch.
import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { get, post } from "../api";
import type { Settings } from "../types";
import { project, query, signedOut, useAct, useMe } from "../live/data";
import { useStore } from "../live/store";
import { Icon } from "../parts/icons";
import { Words } from "../parts/markdown";
import { Ask, Dialog, Empty, Facts, Note, Page, Part, Problem } from "../parts/pieces";

export function SettingsPage() {
  const me = useMe();
  const chosen = useStore(project);
  const into = chosen || me.data?.projects.find((each) => each.here)?.id || "";
  const settings = useQuery({ queryKey: ["settings", into], queryFn: () => get<Settings>(`/settings${query({ project: into })}`) });
  const leave = useAct(() => post("/logout"), () => "");
  return (
    <Page title="Settings" about={settings.data && <>Project {settings.data.project}{settings.data.file && <>, set in <code>{settings.data.file}</code></>}</>}
      actions={<button type="button" className="button" onClick={() => leave.mutate(undefined, { onSuccess: () => signedOut.set(true) })}>Sign out</button>}>
      <Ask of={settings}>{(known) => (
        <>
          <Switch of={known} into={into} />
          <section className="card pad"><Facts of={[["You are", me.data?.name ?? ""], ["Your role", known.role], ["Models", me.data?.offline ? "None connected: offline" : "Connected"], ["Version", me.data?.version ?? ""]]} /></section>
          <Part title="Every setting, and why it's so">
            {known.items.length ? (
              <ul className="card list">{known.items.map((item) => (
                <li key={item.name}><div className="line"><span className="grow stack tight" style={{ gap: "1px" }}><span><code>{item.name}</code></span>{item.why && <div className="soft small"><Words of={item.why} /></div>}</span><span className="stack tight" style={{ justifyItems: "end", gap: "1px", textAlign: "right" }}><b style={{ fontWeight: 550 }}>{item.value}</b><span className="soft small">{item.source}</span></span></div></li>
              ))}</ul>
            ) : <Empty title="No settings to show" />}
          </Part>
        </>
      )}</Ask>
    </Page>
  );
}

function Switch({ of: settings, into }: { of: Settings; into: string }) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const stop = useAct(() => post(`/projects/${into}/stop`, { reason }), () => "Stopped. Nothing new starts until you release it.");
  const release = useAct(() => post(`/projects/${into}/release`), () => "Released. Work goes on.");
  const failed = stop.error ?? release.error;
  return (
    <>
      {failed && <Problem text={failed.message} />}
      {settings.stopped ? (
        <div className="note bad"><Icon name="pause" /><span className="grow">All work in {settings.project} is stopped.</span><button type="button" className="button small" disabled={release.isPending} onClick={() => release.mutate(undefined)}>Release</button></div>
      ) : (
        <Note icon="play"><div className="row wrap"><span className="grow">Work in {settings.project} may run.</span><button type="button" className="button small danger" onClick={() => setAsking(true)}>Stop all work…</button></div></Note>
      )}
      {asking && (
        <Dialog title={`Stop all work in ${settings.project}?`} close={() => setAsking(false)}>
          <form className="stack" onSubmit={(event) => { event.preventDefault(); stop.mutate(undefined, { onSuccess: () => setAsking(false) }); }}>
            <p>Nothing new starts, and no effect happens, until it's released.</p>
            <label className="field"><span>Why</span><input className="input" autoFocus value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
            <div className="row"><button type="submit" className="button first">Stop all work</button><button type="button" className="button quiet" onClick={() => setAsking(false)}>Not now</button></div>
          </form>
        </Dialog>
      )}
    </>
  );
}
