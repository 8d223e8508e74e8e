// How the big pictures are painted: still ones once, what is marked over them.

import { blank, centreText, fitCells, grid, pixelRatio, scaled } from "../lib/canvas.js";
import { inkOn, rgb } from "../lib/colours.js";
import { longest, textSize } from "../lib/geometry.js";
import { roomIn } from "../lib/nodes.js";
import { fitBoards, paintBoards, writeWindow } from "./boards.js";
import { countsAlong, kindAlong, linksOf, windowAt, winnerOf } from "./geometry.js";
import { paintBefore, paintInput, paintOutput } from "./marks.js";
import { colourOf, raster } from "./ramps.js";
import { hatch } from "./strokes.js";
import { lightTerms, updateSum } from "./sum.js";
import { showPlace, tell } from "./words.js";

/** @typedef {import("./viewer.js").View} View */

const LEAST_INSERTED = 3; // CSS pixels below which an inserted zero is not painted

export function paintAll(/** @type {View} */ view) {
  const { panels } = view;
  for (const panel of Object.values(panels)) panel.room = roomIn(panel.card); // before any changes
  for (const name of ["before", "input", "output"]) {
    const panel = panels[name];
    if (!panel) continue;
    const [, rows, cols] = view[name].shape;
    const most = document.fullscreenElement ? 0.6 * window.innerHeight : 460;
    const width = Math.min(panel.room, (most * cols) / Math.max(rows, cols));
    panel.cell = fitCells(panel.canvas, rows, cols, width);
    panel.context = panel.canvas.getContext("2d");
    panel.canvas.dataset.shape = JSON.stringify([rows, cols]);
    panel.still = stillPicture(view, name, panel);
  }
  fitBoards(view);
  view.painted = null; // nothing of what is on screen holds any more
  paintMoving(view);
}

/** What changes when the window moves, or when something else is pointed at. */
export function paintMoving(/** @type {View} */ view) {
  const { state, panels } = view;
  const hasMoved = view.painted !== String(state.cell);
  if (hasMoved) {
    view.painted = String(state.cell);
    view.window = windowAt(view, state.cell);
    view.winner = view.header.op === "max" ? winnerOf(view.window.values) : -1;
    updateSum(view);
    writeWindow(view);
  }
  view.links = linksOf(view);
  paintInput(view);
  if (panels.before) paintBefore(view);
  paintOutput(view);
  paintBoards(view);
  lightTerms(view);
  showPlace(view);
  tell(view);
}

// ---------------------------------------------------------------- still

/** Pixels, grid and hatching of a big panel, painted once for all positions of the window. */
function stillPicture(/** @type {View} */ view, name, panel) {
  const { cell, canvas } = panel;
  const still = blank(canvas.width, canvas.height);
  const context = still.getContext("2d");
  const [, rows, cols] = view[name].shape;
  const ratio = pixelRatio();
  const isTiny = cell < LEAST_INSERTED * ratio;
  panel.small = raster(view, name);
  if (name === "input" && isTiny && isStuffed(view)) spread(view, context, cell);
  else scaled(context, panel.small, [0, 0, still.width, still.height]);
  if (name === "input") hatchInput(view, context, cell, isTiny);
  if (cell >= 7 * ratio) grid(context, rows, cols, cell, view.palette.grid);
  if (cell >= 30 * ratio && !(name === "input" && view.isColour)) numbersOn(view, name, context, cell);
  return still;
}

const isStuffed = (/** @type {View} */ { axes }) => axes.some(({ stuffing }) => stuffing > 1);

/** Where inserted zeros are too small to be seen, the picture's pixels take their room. */
function spread(/** @type {View} */ view, context, cell) {
  const [rows, cols] = view.axes;
  const long = ({ size, stuffing }) => (size + stuffing - 1) * cell;
  const place = [cols.before * cell, rows.before * cell, long(cols), long(rows)];
  scaled(context, raster(view, "input", view.picture), place);
}

/** Border in its mode, inserted zeros, and what no window reaches: each hatched in its own way. */
function hatchInput(/** @type {View} */ { header, axes, palette, veil }, context, cell, isTiny) {
  const stripes = (isMeant) => axes.flatMap((axis, n) => {
    const beyond = axes[1 - n].length;
    const found = Array.from({ length: axis.length }, (_, at) => at).filter((at) => isMeant(axis, at));
    return found.map((at) => (n ? [0, at, beyond, 1] : [at, 0, 1, beyond]));
  });
  const kind = (wanted) => stripes((axis, at) => kindAlong(axis, at) === wanted);
  const isReal = !["zeros", "empty"].includes(header.border);
  const solid = { veil: palette.neutral, lines: palette.hatch };
  if (!isTiny) hatch(context, kind("inserted"), cell, { ...solid, alpha: 1, slope: -1 });
  hatch(context, kind("border"), cell, { ...solid, alpha: isReal ? 0.3 : 1, slope: 1 });
  const unused = stripes((axis, at) => !axis.users[at].length);
  const crossed = { veil: `rgb(${veil})`, lines: palette.hatch, alpha: 0.6, sparse: 2 };
  hatch(context, unused, cell, { ...crossed, slope: 1 });
  hatch(context, unused, cell, { ...crossed, alpha: 0, slope: -1 });
}

function numbersOn(/** @type {View} */ view, name, context, cell) {
  const { raw, unit, shape } = view[name];
  const cols = shape[2];
  const texts = Array.from(raw.subarray(0, shape[1] * cols), (value, i) => {
    const isThere = name !== "input" || countsAt(view, [Math.floor(i / cols), i % cols]);
    return isThere ? view.number((value / unit) * view.header.unit) : "";
  });
  centreText(context, textSize(longest(texts), cell));
  texts.forEach((text, i) => {
    const at = [Math.floor(i / cols), i % cols];
    const hatched = name === "input" && hatchedColour(view, at);
    context.fillStyle = inkOn(hatched || colourOf(view.ramps[name], raw[i] / unit));
    context.fillText(text, (at[1] + 0.5) * cell, (at[0] + 0.5) * cell);
  });
}

/** Whether there is a number at all: a pooling's border is empty, unless it counts as zeros. */
function countsAt(/** @type {View} */ { header, axes }, at) {
  return header.op === "conv" || axes.every((axis, n) => countsAlong(axis, at[n]));
}

/** What hatching leaves to be seen of a cell of the input; nothing where it is not hatched over. */
function hatchedColour(/** @type {View} */ { axes, palette, header, veil }, at) {
  if (axes.some((axis, n) => !axis.users[at[n]].length)) return veil;
  if (axes.every((axis, n) => kindAlong(axis, at[n]) === "picture")) return null;
  return ["zeros", "empty"].includes(header.border) ? rgb(palette.neutral) : null;
}
