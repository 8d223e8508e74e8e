// How cards are painted: filter and map once, the outlined cell over them.

import { blank, centreText, frame, grid, painted, pixelRatio, sizeCanvas } from "../lib/canvas.js";
import { endsOf, inkOn } from "../lib/colours.js";
import { longest, textSize, wholeSide } from "../lib/geometry.js";
import { element, legend, roomIn } from "../lib/nodes.js";
import { fill } from "../lib/words.js";

/** @typedef {import("./maps.js").View} View */

const TALLEST = { filter: 110, map: 250 }; // CSS pixels
const LEAST_TEXT = 9; // CSS pixels below which numbers are left out
const GAP = 5; // CSS pixels between planes
const ARROW = 20; // CSS pixels between filter and map
const INDICES = 256; // colours of a scale

export function paintAll(/** @type {View} */ view) {
  const { items, each, state } = view;
  each.setAttribute("aria-pressed", String(state.isEach));
  showChosen(view);
  const room = Math.min(...items.map(({ card }) => roomIn(card)));
  const ratio = pixelRatio();
  const tallest = document.fullscreenElement ? { filter: 200, map: 460 } : TALLEST;
  for (const item of items) item.filter = filterSize(item, room * ratio, tallest.filter * ratio);
  const top = Math.max(...items.map(({ filter }) => filter.height)); // maps stand in one line
  for (const item of items) {
    layOut(item, room, top, { ratio, tallest: tallest.map });
    item.still = stillOf(view, item, top, ratio);
    showScales(view, item);
    paint(view, item);
  }
}

export function showChosen(/** @type {View} */ { items, state }) {
  items.forEach(({ card, button, canvas }, n) => {
    card.classList.toggle("chosen", n === state.chosen);
    button.setAttribute("aria-pressed", String(n === state.chosen));
    canvas.tabIndex = n === state.at ? 0 : -1; // the maps share one cell: one stop for the key
  });
}

/** Side of a weight's cell, in device pixels, and what the planes take beside each other. */
function filterSize({ weights: { shape: [planes, rows, cols] } }, room, tallest) {
  const gap = Math.round(GAP * pixelRatio());
  const exact = Math.min((room - (planes - 1) * gap) / (planes * cols), tallest / Math.max(rows, cols));
  const cell = wholeSide(exact);
  return { cell, gap, width: planes * cols * cell + (planes - 1) * gap, height: rows * cell };
}

/** Size the canvas, and place the map below the filter and its arrow. */
function layOut(item, room, top, { ratio, tallest }) {
  const { canvas, rows, cols } = item;
  const exact = Math.min((room * ratio) / cols, (tallest * ratio) / Math.max(rows, cols));
  const cell = wholeSide(exact);
  const y = Math.round(top + ARROW * ratio);
  sizeCanvas(canvas, Math.max(1, Math.floor(room * ratio)), Math.ceil(y + rows * cell));
  item.place = { cell, x: Math.floor((canvas.width - cols * cell) / 2), y };
  const { x } = item.place;
  Object.assign(canvas.dataset, { x: x / ratio, y: y / ratio, cell: cell / ratio });
}

function stillOf(/** @type {View} */ view, item, top, ratio) {
  const still = blank(item.canvas.width, item.canvas.height);
  const context = still.getContext("2d");
  paintFilter(view, item, context, top, ratio);
  const middle = still.width / 2;
  centreText(context, 14 * ratio);
  context.fillStyle = getComputedStyle(view.root).color;
  context.fillText("↓", middle, top + (ARROW / 2) * ratio);
  const { cell, x, y } = item.place;
  const { rows, cols } = item;
  context.imageSmoothingEnabled = cell < 1; // every value is a square; what must shrink is averaged
  context.imageSmoothingQuality = "high";
  context.drawImage(mapBitmap(view, item), x, y, cols * cell, rows * cell);
  if (cell >= 7 * ratio) grid(context, rows, cols, cell, view.palette.grid, x, y);
  if (cell >= 24 * ratio) numberMap(view, item, context, ratio);
  return still;
}

