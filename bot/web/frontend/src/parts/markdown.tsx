// The little Markdown that messages are written in, made into elements: never into HTML text.
import type { ComponentChildren } from "preact";

const INLINE = /(\*\*[^*]+\*\*|`[^`]+`|\*[^*\s][^*]*\*|~~[^~]+~~|\[[^\]]+\]\((?:https?:\/\/|\/)[^)\s]+\)|https?:\/\/[^\s)>\]]+)/g;

export function Words({ of }: { of: string }) {
  return <div className="words">{blocks(of)}</div>;
}

function blocks(text: string): ComponentChildren[] {
  const made: ComponentChildren[] = [];
  const parts = text.split(/```[\w-]*\n?/);
  parts.forEach((part, index) => {
    if (index % 2) made.push(<pre key={made.length} className="said">{part.replace(/\n$/, "")}</pre>);
    else prose(part, made);
  });
  return made;
}

function prose(text: string, made: ComponentChildren[]): void {
  let items: string[] = [];
  let lines: string[] = [];
  const flush = () => {
    if (items.length) made.push(<ul key={made.length}>{items.map((item, at) => <li key={at}>{inline(item)}</li>)}</ul>);
    if (lines.length) made.push(<p key={made.length}>{lines.flatMap((line, at) => (at ? [<br key={`b${at}`} />, ...inline(line)] : inline(line)))}</p>);
    items = [];
    lines = [];
  };
  for (const line of text.split("\n")) {
    const item = /^\s*(?:[-*•])\s+(.*)$/.exec(line);
    const title = /^#{1,4}\s+(.*)$/.exec(line);
    if (item) {
      if (lines.length) flush();
      items.push(item[1] ?? "");
    } else if (title) {
      flush();
      made.push(<p key={made.length}><b>{inline(title[1] ?? "")}</b></p>);
    } else if (!line.trim()) flush();
    else {
      if (items.length) flush();
      lines.push(line.replace(/^>\s?/, ""));
    }
  }
  flush();
}

function inline(text: string): ComponentChildren[] {
  return text.split(INLINE).filter(Boolean).map((part, key) => {
    if (/^\*\*.+\*\*$/.test(part)) return <b key={key}>{part.slice(2, -2)}</b>;
    if (/^`.+`$/.test(part)) return <code key={key}>{part.slice(1, -1)}</code>;
    if (/^~~.+~~$/.test(part)) return <s key={key}>{part.slice(2, -2)}</s>;
    if (/^\*[^*]+\*$/.test(part)) return <em key={key}>{part.slice(1, -1)}</em>;
    const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part);
    if (link) return <a key={key} href={link[2]} rel="noreferrer noopener">{link[1]}</a>;
    if (/^https?:\/\//.test(part)) return <a key={key} href={part} rel="noreferrer noopener">{part}</a>;
    return part.replace(/\\([*_`~[\]<>#|\\])/g, "$1");
  });
}
