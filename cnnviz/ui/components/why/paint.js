// Canvases of the question: the picture it saw, its map, the patches and kernels.

import {
  bitmap, blank, blowUp, centreText, fitCells, frame, grid, pixelRatio,
} from "../lib/canvas.js";
import { inkOn, rgb } from "../lib/colours.js";
import { between, textSize } from "../lib/geometry.js";
import { roomIn } from "../lib/nodes.js";

/** @typedef {import("./why.js").View} View */

const LARGEST = { saw: 260, map: 260, patch: 132 }; // CSS pixels
const LEAST_TEXT = 30; // device-independent pixels of a cell that numbers fit in

export function paintAll(/** @type {View} */ view) {
  paintSaw(view);
  const { rows, cols } = view.header.map;
  const width = Math.min(roomIn(view.map.card), (LARGEST.map * cols) / Math.max(rows, cols));
  view.map.cell = fitCells(view.map.canvas, rows, cols, width);
  view.map.still = stillOf(view.map.canvas, mapBitmap(view));
  paintMap(view, null);
  for (const drawn of view.planes ?? []) paintPlane(view, drawn, null);
}

function stillOf(canvas, small) {
  const still = blank(canvas.width, canvas.height);
  blowUp(still.getContext("2d"), small);
  return still;
}

function mapBitmap(/** @type {View} */ { header: { map }, arrays, mapTint }) {
  const { raw } = arrays.map;
  const colour = map.kind === "pixels"
    ? (i) => Array(3).fill(Math.round(255 * raw[i]))
    : (i) => mapTint((raw[i] ?? 0) / map.peak);
  return bitmap(map.rows, map.cols, colour);
}

export function paintMap(/** @type {View} */ { map: { canvas, still, cell }, header, palette }, at) {
  if (!still?.width) return;
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(still, 0, 0);
  const [row, col] = header.map.cell;
  enclose(context, palette.accent, col * cell, row * cell, cell, cell, 3);
  if (at) enclose(context, palette.accent, at[1] * cell, at[0] * cell, cell, cell, 1.5);
}

/** A frame that stays inside the canvas, and is never too small to be seen. */
function enclose(context, colour, x, y, width, height, line) {
  const ratio = pixelRatio();
  const thick = line * ratio;
  const least = 4 * thick;
  const wide = Math.min(Math.max(width, least), context.canvas.width);
  const tall = Math.min(Math.max(height, least), context.canvas.height);
  const left = between(x + (width - wide) / 2, 0, context.canvas.width - wide);
  const top = between(y + (height - tall) / 2, 0, context.canvas.height - tall);
  const box = [left + thick / 2, top + thick / 2, wide - thick, tall - thick];
  frame(context, box, colour, thick, 2 * ratio);
}

/** The picture, how strongly each pixel moves the number, and around all that it can see a frame. */
function paintSaw(/** @type {View} */ view) {
  const { saw: { card, canvas }, header: { field }, arrays: { picture, effective }, palette } = view;
  const [planes, rows, cols] = picture.shape;
  const width = Math.min(roomIn(card), (LARGEST.saw * cols) / Math.max(rows, cols));
  const cell = fitCells(canvas, rows, cols, width);
  const size = rows * cols;
  const ink = rgb(palette.accent);
  const colour = (i) => {
    const share = effective ? (0.85 * effective.raw[i]) / 255 : 0;
    return [0, 1, 2].map((channel) => {
      const level = (255 * picture.raw[(planes === 3 ? channel : 0) * size + i]) / picture.unit;
      return Math.round(level * (1 - share) + ink[channel] * share);
    });
  };
  const context = canvas.getContext("2d");
  blowUp(context, bitmap(rows, cols, colour));
  if (!field) return;
  const [top, left, height, wide] = field;
  const [first, last] = [Math.max(0, top), Math.min(rows, top + height)];
  const [start, end] = [Math.max(0, left), Math.min(cols, left + wide)];
  if (last > first && end > start) {
    enclose(context, palette.accent, start * cell, first * cell, (end - start) * cell, (last - first) * cell, 2.5);
  }
}

export function paintPlane(/** @type {View} */ view, { index, box, patch, kernel }, at) {
  const { header, arrays, mapTint, weightTint, palette } = view;
  const [rows, cols] = [header.rows.length, header.cols.length];
  const size = rows * cols;
  const most = (LARGEST.patch * cols) / Math.max(rows, cols);
  const boards = [[patch, arrays.patch.raw, mapTint, header.patch_peak]];
  if (kernel) boards.push([kernel, arrays.kernel.raw, weightTint, header.kernel_peak]);
  for (const [canvas, raw, tint, peak] of boards) {
    const cell = fitCells(canvas, rows, cols, header.planes.length > 4 ? most * 0.53 : most);
    const context = canvas.getContext("2d");
    const colourOf = canvas === patch && header.is_pixels
      ? (i) => Array(3).fill(Math.round(255 * raw[index * size + i]))
      : (i) => tint(raw[index * size + i] / peak);
    blowUp(context, bitmap(rows, cols, colourOf));
    grid(context, rows, cols, cell, palette.grid);
    writeCells(view, context, { cell, colourOf, peak }, (i) => raw[index * size + i]);
    if (canvas === patch) markCells(view, context, cell);
    if (at) enclose(context, palette.accent, at[1] * cell, at[0] * cell, cell, cell, 2);
  }
  box.classList.toggle("lit", Boolean(at));
}

/** Numbers in the cells where they fit. */
function writeCells(/** @type {View} */ { header, number }, context, { cell, colourOf, peak }, valueOf) {
  const ratio = pixelRatio();
  if (cell / ratio < LEAST_TEXT) return;
  const parts = 10 ** Math.max(2, 1 - Math.floor(Math.log10(peak))); // two digits of the largest
  header.rows.forEach((_, row) => header.cols.forEach((__, col) => {
    const i = row * header.cols.length + col;
    const text = number(Math.round(valueOf(i) * parts) / parts, peak);
    const side = Math.min(textSize(text.length, cell), 15 * ratio);
    centreText(context, side);
    context.fillStyle = inkOn(colourOf(i));
    context.fillText(text, (col + 0.5) * cell, (row + 0.5) * cell);
  }));
}

/** Padding is hatched, the winner of a max pooling outlined. */
function markCells(/** @type {View} */ { header, palette }, context, cell) {
  context.fillStyle = palette.hatch;
  header.rows.forEach((row, i) => header.cols.forEach((col, j) => {
    if (row >= 0 && col >= 0) return;
    context.globalAlpha = 0.55;
    context.fillRect(j * cell, i * cell, cell, cell);
    context.globalAlpha = 1;
  }));
  if (header.winner) {
    const [row, col] = header.winner;
    enclose(context, palette.accent, col * cell, row * cell, cell, cell, 2);
  }
}
