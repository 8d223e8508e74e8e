// How picture, planes, numbers and histogram are painted: still parts once, what moves over them.

import {
  blank, centreText, fitCells, frame, grid, painted, pixelRatio, scaled, sizeCanvas,
} from "../lib/canvas.js";
import { inkOn } from "../lib/colours.js";
import { between, isInside, textSize } from "../lib/geometry.js";
import { roomIn } from "../lib/nodes.js";
import { fill } from "../lib/words.js";
import { paintHistogram } from "./histogram.js";
import { CHANNELS, countLevels, levelOf } from "./levels.js";
import { cellsOf, isNarrow, LEAST, longestText, place, regionOf, sidesOf } from "./place.js";
import { tell } from "./words.js";

/** @typedef {import("./pixels.js").View} View */

export function paintAll(/** @type {View} */ view) {
  const { whole, planes, state } = view;
  const [, rows, cols] = view.picture.shape;
  place(view);
  view.counts = countLevels(view.picture);
  whole.small = pictureOf(view, state.on);
  whole.cell = fitCells(whole.canvas, rows, cols, widthOfWhole(view));
  for (const plane of planes) {
    const mask = plane.isColour ? [0, 1, 2].map((c) => c === plane.channel) : [true, true, true];
    plane.small = plane.isColour ? pictureOf(view, mask) : whole.small;
    showSwitch(view, plane);
  }
  paintRegion(view);
}

function widthOfWhole(/** @type {View} */ { whole, picture }) {
  const [, rows, cols] = picture.shape;
  const most = document.fullscreenElement ? 0.7 * window.innerHeight : 400;
  const side = Math.min(64 * Math.max(rows, cols), most);
  return Math.min(roomIn(whole.card), (side * cols) / Math.max(rows, cols));
}

/** The picture with some of its planes, one image pixel a pixel. */
function pictureOf(/** @type {View} */ { picture }, on) {
  const [channels, rows, cols] = picture.shape;
  const scale = 255 / picture.unit;
  return painted(rows, cols, ({ data }) => {
    for (let c = 0; c < 3; c++) {
      if (channels === 3 && !on[c]) continue;
      const start = channels === 3 ? c * rows * cols : 0;
      for (let i = 0; i < rows * cols; i++) data[4 * i + c] = picture.raw[start + i] * scale;
    }
    for (let i = 3; i < data.length; i += 4) data[i] = 255;
  });
}

function showSwitch(/** @type {View} */ { header, state, palette }, { button, word, card, channel }) {
  if (!button) return;
  const isOn = state.on[channel];
  button.setAttribute("aria-pressed", String(isOn));
  button.style.setProperty("--plane", palette[`plane_${CHANNELS[channel]}`]);
  word.textContent = header.words[isOn ? "on" : "off"];
  card.classList.toggle("is-off", !isOn);
}

// ---------------------------------------------------------------- the region

export function paintRegion(/** @type {View} */ view) {
  const { header: { words }, planes, whole, state } = view;
  const region = regionOf(view);
  const { top, left, rows, cols } = region;
  for (const plane of planes) {
    paintMatrix(view, plane, region);
    if (plane.thumb) paintThumb(view, plane, region);
  }
  view.extent.textContent = fill(words.region, { rows, cols });
  const last = { bottom: top + rows - 1, right: left + cols - 1 };
  view.place.textContent = fill(words.place, { top, left, ...last });
  const sides = sidesOf(view);
  view.in.disabled = state.side <= sides[0];
  view.out.disabled = state.side >= sides.at(-1);
  placeFrame(whole, region);
  paintMoving(view);
}

function placeFrame({ frame: { style }, canvas, cell }, { top, left, rows, cols }) {
  const scale = cell / pixelRatio();
  style.left = `${canvas.offsetLeft + left * scale}px`;
  style.top = `${canvas.offsetTop + top * scale}px`;
  style.width = `${cols * scale}px`;
  style.height = `${rows * scale}px`;
}

/** The region, enlarged, numbers in its cells, its rows and columns counted along two sides. */
function paintMatrix(/** @type {View} */ view, plane, region) {
  const { top, left, rows, cols } = region;
  const { cell, margin, height } = cellsOf(view, plane, rows, cols);
  const ratio = pixelRatio();
  const still = blank(
    margin.left + Math.round(cell * cols) + margin.far,
    margin.top + Math.round(cell * rows) + margin.far,
  );
  const context = still.getContext("2d");
  context.globalAlpha = plane.isColour && !view.state.on[plane.channel] ? 0.3 : 1;
  const to = [margin.left, margin.top, cell * cols, cell * rows];
  scaled(context, plane.small, to, [left, top, cols, rows]);
  if (cell >= 7 * ratio) grid(context, rows, cols, cell, view.palette.grid, margin.left, margin.top);
  const text = textSize(longestText(view), cell);
  const isLegible = text >= LEAST[isNarrow(view) ? "narrow" : "wide"] * ratio;
  if (isLegible) numbersOn(view, context, plane, region, { cell, margin, text });
  context.globalAlpha = 1;
  sizeCanvas(plane.canvas, still.width, still.height);
  plane.holder.style.minHeight = `${height / ratio}px`;
  plane.note.textContent = isLegible ? "" : view.header.words.too_small;
  Object.assign(plane, { cell, margin, still });
  Object.assign(plane.canvas.dataset, {
    ...region, cell: cell / ratio, x: margin.left / ratio, y: margin.top / ratio, legible: isLegible,
  });
}

