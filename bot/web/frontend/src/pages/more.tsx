import { Link } from "wouter";
import { useMe } from "../live/data";
import { Icon } from "../parts/icons";
import { Empty, Page } from "../parts/pieces";
import { KEEP, Projects, WORK } from "../shell";

export function More() {
  const me = useMe();
  return (
    <Page title="More" about={me.data && `${me.data.name} · version ${me.data.version}`}>
      {me.data && <Projects me={me.data} />}
      <ul className="card list">
        {[...WORK.slice(3), ...KEEP].map((place) => (
          <li key={place.path}><Link className="line" href={place.path}><Icon name={place.icon} size={20} /> <span className="grow">{place.name}</span></Link></li>
        ))}
      </ul>
    </Page>
  );
}

export function Missing() {
  return (
    <Page title="There's no such page">
      <Empty title="Nothing is at this address"><span>It may have been moved or deleted.</span><Link className="button" href="/">See what's going on now</Link></Empty>
    </Page>
  );
}
