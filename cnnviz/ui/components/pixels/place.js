// Which part of the picture the numbers show, how large its numbers are, and where
// the frame is at first.

import { pixelRatio } from "../lib/canvas.js";
import { between, isInside, textSize, wholeSide } from "../lib/geometry.js";
import { roomIn } from "../lib/nodes.js";

/** @typedef {import("./pixels.js").View} View */

const NARROW = 760; // as in pixels.css

const TEXT = { wide: 15, narrow: 13 }; // CSS pixels that numbers want by default …
export const LEAST = { wide: 14, narrow: 11 }; // … and that they have at least

/** How many pixels a side the frame can show. */
const LADDER = [2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 192, 256, 384, 512, 768];

export function sidesOf(/** @type {View} */ { picture }) {
  const longest = Math.max(picture.shape[1], picture.shape[2]);
  return [...LADDER.filter((side) => side < longest), longest];
}

export const isNarrow = (/** @type {View} */ { root }) => root.clientWidth <= NARROW;

/** Forget what another picture's size has made impossible. */
export function fitState(/** @type {View} */ view) {
  const { state, picture } = view;
  const [channels, rows, cols] = picture.shape;
  if (String(state.shape ?? picture.shape) !== String(picture.shape)) {
    Object.assign(state, {
      isPlaced: false, cell: null, draft: null, sent: null, queue: [],
    });
  }
  state.shape = [channels, rows, cols];
  const isOutside = ([row, col]) => row >= rows || col >= cols;
  if (state.pinned && isOutside(state.pinned)) {
    state.pinned = null;
    view.report("cell", null);
  }
  if (state.pinned) state.cell = state.pinned;
  else if (state.cell && isOutside(state.cell)) state.cell = null;
}

/** The part of the picture that the numbers show. */
export function regionOf(/** @type {View} */ { state, picture }) {
  const [, height, width] = picture.shape;
  const [rows, cols] = [Math.min(state.side, height), Math.min(state.side, width)];
  const top = between(state.corner[0], 0, height - rows);
  const left = between(state.corner[1], 0, width - cols);
  return { top, left, rows, cols };
}

/** The pixel that is read, if it is inside the frame. */
export function visible(/** @type {View} */ view) {
  const { top, left, rows, cols } = regionOf(view);
  const [row, col] = view.state.cell;
  return isInside([row - top, col - left], [rows, cols]) ? view.state.cell : undefined;
}

/** Until a person moves it, the frame is where most happens, and as large as numbers fit. */
export function place(/** @type {View} */ view) {
  const { state, picture } = view;
  const [, height, width] = picture.shape;
  if (state.isPlaced || (view.placed === picture && textFits(view, state.side, LEAST))) return;
  view.placed = picture;
  const fitting = sidesOf(view).filter((side) => textFits(view, side, TEXT));
  state.side = fitting.at(-1) ?? sidesOf(view)[0];
  const [rows, cols] = [Math.min(state.side, height), Math.min(state.side, width)];
  if (state.pinned) {
    state.corner = cornerAround(state.pinned, [rows, cols]);
    return;
  }
  const change = changeOf(picture);
  state.corner = busiest(change, [height, width], [rows, cols]);
  if (!state.cell || !visible(view)) state.cell = steepest(change, width, state.corner, [rows, cols]);
}

export const cornerAround = ([row, col], [rows, cols]) => [
  row - Math.floor(rows / 2), col - Math.floor(cols / 2),
];

/** How much the levels change around each pixel, all channels together. */
export function changeOf({ raw, shape: [channels, rows, cols] }) {
  const change = new Float64Array(rows * cols);
  for (let c = 0; c < channels; c++)
    for (let row = 0, i = 0; row < rows; row++)
      for (let col = 0; col < cols; col++, i++) {
        const here = c * rows * cols + i;
        const [west, east] = [here - Number(col > 0), here + Number(col < cols - 1)];
        const [north, south] = [here - (row > 0 ? cols : 0), here + (row < rows - 1 ? cols : 0)];
        change[i] += Math.abs(raw[east] - raw[west]) + Math.abs(raw[south] - raw[north]);
      }
  return change;
}

/** Corner of the rows × cols window with the most change, from sums over all corners. */
export function busiest(change, [height, width], [rows, cols]) {
  const wide = width + 1;
  const sums = new Float64Array((height + 1) * wide);
  for (let row = 0; row < height; row++)
    for (let col = 0, line = 0; col < width; col++) {
      line += change[row * width + col];
      sums[(row + 1) * wide + col + 1] = sums[row * wide + col + 1] + line;
    }
  let [best, corner] = [-1, [0, 0]];
  for (let row = 0; row + rows <= height; row++)
    for (let col = 0; col + cols <= width; col++) {
      const [a, b] = [row * wide + col, (row + rows) * wide + col];
      const inside = sums[b + cols] - sums[b] - sums[a + cols] + sums[a];
      if (inside > best * (1 + 1e-9)) [best, corner] = [inside, [row, col]];
    }
  return corner;
}

/** The pixel inside a window where most changes; of equals the one nearest to the middle. */
export function steepest(change, width, [top, left], [rows, cols]) {
  let [best, nearest, cell] = [-1, 0, [top, left]];
  for (let row = top; row < top + rows; row++)
    for (let col = left; col < left + cols; col++) {
      const value = change[row * width + col];
      const off = Math.hypot(row - top - (rows - 1) / 2, col - left - (cols - 1) / 2);
      if (value > best || (value === best && off < nearest))
        [best, nearest, cell] = [value, off, [row, col]];
    }
  return cell;
}

// ---------------------------------------------------------------- room for numbers

/** Whether numbers have the size asked for when the frame shows `side` pixels a side. */
function textFits(/** @type {View} */ view, side, wanted) {
  const [, height, width] = view.picture.shape;
  const [rows, cols] = [Math.min(side, height), Math.min(side, width)];
  const { cell } = cellsOf(view, view.planes[0], rows, cols);
  return textSize(longestText(view), cell) >= wanted[isNarrow(view) ? "narrow" : "wide"] * pixelRatio();
}

export const longestText = (/** @type {View} */ { picture }) => (picture.unit === 255 ? 3 : 5); // "255", "131.5"

/** Side of a cell and width of the counted margins, in device pixels. */
export function cellsOf(/** @type {View} */ { picture }, { card }, rows, cols) {
  const ratio = pixelRatio();
  const digits = String(Math.max(picture.shape[1], picture.shape[2]) - 1).length;
  const grows = document.fullscreenElement ? 1.5 : 1;
  const margin = {
    text: 13 * ratio * grows,
    left: Math.round((8 * digits + 8) * ratio * grows),
    top: Math.round(20 * ratio * grows),
    far: Math.round(6 * ratio), // room for the highlight of the last pixel
  };
  const room = roomIn(card) * ratio - margin.left - margin.far;
  const tall = (document.fullscreenElement ? 0.7 * window.innerHeight : 440) * ratio - margin.top - margin.far;
  const most = Math.min(room, tall);
  const exact = Math.min(most / Math.max(rows, cols), 72 * ratio * grows);
  const cell = wholeSide(exact);
  const side = Math.min(most, 72 * ratio * grows * rows);
  return { cell, margin, height: rows === cols ? side + margin.top + margin.far : 0 };
}
