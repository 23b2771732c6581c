// Icons, 20 by 20, drawn as strokes.

const PATHS = {
  now: "M3 10h3l2.5-6 4 12 2-6H17",
  runs: "M5 4.5l10 5.5-10 5.5z",
  chat: "M4 4.5h12v8.5H9l-3.5 3V13H4z",
  agents: "M10 3v2M5.5 7.5h9v7h-9zM8 10.5v1M12 10.5v1M3.5 10v2.500M16.500 10v2.500",
  money: "M3.500 5.500h13v9h-13zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4M6 8v.01M14 12v.01",
  schedules: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M10 6v4.300l2.700 1.600",
  templates: "M4 4h5v5H4zM11 4h5v5h-5zM4 11h5v5H4zM11 13.500h5M13.500 11v5",
  knowledge: "M10 5.500C8.500 4.300 6 4 3.500 4.300v10.900c2.500-.3 5 0 6.500 1.200 1.500-1.200 4-1.500 6.500-1.200V4.300C14 4 11.500 4.300 10 5.500zM10 5.500v10.900",
  audit: "M10 3l6 2.200v4.300c0 3.600-2.400 6-6 7.500-3.600-1.500-6-3.900-6-7.500V5.200zM7.500 10l1.800 1.800L13 8",
  settings: "M4 6h7M14 6h2M4 14h2M9 14h7M12.500 4.300v3.400M7.500 12.300v3.400",
  more: "M4.500 10h.01M10 10h.01M15.500 10h.01",
  warn: "M10 3.500l7 12.500H3zM10 8.500v3.300M10 13.900v.01",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M10 9.300v4M10 6.700v.01",
  check: "M4.500 10.500l3.700 3.700 7.300-8",
  cross: "M5.500 5.500l9 9M14.500 5.500l-9 9",
  pause: "M7 5v10M13 5v10",
  play: "M6.500 4.500l8.500 5.500-8.500 5.500z",
  stop: "M5.500 5.500h9v9h-9z",
  retry: "M15.500 8A6 6 0 1 0 16 11M15.800 4v4h-4",
  file: "M6 3h5.500L15 6.500V17H6zM11.500 3v3.500H15",
  search: "M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11M13.200 13.200L17 17",
  plus: "M10 4.500v11M4.500 10h11",
  minus: "M4.500 10h11",
  fit: "M4 7.500V4h3.500M12.500 4H16v3.500M16 12.500V16h-3.500M7.500 16H4v-3.500",
  back: "M12 4.500L6.500 10l5.500 5.500",
  send: "M3.500 10l13-6-4.500 13-3-5.500z",
  bell: "M6 13V9a4 4 0 0 1 8 0v4l1.300 1.500H4.700zM8.700 16.800h2.600",
  builder: "M3.500 4h5v4h-5zM11.500 12h5v4h-5zM6 8v6h5.500",
  down: "M10 4v9M6 9.500l4 4 4-4M4.500 16.500h11",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