function numbersOn(/** @type {View} */ view, context, { channel, isColour }, region, { cell, margin, text }) {
  centreText(context, text);
  for (let row = 0; row < region.rows; row++)
    for (let col = 0; col < region.cols; col++) {
      const level = levelOf(view, channel, [region.top + row, region.left + col]);
      context.fillStyle = inkOn([0, 1, 2].map((c) => (isColour && c !== channel ? 0 : level)));
      const [x, y] = [margin.left + (col + 0.5) * cell, margin.top + (row + 0.5) * cell];
      context.fillText(view.brief(level), x, y);
    }
}

/** Numbers of rows and columns beside the matrix; those of the pixel that is read stand out. */
function countAlong(/** @type {View} */ view, context, { cell, margin }, region) {
  const { palette, state } = view;
  const plain = getComputedStyle(view.root).color;
  const label = (n, here, x, y, align) => {
    context.fillStyle = here ? palette.accent : plain;
    context.font = `${here ? 700 : 400} ${margin.text}px ui-monospace, monospace`;
    context.textAlign = align;
    context.fillText(n, x, y);
  };
  context.textBaseline = "middle";
  const wide = margin.text * 0.62 * String(region.left + region.cols).length + margin.text * 0.6;
  const axis = (start, count, here, least, put) => {
    const every = Math.max(1, Math.ceil(least / cell));
    for (let n = 0; n < count; n++) {
      const isHere = start + n === here;
      const isNear = !isHere && Math.abs(start + n - here) * cell < least && here >= start && here < start + count;
      if (isHere || (n % every === 0 && !isNear)) put(start + n, n, isHere);
    }
  };
  axis(region.top, region.rows, state.cell[0], margin.text * 1.15, (n, at, here) =>
    label(n, here, margin.left - margin.text * 0.35, margin.top + (at + 0.5) * cell, "right"));
  axis(region.left, region.cols, state.cell[1], wide, (n, at, here) =>
    label(n, here, margin.left + (at + 0.5) * cell, margin.top / 2, "center"));
}

function paintThumb(/** @type {View} */ view, { thumb, small }, { top, left, rows, cols }) {
  const [, height, width] = view.picture.shape;
  const side = document.fullscreenElement ? 150 : 84;
  const wanted = (Math.min(side, 64 * Math.max(height, width)) * width) / Math.max(height, width);
  const cell = fitCells(thumb, height, width, wanted);
  const context = thumb.getContext("2d");
  scaled(context, small, [0, 0, thumb.width, thumb.height]);
  const box = [left * cell, top * cell, cols * cell, rows * cell];
  frame(context, box, view.palette.accent, 2.5 * pixelRatio(), 2.5 * pixelRatio(), "#fff");
}

// ---------------------------------------------------------------- what moves

export function paintMoving(/** @type {View} */ view) {
  const { whole, planes, state, palette } = view;
  const [row, col] = state.cell;
  const context = whole.canvas.getContext("2d");
  const { width, height } = whole.canvas;
  scaled(context, whole.small, [0, 0, width, height]);
  outline(context, col * whole.cell, row * whole.cell, whole.cell, palette.accent, state.pinned);
  const region = regionOf(view);
  for (const plane of planes) {
    const over = plane.canvas.getContext("2d");
    const { cell, margin, still } = plane;
    over.clearRect(0, 0, still.width, still.height);
    over.drawImage(still, 0, 0);
    countAlong(view, over, plane, region);
    const [down, right] = [row - region.top, col - region.left];
    if (!isInside([down, right], [region.rows, region.cols])) continue;
    const [x, y] = [margin.left + right * cell, margin.top + down * cell];
    outline(over, x, y, cell, palette.accent, state.pinned);
  }
  paintHistogram(view);
  tell(view);
}

/** One pixel, framed; where pixels are tiny the frame stays large enough to be seen. */
function outline(context, x, y, cell, colour, isPinned) {
  const ratio = pixelRatio();
  const side = Math.max(cell, 8 * ratio);
  const line = between(cell / 10, 2 * ratio, 3 * ratio) * (isPinned ? 1.4 : 1);
  const wide = side + line; // around the pixel, not over its number
  const box = [x + cell / 2 - wide / 2, y + cell / 2 - wide / 2, wide, wide];
  frame(context, box, colour, line, 2 * ratio, "#fff");
}
