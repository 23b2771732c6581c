// The frame of every page: where one can go, whether it's live, what was just done.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import type { Me } from "./types";
import { follow, project, said, useOverview } from "./live/data";
import { line } from "./live/news";
import { useStore } from "./live/store";
import { Icon, type IconName } from "./parts/icons";
import { many } from "./parts/words";

interface Place { path: string; name: string; icon: IconName }

export const WORK: Place[] = [
  { path: "/", name: "Now", icon: "now" },
  { path: "/chat", name: "Chat", icon: "chat" },
  { path: "/runs", name: "Runs", icon: "runs" },
  { path: "/schedules", name: "Schedules", icon: "schedules" },
  { path: "/templates", name: "Templates", icon: "templates" },
];
export const KEEP: Place[] = [
  { path: "/agents", name: "Agents", icon: "agents" },
  { path: "/money", name: "Money", icon: "money" },
  { path: "/knowledge", name: "Knowledge", icon: "knowledge" },
  { path: "/audit", name: "Audit", icon: "audit" },
  { path: "/settings", name: "Settings", icon: "settings" },
];
const THUMB: Place[] = [...WORK.slice(0, 3), { path: "/more", name: "More", icon: "more" }];

export function Shell({ me, children }: { me: Me; children: ComponentChildren }) {
  const [path] = useLocation();
  const chosen = useStore(project);
  const overview = useOverview(chosen);
  const words = useStore(said);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const cursor = overview.data?.cursor;
  const followed = useRef(false);

  useEffect(() => {
    if (cursor === undefined || followed.current) return;
    followed.current = true;
    follow(cursor);
  }, [cursor]);

  // A new page starts at its top, with the focus on it, as a page load would.
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);

  const yours = overview.data?.waiting.filter((waiting) => waiting.yours).length ?? 0;
  const running = overview.data?.runs.length ?? 0;
  const here = (place: Place) => (place.path === "/" ? path === "/" || path.startsWith("/plans") : path.startsWith(place.path) || (place.path === "/templates" && path.startsWith("/builder")));

  return (
    <>
      <a className="skip" href="#main">Skip to the page</a>
      <header className="topbar">
        <Link className="brand grow" href="/"><img src="/icon.svg" alt="" /> Orchestra</Link>
        <LiveBadge />
      </header>
      <div className="shell">
        <nav className="rail" aria-label="Pages">
          <Link className="brand" href="/"><img src="/icon.svg" alt="" /> Orchestra</Link>
          <Projects me={me} />
          <p className="group">Work</p>
          {WORK.map((place) => <Item key={place.path} place={place} here={here(place)} count={place.path === "/" ? yours : 0} />)}
          <p className="group">Behind it</p>
          {KEEP.map((place) => <Item key={place.path} place={place} here={here(place)} count={0} />)}
          <div className="who stack tight">
            <LiveBadge />
            <span className="cut">{me.name} · version {me.version}</span>
          </div>
        </nav>
        <main className="main" id="main" tabIndex={-1} ref={main}>{children}</main>
      </div>
      <nav className="tabs" aria-label="Main pages">
        {THUMB.map((place) => (
          <Link key={place.path} href={place.path} aria-current={here(place) ? "page" : undefined}>
            <Icon name={place.icon} size={20} />
            {place.name}
            {place.path === "/" && <Count of={yours} />}
          </Link>
        ))}
      </nav>
      <p className="sr" aria-live="polite">
        {words || (overview.data ? `${many(running, "run")} under way, ${yours} waiting for you` : "")}
      </p>
      {words && <div className="toast" aria-hidden="true">{words}</div>}
    </>
  );
}

function Item({ place, here, count }: { place: Place; here: boolean; count: number }) {
  return (
    <Link className="item" href={place.path} aria-current={here ? "page" : undefined}>
      <Icon name={place.icon} /> <span className="grow">{place.name}</span> <Count of={count} />
    </Link>
  );
}

function Count({ of }: { of: number }) {
  return of > 0 ? <span className="count">{of}<span className="sr"> waiting for you</span></span> : null;
}

export function Projects({ me }: { me: Me }) {
  const chosen = useStore(project);
  const open = me.projects.filter((each) => !each.archived);
  if (open.length < 2) return null;
  return (
    <label>
      <span className="sr">Project</span>
      <select className="input" value={chosen} onChange={(event) => project.set(event.currentTarget.value)}>
        <option value="">All projects</option>
        {open.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
      </select>
    </label>
  );
}

function LiveBadge() {
  const state = useStore(line);
  const words = { joining: "Connecting…", live: "Live", lost: "Not live – reconnecting" }[state];
  return (
    <span className={`live ${state}`}>
      <span className="dot" /> {words}
    </span>
  );
}
