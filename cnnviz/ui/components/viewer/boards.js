// The numbers under the window and the weights: one board a plane.

import { blank, centreText, fitCells, grid, pixelRatio } from "../lib/canvas.js";
import { inkOn, rgb } from "../lib/colours.js";
import { longest, textSize } from "../lib/geometry.js";
import { kindAlong } from "./geometry.js";
import { colourOf } from "./ramps.js";
import { hatch, outline } from "./strokes.js";

/** @typedef {import("./viewer.js").View} View */

export const MANY = 1024; // cells above which a board is a picture, without numbers

const LEAST = 9; // CSS pixels below which nobody reads a number

/** CSS pixels at which the longest of some texts fills a cell. */
const sizeOf = (texts, cell) => textSize(longest(texts), cell) / pixelRatio();

/** Give every board its size: the largest window that there is. */
export function fitBoards(/** @type {View} */ view) {
  const { panels, axes } = view;
  const [tall, wide] = axes.map((axis) => axis.most);
  const planes = view.input.shape[0];
  const isFull = Boolean(document.fullscreenElement);
  const most = Math.max(14 * planes * tall, isFull ? 0.66 * window.innerHeight : 480);
  const side = Math.min(isFull ? 110 : 64, most / (tall * planes));
  for (const panel of [panels.window, panels.kernel]) {
    if (!panel) continue;
    for (const board of panel.boards) {
      board.cell = fitCells(board.canvas, tall, wide, Math.min(panel.room, side * wide));
      board.context = board.canvas.getContext("2d");
      board.still = blank(board.canvas.width, board.canvas.height);
    }
  }
  if (panels.kernel) writeWeights(view);
}

function writeWeights(/** @type {View} */ view) {
  const { weight, header, panels, ramps } = view;
  const [, tall, wide] = weight.shape;
  const colours = Array.from(weight.raw, (value) => colourOf(ramps.weight, value));
  const { cell } = panels.kernel.boards[0];
  const labels = [header.weight_labels, header.short_labels].find((each) => sizeOf(each, cell) >= LEAST);
  panels.kernel.boards.forEach((board, plane) => {
    const part = [plane * tall * wide, (plane + 1) * tall * wide];
    writeBoard(view, board, tall, wide, colours.slice(...part), labels?.slice(...part) ?? []);
  });
}

/** The values that the window covers now; what is no pixel of the picture is hatched. */
export function writeWindow(/** @type {View} */ view) {
  const { window: covered, axes, panels, header, ramps, palette } = view;
  const [tall, wide] = [covered.rows.length, covered.cols.length];
  const area = tall * wide;
  if (area > MANY) return cutOut(view, panels.window.boards[0]);
  const kinds = [covered.rows, covered.cols].map((taps, n) => taps.map((at) => kindAlong(axes[n], at)));
  const isForeign = (i) =>
    kinds[0][Math.floor(i / wide)] !== "picture" || kinds[1][i % wide] !== "picture";
  const foreign = Array.from({ length: area }, (_, i) => i).filter(isForeign);
  const { cell } = panels.window.boards[0];
  if (!foreign.length && view.input.unit === 255 && Number.isInteger(cell)) return stampWindow(view);
  const boxes = foreign.map((i) => [Math.floor(i / wide), i % wide, 1, 1]);
  const isSolid = ["zeros", "empty"].includes(header.border);
  panels.window.boards.forEach((board, plane) => {
    const values = covered.values.slice(plane * area, (plane + 1) * area);
    const colours = values.map((value) => colourOf(ramps.input, value ?? 0));
    if (isSolid) for (const i of foreign) colours[i] = rgb(palette.neutral);
    const texts = covered.texts.slice(plane * area, (plane + 1) * area);
    writeBoard(view, board, tall, wide, colours, texts, boxes);
  });
}

