// The way in: a one-time link from the terminal; no password anywhere.
import { useState } from "react";
import { post } from "./api";
import { Icon } from "./parts/icons";

export function Login({ problem = "" }: { problem?: string }) {
  const [code] = useState(() => new URLSearchParams(location.search).get("code") ?? "");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(problem);

  async function enter() {
    setBusy(true);
    try {
      await post("/login", { code });
      // A fresh start: the code must not stay in the address or in the history.
      location.replace("/");
    } catch (error) {
      setRefused((error as Error).message);
      setBusy(false);
    }
  }

  return (
    <main className="login">
      <div className="card">
        <img src="/icon.svg" alt="" />
        <h1>{code && !refused ? "Welcome to Orchestra" : "Sign in to Orchestra"}</h1>
        {refused && (
          <p className="note warn" role="alert">
            <Icon name="warn" /> <span>{refused}</span>
          </p>
        )}
        {code && !refused ? (
          <>
            <p className="soft">Your link works once, for this browser.</p>
            <button type="button" className="button first" disabled={busy} onClick={() => void enter()}>
              {busy ? "Opening…" : "Open Orchestra"}
            </button>
          </>
        ) : (
          <>
            <p className="soft">Run this where Orchestra runs and open the link it prints. A link works once and for a minute.</p>
            <pre className="card pad">orchestra web</pre>
            {refused && (
              <button type="button" className="button" onClick={() => location.replace("/")}>
                Try again
              </button>
            )}
          </>
        )}
      </div>
    </main>
  );
}
