const PATHS = {
  clip: ["m20 11.5-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.7 17.2a1.7 1.7 0 0 1-2.4-2.4l7.2-7.3"],
  file: ["M7 3h7l4 4v13a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z", "M14 3v4h4"],
  save: ["M12 4v11", "m7 10.5 5 5 5-5", "M5 20h14"],
  bigger: ["M12 5v14", "M5 12h14"],
  smaller: ["M5 12h14"],
  microphone: ["M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z", "M5.5 11.5a6.5 6.5 0 0 0 13 0", "M12 18v3"],
  play: ["M8 5.5v13l10.5-6.5z"],
  pause: ["M9 6v12", "M15 6v12"],
  stop: ["M7 7h10v10H7z"],
  again: ["M18.5 12a6.5 6.5 0 1 1-1.9-4.6L19 9.8", "M19 5v4.8h-4.8"],
  camera: [
    "M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z",
    "M12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  ],
} as const;

/** As `Icon` of `icon.tsx`: drawings that no first screen has. */
export function FileIcon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      {PATHS[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
