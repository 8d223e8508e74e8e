// Painting a wall: how its maps are laid out, and each stage's canvas.

import { bitmap, blank, blowUp, pictureBitmap, pixelRatio } from "../lib/canvas.js";
import { signedValue } from "../lib/colours.js";
import { roomIn } from "../lib/nodes.js";
import { cellFrom } from "../lib/pointer.js";

/** @typedef {import("./wall.js").View} View */
/** @typedef {import("./wall.js").WallStage} Stage */

const LEAST_SIDE = 54; // CSS pixels below which maps wrap onto the next line
const NARROW = 480; // as in wall.css: the chain runs downwards
const NEAR = 800; // CSS pixels above and below the window within which stages are painted
const MANY = 24; // maps, beyond which each is smaller: to see a layer at a glance is worth more
const LEAST_OF_MANY = 30; // CSS pixels

/** The map of a stage that is marked, if it has it. */
export const chosenOf = (/** @type {View} */ { header }, /** @type {Stage} */ stage) =>
  header.chosen?.layer === stage.id ? header.chosen.channel : null;

/** How many maps side by side, and the side of one, in device pixels. */
export function layoutOf(/** @type {View} */ view, /** @type {Stage} */ stage) {
  const drawn = view.stages.find((one) => one.stage === stage);
  const ratio = pixelRatio();
  const room = Math.max(40, roomIn(drawn.card)) * ratio;
  const gap = Math.round(4 * ratio);
  const least = ratio * (stage.count > MANY ? LEAST_OF_MANY : LEAST_SIDE);
  const fitting = Math.max(1, Math.floor((room + gap) / (least + gap)));
  const isNarrow = view.root.clientWidth < NARROW;
  const wanted = isNarrow ? Math.max(fitting, stage.columns ?? 1) : (stage.columns ?? fitting);
  const lines = Math.ceil(stage.count / Math.min(wanted, stage.count));
  const columns = Math.ceil(stage.count / lines);
  const exact = Math.min(
    (stage.side * ratio) / Math.max(stage.rows, stage.cols),
    (room - gap * (columns - 1)) / columns / stage.cols,
  );
  const cell = exact >= 2 * ratio ? Math.floor(exact) : exact;
  const [width, height] = [cell * stage.cols, cell * stage.rows].map((n) => Math.max(1, Math.round(n)));
  return { columns, gap, width, height };
}

export function mapUnder(/** @type {View} */ view, /** @type {Stage} */ stage, canvas, event) {
  const { columns, gap, width, height } = layoutOf(view, stage);
  const [row, col] = cellFrom(event, canvas, { tall: height + gap, wide: width + gap });
  const index = row * columns + Math.min(col, columns - 1);
  return index >= 0 && index < stage.count ? index : null;
}

/** Paint what is in view or near it, and the rest when it comes near: networks can be large. */
export function paintAll(/** @type {View} */ view) {
  view.state.near?.disconnect();
  view.state.near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) paintAnew(view, view.stages.find(({ canvas }) => canvas === target));
    }
  }, { rootMargin: `${NEAR}px` });
  for (const drawn of view.stages.filter(({ canvas }) => canvas)) {
    fitMaps(view, drawn);
    const { top, bottom } = drawn.canvas.getBoundingClientRect();
    if (bottom > -NEAR && top < window.innerHeight + NEAR) paintAnew(view, drawn);
    else view.state.near.observe(drawn.canvas);
  }
}

function paintAnew(/** @type {View} */ view, drawn) {
  view.state.near.unobserve(drawn.canvas);
  drawn.still = stillOf(view, drawn.stage, drawn.canvas);
  paint(view, drawn);
}

function fitMaps(/** @type {View} */ view, { stage, canvas }) {
  const { columns, gap, width, height } = layoutOf(view, stage);
  const lines = Math.ceil(stage.count / columns);
  canvas.width = columns * width + (columns - 1) * gap;
  canvas.height = lines * height + (lines - 1) * gap;
  canvas.style.width = `${canvas.width / pixelRatio()}px`;
}

function stillOf(/** @type {View} */ view, /** @type {Stage} */ stage, canvas) {
  const { columns, gap, width, height } = layoutOf(view, stage);
  const still = blank(canvas.width, canvas.height);
  const context = still.getContext("2d");
  for (let index = 0; index < stage.count; index++) {
    const x = (index % columns) * (width + gap);
    const y = Math.floor(index / columns) * (height + gap);
    blowUp(context, mapBitmap(view, stage, index), [x, y, width, height]);
  }
  return still;
}

function mapBitmap(/** @type {View} */ view, /** @type {Stage} */ stage, index) {
  const { raw } = view.arrays[stage.id];
  if (stage.is_colour) return pictureBitmap(view.arrays[stage.id]);
  const size = stage.rows * stage.cols;
  const colour = stage.kind === "pixels"
    ? (value) => [value, value, value]
    : (value) => view.tints[stage.kind](signedValue(value));
  return bitmap(stage.rows, stage.cols, (i) => colour(raw[index * size + i]));
}

export function paint(/** @type {View} */ view, { stage, canvas, still }) {
  if (!still?.width) return; // not painted yet
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(still, 0, 0);
  const ratio = pixelRatio();
  const { columns, gap, width, height } = layoutOf(view, stage);
  const outline = (index, line, colour) => {
    if (index === null || index === undefined) return;
    context.strokeStyle = colour;
    context.lineWidth = line * ratio;
    const inset = (line * ratio) / 2;
    context.strokeRect(
      (index % columns) * (width + gap) + inset, Math.floor(index / columns) * (height + gap) + inset,
      width - 2 * inset, height - 2 * inset,
    );
  };
  outline(chosenOf(view, stage), 3, view.palette.accent);
  if (view.hover?.id === stage.id) outline(view.hover.index, 2, view.palette.accent);
}
