/** A QR code for a terminal: two rows of modules a line, dark on light by colours of its own, whatever the terminal's are. */
import { encodeQR } from "qr";

const QUIET_MODULES = 2;
const BLACK_ON_WHITE = "\u001b[30;107m";
const AS_BEFORE = "\u001b[0m";
/** By upper and lower module. */
const BLOCKS = { "": " ", upper: "▀", lower: "▄", both: "█" } as const;

/** @returns lines with colours; for a terminal alone */
export function qrLines(text: string): readonly string[] {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET_MODULES });
  const lines: string[] = [];
  for (let at = 0; at < rows.length; at += 2) {
    const [upper = [], lower = []] = [rows[at], rows[at + 1]];
    const blocks = upper.map((dark, column) => block(dark, lower[column] === true));
    lines.push(`${BLACK_ON_WHITE}${blocks.join("")}${AS_BEFORE}`);
  }
  return lines;
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? BLOCKS.both : BLOCKS.upper;
  return lower ? BLOCKS.lower : BLOCKS[""];
}
