// The state of a run, task or agent: always an icon and a word, never only a colour.

type Look = { className: string; glyph: string; word: string };

const LOOKS: Record<string, Look> = {
  waiting: { className: "idle", glyph: "", word: "Waiting" },
  ready: { className: "idle", glyph: "", word: "Ready" },
  running: { className: "running", glyph: "run", word: "Running" },
  paused: { className: "paused", glyph: "M8 7v6M12 7v6", word: "Paused" },
  asking: { className: "asking", glyph: "M8 8.200c0-2.800 4.200-2.600 4.200 0 0 1.600-2.200 1.600-2.200 3M10 13.500v.01", word: "Asks" },
  succeeded: { className: "succeeded", glyph: "M6.700 10.300l2.300 2.300 4.400-4.900", word: "Succeeded" },
  failed: { className: "failed", glyph: "M7.500 7.500l5 5M12.500 7.500l-5 5", word: "Failed" },
  cancelled: { className: "idle", glyph: "M7 10h6", word: "Cancelled" },
  skipped: { className: "idle", glyph: "M7 7.500l2.500 2.500L7 12.500M11 7.500l2.500 2.500-2.500 2.500", word: "Skipped" },
  ok: { className: "ok", glyph: "M6.700 10.300l2.300 2.300 4.400-4.900", word: "Healthy" },
  resting: { className: "resting", glyph: "M8 7v6M12 7v6", word: "Resting" },
  trial: { className: "resting", glyph: "M8 8.200c0-2.800 4.200-2.600 4.200 0 0 1.600-2.200 1.600-2.200 3M10 13.500v.01", word: "On trial" },
  down: { className: "down", glyph: "M7.500 7.500l5 5M12.500 7.500l-5 5", word: "Off" },
};

export function look(state: string): Look {
  return LOOKS[state] ?? { className: "idle", glyph: "", word: state };
}

export function StateIcon({ state, size = 18 }: { state: string; size?: number }) {
  const { className, glyph } = look(state);
  const running = glyph === "run";
  return (
    <svg
      className={`state ${className}`}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <circle cx="10" cy="10" r="7.2" stroke-opacity={running ? 0.25 : 1} stroke-dasharray={glyph ? "none" : "2.6 2.4"} />
      {running ? <path className="spin" d="M10 2.800a7.200 7.200 0 0 1 7.200 7.200" /> : glyph && <path d={glyph} />}
    </svg>
  );
}

export function State({ state, word }: { state: string; word?: string }) {
  const known = look(state);
  return (
    <span className={`state ${known.className}`}>
      <StateIcon state={state} />
      {word ?? known.word}
    </span>
  );
}
