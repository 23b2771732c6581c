// What a task made. Words of agents are shown as they are, never as HTML.
import type { Value } from "../types";

const ROWS = 50;

export function Shown({ of: value, run }: { of: Value; run: string }) {
  if (value.kind === "text") return <div className="said">{value.text}</div>;
  if (value.kind === "file") return <a href={`/api/v1/runs/${run}/artifacts/${value.digest}`} download={value.path.split("/").pop()}>{value.path}</a>;
  if (value.kind === "json") return <pre className="said">{JSON.stringify(value.value, null, 2)}</pre>;
  return (
    <div className="stack tight">
      <Grid columns={value.columns} rows={value.rows.slice(0, ROWS)} />
      {value.total_rows > Math.min(ROWS, value.rows.length) && <p className="soft small">The first {Math.min(ROWS, value.rows.length)} of {value.total_rows} rows.</p>}
      {value.notes.map((note) => <p key={note} className="soft small">{note}</p>)}
    </div>
  );
}

export function Grid({ columns, rows }: { columns: string[]; rows: unknown[][] }) {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Table">
      <table className="table">
        <thead><tr>{columns.map((column, at) => <th key={at} scope="col" className={numeric(rows, at) ? "right" : ""}>{column}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{row.map((cell, at) => <td key={at} className={numeric(rows, at) ? "num right" : ""}>{show(cell)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const FIGURE = /^[-+]?[$€£]?[\d.,]+ ?%?$/;

/** Whether a column holds figures: they stand under each other, on the right. */
const numeric = (rows: unknown[][], at: number) =>
  rows.length > 0 && rows.every((row) => typeof row[at] === "number" || row[at] === null || FIGURE.test(String(row[at])));

const show = (cell: unknown) => (cell === null || cell === undefined ? "–" : typeof cell === "number" ? cell.toLocaleString("en-US") : String(cell));
