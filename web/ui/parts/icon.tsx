const PATHS = {
  alert: ["M12 8v5", "M12 16.5v.01", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"],
  archive: ["M4 5h16v4H4z", "M5.5 9v10h13V9", "M10 13h4"],
  bell: ["M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15z", "M10 21h4"],
  muted: [
    "M6 17v-6a6 6 0 0 1 1.2-3.6",
    "M9.5 5.5A6 6 0 0 1 18 11v4",
    "M15.5 18.5h-11L6 17",
    "M10 21h4",
    "m4 3.5 16 17",
  ],
  pin: ["M9 4h6l-.7 6 2.7 3v2H7v-2l2.7-3z", "M12 15v6"],
  unread: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"],
  app: ["M5 5h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z", "M8 15.5V9l4 4 4-4v6.5"],
  back: ["m15 5-7 7 7 7"],
  bin: ["M5 7h14", "M9 7V4h6v3", "m7 7 1 13h8l1-13"],
  block: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "m5.8 5.8 12.4 12.4"],
  /** One shape, with the check cut out of it: it is told from the others without its colour. */
  seen: ["M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19zm-1.4 14.3-4.2-4.2 1.7-1.7 2.5 2.5 5.4-5.4 1.7 1.7z"],
  check: ["m5 13 4 4 10-10"],
  checks: ["m2 13 4 4 9-10", "m11.5 16.5.5.5 9-10"],
  clock: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 7v5l3 2"],
  devices: ["M4 6a1 1 0 0 1 1-1h14a1 1 0 0 1 1 1v9H4z", "M2 19h20"],
  down: ["M12 5v13", "m6 12.5 6 6 6-6"],
  language: [
    "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
    "M3 12h18",
    "M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9s1.2-6.4 3.7-9z",
  ],
  eye: [
    "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z",
    "M12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
  ],
  leave: ["M14 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8", "M10 12h11", "m17 8 4 4-4 4"],
  lock: ["M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z", "M8 11V8a4 4 0 0 1 8 0v3"],
  "lock-open": [
    "M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z",
    "M8 11V7.5a4 4 0 0 1 7.7-1.5",
  ],
  more: ["M12 5v.01", "M12 12v.01", "M12 19v.01"],
  pencil: ["M12 20h8", "m4 20 1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19z"],
  name: [
    "M4 6h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1z",
    "M7 15.5a2.5 2.5 0 0 1 5 0",
    "M9.5 12v-.01",
    "M15 11h3",
    "M15 14.5h3",
  ],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20a7.5 7.5 0 0 1 15 0"],
  copy: ["M9 9h10a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H10a1 1 0 0 1-1-1z", "M5 15V5a1 1 0 0 1 1-1h9"],
  close: ["m6 6 12 12", "M18 6 6 18"],
  info: ["M12 11v5.5", "M12 7.5v.01", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"],
  next: ["m9 5 7 7-7 7"],
  qr: ["M4 4h6v6H4z", "M14 4h6v6h-6z", "M4 14h6v6H4z", "M14 14h2v2", "M20 14v2h-2", "M14 20h2v-2", "M20 20v-.01"],
  phone: ["M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z", "M11 18h2"],
  verified: ["M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6z", "m9 12 2 2 4-4"],
  tablet: ["M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z", "M11 18h2"],
  reply: ["m9 6-5 5 5 5", "M4.5 11H14a6 6 0 0 1 6 6v1"],
  search: ["M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14z", "m20 20-4-4"],
  smile: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M8.5 14a4.2 4.2 0 0 0 7 0", "M9 9.5v.01", "M15 9.5v.01"],
  settings: ["M4 7h10", "M18 7h2", "M16 5v4", "M4 17h2", "M10 17h10", "M8 15v4", "M4 12h5", "M13 12h7", "M11 10v4"],
  forward: ["m15 6 5 5-5 5", "M19.5 11H10a6 6 0 0 0-6 6v1"],
  send: ["M5 12h13", "m12 5 7 7-7 7"],
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing, hidden from people who listen: the control that holds it has a name. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      {PATHS[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}

/** The mark: a niche in a wall. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 64 64" aria-hidden="true">
      <rect class="mark-wall" width="64" height="64" rx="18" />
      <path class="mark-niche" d="M18 48V29a14 14 0 0 1 28 0v19z" />
      <path class="mark-wall" d="M26 48V30.5a6 6 0 0 1 12 0V48z" />
    </svg>
  );
}
