// Where keys lead.

/** @typedef {import("./geometry.js").Pair} Pair */

import { clamp } from "./geometry.js";

/** @type {Record<string, Pair>} Rows down and columns to the right. */
export const ARROWS = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
};

/** Where a key leads from a cell of rows × columns; null for a key that leads nowhere. Home and End
 * jump along the row, with Ctrl to the first and the last cell.
 * @param {{ key: string, ctrlKey?: boolean }} event
 * @param {Pair} cell @param {Pair} shape
 * @returns {Pair | null} */
export function walk({ key, ctrlKey }, [row, col], [rows, cols]) {
  if (key in ARROWS) return [clamp(row + ARROWS[key][0], rows), clamp(col + ARROWS[key][1], cols)];
  if (key === "Home") return [ctrlKey ? 0 : row, 0];
  if (key === "End") return [ctrlKey ? rows - 1 : row, cols - 1];
  return null;
}
