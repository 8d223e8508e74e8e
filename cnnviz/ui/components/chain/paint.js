// How the maps of a chain are painted: still pictures once, outlines over them.

import { bitmap, blank, blowUp, fitCells, frame, pixelRatio } from "../lib/canvas.js";
import { between } from "../lib/geometry.js";
import { roomIn } from "../lib/nodes.js";
import { fieldsOf, onMap } from "./fields.js";

/** @typedef {import("./chain.js").View} View */

const MOST = 300; // CSS pixels that a map may be tall or wide

export function paintAll(/** @type {View} */ view) {
  const rooms = view.stages.map(({ card }) => roomIn(card)); // before any of them changes
  view.stages.forEach((drawn, index) => {
    const { rows, cols } = view.header.stages[index];
    const most = document.fullscreenElement ? 0.35 * window.innerHeight : MOST;
    const width = Math.min(rooms[index], (most * cols) / Math.max(rows, cols));
    drawn.cell = fitCells(drawn.canvas, rows, cols, width);
    drawn.still = stillOf(view, index);
    paint(view, index);
  });
}

function stillOf(/** @type {View} */ view, index) {
  const { header, maps, stages } = view;
  const { kind, rows, cols, peak } = header.stages[index];
  const { raw, unit } = maps[index];
  const grey = (i) => Array(3).fill(Math.round((raw[i] / unit) * 255));
  const colour = kind === "pixels" ? grey : (i) => view.tint(raw[i] / unit / peak);
  const { canvas } = stages[index];
  const still = blank(canvas.width, canvas.height);
  blowUp(still.getContext("2d"), bitmap(rows, cols, colour));
  return still;
}

/** The map, and around what is seen of it the outline that a cell has everywhere. */
export function paint(/** @type {View} */ view, index) {
  const { canvas, still, cell } = view.stages[index];
  if (!still?.width) return; // not painted yet
  const context = canvas.getContext("2d");
  context.drawImage(still, 0, 0);
  const { at, depth } = view.state;
  if (index > at.stage || index < at.stage - depth) return;
  const part = onMap(view.header.stages[index], fieldsOf(view.header.stages, at)[index]);
  if (!part) return;
  const [top, bottom, left, right] = part;
  const line = 2 * pixelRatio();
  const box = [left * cell, top * cell, (right - left + 1) * cell, (bottom - top + 1) * cell];
  frame(context, within(box, line / 2, canvas), view.palette.accent, line);
}

/** A box that is not cut off by the canvas, and is never too small to be seen. */
function within(/** @type {number[]} */ [x, y, width, height], margin, canvas) {
  const least = 3 * margin;
  const fit = (start, size, all) => {
    const wide = Math.min(Math.max(size, least), all - 2 * margin);
    return [between(start + (size - wide) / 2, margin, all - margin - wide), wide];
  };
  const [[left, wide], [top, tall]] = [fit(x, width, canvas.width), fit(y, height, canvas.height)];
  return [left, top, wide, tall];
}