/** Pixels have 256 levels: each is written once on a sheet, and copied from then on. */
function stampWindow(/** @type {View} */ view) {
  const { window: covered, panels } = view;
  const [tall, wide] = [covered.rows.length, covered.cols.length];
  const { cell } = panels.window.boards[0];
  const sheet = sheetOf(view, cell);
  panels.window.boards.forEach((board, plane) => {
    const context = wipe(board);
    const picture = context.createImageData(wide * cell, tall * cell);
    const pixels = new Uint32Array(picture.data.buffer);
    for (let i = 0; i < tall * wide; i++) {
      const level = Math.round(255 * covered.values[plane * tall * wide + i]);
      let to = Math.floor(i / wide) * cell * wide * cell + (i % wide) * cell;
      for (let row = level * cell; row < (level + 1) * cell; row++, to += wide * cell) {
        pixels.set(sheet.subarray(row * cell, (row + 1) * cell), to);
      }
    }
    context.putImageData(picture, 0, 0);
    grid(context, tall, wide, cell, view.palette.grid);
  });
}

/** The pixels of 256 cells below each other, one a level; the last sheet is kept. */
function sheetOf(/** @type {View} */ view, cell) {
  const { header, ramps, state, palette } = view;
  const key = [cell, header.unit, header.locale, ramps.input.isGrey || palette.map_high].join();
  if (state.sheet?.key === key) return state.sheet.pixels;
  const canvas = blank(cell, 256 * cell);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const colours = Array.from({ length: 256 }, (_, level) => colourOf(ramps.input, level / 255));
  const texts = colours.map((_, level) => view.number((level / 255) * header.unit));
  const size = sizeOf(texts, cell);
  centreText(context, size * pixelRatio());
  colours.forEach((colour, level) => {
    context.fillStyle = `rgb(${colour})`;
    context.fillRect(0, level * cell, cell, cell);
    context.fillStyle = inkOn(colour);
    if (size >= LEAST) context.fillText(texts[level], cell / 2, (level + 0.5) * cell);
  });
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  state.sheet = { key, pixels: new Uint32Array(data.buffer) };
  return state.sheet.pixels;
}

/** A window too large for numbers, cut out of the picture; such ones have their taps side by side. */
function cutOut(/** @type {View} */ view, board) {
  const { rows, cols } = view.window;
  const context = wipe(board);
  context.imageSmoothingEnabled = false;
  const [tall, wide] = [rows.length, cols.length];
  const size = [wide * board.cell, tall * board.cell];
  context.drawImage(view.panels.input.small, cols[0], rows[0], wide, tall, 0, 0, ...size);
}

function writeBoard(/** @type {View} */ view, board, tall, wide, colours, texts, hatched = []) {
  const { cell } = board;
  const context = wipe(board);
  colours.forEach((colour, i) => {
    context.fillStyle = colour.css ??= `rgb(${colour})`; // tables of colours remember it
    context.fillRect((i % wide) * cell, Math.floor(i / wide) * cell, cell, cell);
  });
  hatch(context, hatched, cell, { veil: "#000", lines: view.palette.hatch, alpha: 0, slope: 1 });
  grid(context, tall, wide, cell, view.palette.grid);
  const size = sizeOf(texts, cell);
  if (size < LEAST) return;
  centreText(context, size * pixelRatio());
  texts.forEach((text, i) => {
    context.fillStyle = colours[i].ink ??= inkOn(colours[i]);
    context.fillText(text, ((i % wide) + 0.5) * cell, (Math.floor(i / wide) + 0.5) * cell);
  });
}

/** The boards with what is pointed at marked on both, and the largest value where it is kept. */
export function paintBoards(/** @type {View} */ view) {
  const { panels, winner, links, window: covered } = view;
  const area = covered.rows.length * covered.cols.length;
  for (const panel of [panels.window, panels.kernel]) {
    panel?.boards.forEach((board, plane) => {
      const marked = links.taps.filter((tap) => Math.floor(tap / area) === plane);
      if (panel === panels.window && winner >= 0) marked.push(winner);
      if (board.marked === String(marked)) return; // and not written anew since
      board.marked = String(marked);
      markBoard(view, board, marked);
    });
  }
}

function markBoard(/** @type {View} */ { palette, window: covered }, { context, still, canvas, cell }, marked) {
  const [tall, wide] = [covered.rows.length, covered.cols.length];
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(still, 0, 0);
  for (const tap of marked) {
    outline(context, [Math.floor(tap / wide) % tall, tap % wide, 1, 1], cell, palette.accent);
  }
}

/** Start a board anew; it is written out of sight, which is twice as fast as where it shows. */
function wipe(board) {
  const context = board.still.getContext("2d");
  context.clearRect(0, 0, board.still.width, board.still.height);
  board.marked = null;
  return context;
}
