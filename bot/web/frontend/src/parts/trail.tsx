import type { AuditRow } from "../types";
import { When } from "./pieces";
import { capital } from "./words";

export function AuditTable({ of }: { of: AuditRow[] }) {
  return (
    <ul className="card list">
      {of.map((row) => (
        <li key={row.seq}>
          <div className="line">
            <span className="soft num small">{row.seq}</span>
            <span className="grow stack tight" style={{ gap: "1px" }}>
              <span>{capital(row.action.replaceAll(".", " ").replaceAll("_", " "))}</span>
              <span className="soft small cut">{[row.actor_name || row.actor, row.project_name, row.ids.door && `by ${row.ids.door}`, row.object.slice(0, 24)].filter(Boolean).join(" · ")}</span>
            </span>
            <span className="soft small"><When at={row.at} /></span>
          </div>
        </li>
      ))}
    </ul>
  );
}
