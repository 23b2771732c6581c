// Which page is shown. Each comes in a file of its own, fetched when it's first looked at.
import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Shell } from "./shell";
import { Login } from "./login";
import { Loading, Problem } from "./parts/pieces";
import { useMe, signedOut } from "./live/data";
import { useStore } from "./live/store";
import { Now } from "./pages/now";

const Runs = lazy(() => import("./pages/runs").then((page) => ({ default: page.Runs })));
const Run = lazy(() => import("./pages/run").then((page) => ({ default: page.Run })));
const Plan = lazy(() => import("./pages/plan").then((page) => ({ default: page.Plan })));
const Chat = lazy(() => import("./pages/chat").then((page) => ({ default: page.Chat })));
const Agents = lazy(() => import("./pages/agents").then((page) => ({ default: page.Agents })));
const Money = lazy(() => import("./pages/money").then((page) => ({ default: page.MoneyPage })));
const Schedules = lazy(() => import("./pages/schedules").then((page) => ({ default: page.Schedules })));
const Templates = lazy(() => import("./pages/templates").then((page) => ({ default: page.Templates })));
const Builder = lazy(() => import("./pages/builder").then((page) => ({ default: page.Builder })));
const Knowledge = lazy(() => import("./pages/knowledge").then((page) => ({ default: page.Knowledge })));
const Audit = lazy(() => import("./pages/audit").then((page) => ({ default: page.Audit })));
const Settings = lazy(() => import("./pages/settings").then((page) => ({ default: page.SettingsPage })));
const More = lazy(() => import("./pages/more").then((page) => ({ default: page.More })));
const Missing = lazy(() => import("./pages/more").then((page) => ({ default: page.Missing })));

export function App() {
  const [path] = useLocation();
  const out = useStore(signedOut);
  if (out || path === "/login") return <Login />;
  return <Inside />;
}

/** Nothing can be shown without the server; it's asked again by itself. */
function Away({ text, again }: { text: string; again: () => void }) {
  return <main className="main"><div className="page"><h1>Orchestra is away</h1><Problem text={text} again={again} /></div></main>;
}

function Inside() {
  const me = useMe();
  if (me.isPending) return <Loading of="Orchestra" />;
  if (me.isError && !me.data) return <Away text={me.error.message} again={() => void me.refetch()} />;
  return (
    <Shell me={me.data}>
      <Suspense fallback={<Loading of="page" />}>
        <Switch>
          <Route path="/" component={Now} />
          <Route path="/runs" component={Runs} />
          <Route path="/runs/:id">{({ id }) => <Run key={id} id={id} />}</Route>
          <Route path="/plans/:hash">{({ hash }) => <Plan key={hash} hash={hash} />}</Route>
          <Route path="/chat/:session?">{({ session }) => <Chat session={session ?? ""} />}</Route>
          <Route path="/agents/:name?">{({ name }) => <Agents name={name ?? ""} />}</Route>
          <Route path="/money" component={Money} />
          <Route path="/schedules" component={Schedules} />
          <Route path="/templates/:name?">{({ name }) => <Templates name={name ?? ""} />}</Route>
          <Route path="/builder/:name?">{({ name }) => <Builder key={name} name={name ?? ""} />}</Route>
          <Route path="/knowledge" component={Knowledge} />
          <Route path="/audit" component={Audit} />
          <Route path="/settings" component={Settings} />
          <Route path="/more" component={More} />
          <Route component={Missing} />
        </Switch>
      </Suspense>
    </Shell>
  );
}