function paintFilter(/** @type {View} */ { weightTint, palette }, item, context, top, ratio) {
  const { weights: { raw, shape: [planes, rows, cols] }, weightPeak, labels, filter } = item;
  const { cell, gap, width, height } = filter;
  const left = Math.round((context.canvas.width - width) / 2);
  const y0 = top - height;
  const size = textSize(longest(labels), cell);
  const isLegible = labels.length > 0 && size >= LEAST_TEXT * ratio;
  centreText(context, size);
  for (let plane = 0; plane < planes; plane++) {
    const x0 = left + plane * (cols * cell + gap);
    for (let n = 0; n < rows * cols; n++) {
      const [x, y] = [x0 + (n % cols) * cell, y0 + Math.floor(n / cols) * cell];
      const i = plane * rows * cols + n;
      const colour = weightTint(raw[i] / weightPeak);
      context.fillStyle = `rgb(${colour})`;
      context.fillRect(x, y, cell, cell);
      if (!isLegible) continue;
      context.fillStyle = inkOn(colour);
      context.fillText(labels[i], x + cell / 2, y + cell / 2);
    }
    grid(context, rows, cols, cell, palette.grid, x0, y0);
  }
}

/** A signed scale as a table of colours, each the four bytes of a pixel: maps are large. */
export function coloursOf(tint) {
  const bytes = new Uint8Array(4 * INDICES);
  for (let i = 0; i < INDICES; i++) {
    bytes.set([...tint((2 * i) / (INDICES - 1) - 1), 255], 4 * i);
  }
  return new Uint32Array(bytes.buffer);
}

/** The largest absolute value that a map's colours reach to. */
const limitOf = (/** @type {View} */ { state, peak }, item) => (state.isEach ? item.peak : peak);

function indexOf(/** @type {View} */ view, item) {
  const scale = (INDICES - 1) / 2 / limitOf(view, item);
  return (value) => Math.round((INDICES - 1) / 2 + value * scale);
}

function mapBitmap(/** @type {View} */ view, item) {
  const { rows, cols, valueAt } = item;
  const index = indexOf(view, item);
  return painted(rows, cols, ({ data }) => {
    const pixels = new Uint32Array(data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = view.mapColours[index(valueAt(i))];
  });
}

function numberMap(/** @type {View} */ view, item, context, ratio) {
  const { rows, cols, valueAt, place: { x, y, cell } } = item;
  const texts = Array.from({ length: rows * cols }, (_, i) => view.number(valueAt(i), item.peak));
  const size = textSize(longest(texts), cell);
  if (size < LEAST_TEXT * ratio) return;
  centreText(context, size);
  const index = indexOf(view, item);
  const bytes = new Uint8Array(view.mapColours.buffer);
  texts.forEach((text, i) => {
    const at = 4 * index(valueAt(i));
    context.fillStyle = inkOn([...bytes.subarray(at, at + 3)]);
    context.fillText(text, x + ((i % cols) + 0.5) * cell, y + (Math.floor(i / cols) + 0.5) * cell);
  });
}

/** Two legends and the range: what the colours of filter and map reach to. */
function showScales(/** @type {View} */ view, item) {
  const { palette, number, header: { words } } = view;
  const scale = (title, limit, ends) => {
    const most = number(limit, limit);
    const made = legend(`−${most}`, `+${most}`, endsOf(palette, ends));
    made.title = title;
    return made;
  };
  const told = { low: number(item.low, item.peak), high: number(item.high, item.peak) };
  item.scales.replaceChildren(
    scale(words.weights, item.weightPeak, "weight"),
    scale(words.map, limitOf(view, item), "map"),
    element("p", "range", fill(words.range, told)),
  );
}

/** What was painted once, and the cell that is read, framed; tiny cells get a frame to be seen. */
export function paint(/** @type {View} */ view, { canvas, still, place, rows, cols }) {
  if (!still) return; // not painted yet
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(still, 0, 0);
  const { cell } = view.state;
  if (!cell || cell[0] >= rows || cell[1] >= cols) return;
  const ratio = pixelRatio();
  const side = Math.max(place.cell, 7 * ratio);
  const [x, y] = [1, 0].map((axis) => (cell[axis] + 0.5) * place.cell - side / 2);
  const box = [place.x + x, place.y + y, side, side];
  frame(context, box, view.palette.accent, 2 * ratio, 2 * ratio, "#fff");
}
