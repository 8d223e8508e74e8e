// What is marked over the still pictures, always in the one accent.

import { outline, tint } from "./strokes.js";

/** @typedef {import("./viewer.js").View} View */

function startOver({ context, still }) {
  context.drawImage(still, 0, 0);
  return context;
}

export function paintInput(/** @type {View} */ view) {
  const { panels, palette, links } = view;
  const { cell } = panels.input;
  const context = startOver(panels.input);
  if (links.lands) tint(context, links.lands, cell, palette.accent);
  markWindow(view, context, cell, [0, 0]);
  if (links.pixel) outline(context, [...links.pixel, 1, 1], cell, palette.accent, true);
  mark(panels.input.canvas, links.lands);
}

/** The map before its activation has the same cells, but no border. */
export function paintBefore(/** @type {View} */ view) {
  const context = startOver(view.panels.before);
  markWindow(view, context, view.panels.before.cell, view.axes.map((axis) => axis.before));
}

export function paintOutput(/** @type {View} */ view) {
  const { panels, palette, state, links } = view;
  const { cell } = panels.output;
  const context = startOver(panels.output);
  if (links.users) tint(context, links.users, cell, palette.accent);
  outline(context, [...state.cell, 1, 1], cell, palette.accent, Boolean(state.pinned));
  mark(panels.output.canvas, links.users);
}

/** The window's frame, its taps where they lie apart, and the largest value where it is kept. */
function markWindow(/** @type {View} */ view, context, cell, [down, across]) {
  const { window: { rows, cols }, winner, palette, state, axes } = view;
  const [top, left] = [rows[0] - down, cols[0] - across];
  const [tall, wide] = [rows.at(-1) - rows[0] + 1, cols.at(-1) - cols[0] + 1];
  if (axes.some((axis) => axis.step > 1)) {
    const taps = [rows.map((at) => at - down), cols.map((at) => at - across)];
    tint(context, taps, cell, palette.accent);
  }
  outline(context, [top, left, tall, wide], cell, palette.accent, Boolean(state.pinned));
  if (winner < 0) return;
  const [row, col] = [rows[Math.floor(winner / cols.length)], cols[winner % cols.length]];
  outline(context, [row - down, col - across, 1, 1], cell, palette.accent, true);
}

/** Which rows × columns are marked, for whoever asks the page. */
function mark(canvas, cells) {
  const text = cells ? JSON.stringify(cells) : "";
  if (canvas.dataset.marked !== text) canvas.dataset.marked = text;
}
