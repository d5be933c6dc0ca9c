const ROWS = [72, 54, 81, 63, 47, 70];

/** Grey shapes in place of rows that are being loaded. */
export function RowShapes() {
  return (
    <div class="shapes" aria-hidden="true">
      {ROWS.map((width) => (
        <div key={width} class="shape-row">
          <span class="shape shape-round" />
          <span class="shape-lines">
            <span class="shape" style={{ "inline-size": `${width / 2}%` }} />
            <span class="shape" style={{ "inline-size": `${width}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}

const BUBBLES = [
  { width: 46, mine: false },
  { width: 30, mine: false },
  { width: 52, mine: true },
  { width: 24, mine: true },
  { width: 38, mine: false },
];

/** Grey shapes in place of messages that are being loaded. */
export function BubbleShapes() {
  return (
    <div class="shapes shapes-bubbles" aria-hidden="true">
      {BUBBLES.map((bubble) => (
        <span
          key={bubble.width}
          class={bubble.mine ? "shape shape-bubble shape-mine" : "shape shape-bubble"}
          style={{ "inline-size": `${bubble.width}%` }}
        />
      ))}
    </div>
  );
}
