// How a person moves over the picture: the frame, the zoom, the pixel that is read.

import { between, clamp, isInside } from "../lib/geometry.js";
import { walk } from "../lib/keys.js";
import { focusedIn } from "../lib/mount.js";
import { cellFrom, cellUnder } from "../lib/pointer.js";
import { makeEditable, pin, typeInto } from "./edit.js";
import { paintAll, paintMoving, paintRegion } from "./paint.js";
import { cornerAround, regionOf, sidesOf, visible } from "./place.js";

/** @typedef {import("./pixels.js").View} View */

/** Put the frame's middle on a pixel. */
function centre(/** @type {View} */ view, cell) {
  const { rows, cols } = regionOf(view);
  moveFrame(view, cornerAround(cell, [rows, cols]));
}

function moveFrame(/** @type {View} */ view, corner) {
  view.state.corner = corner;
  const { top, left } = regionOf(view);
  view.state.corner = [top, left];
  view.state.isPlaced = true;
  paintRegion(view);
}

/** Read a pixel; the frame follows where it would leave it. A pinned pixel moves by keys only. */
function read(/** @type {View} */ view, cell) {
  const { state } = view;
  state.cell = cell;
  const { top, left, rows, cols } = regionOf(view);
  const into = (n, start, size) => between(start, n - size + 1, n);
  const corner = [into(cell[0], top, rows), into(cell[1], left, cols)];
  if (String(corner) === String([top, left])) paintMoving(view);
  else moveFrame(view, corner);
}

/** Show fewer (+1) or more (−1) pixels; the pixel `about` stays where it is. */
function zoom(/** @type {View} */ view, step, about) {
  const { state } = view;
  const sides = sidesOf(view);
  const index = sides.findLastIndex((side) => side <= state.side) - step;
  if (index < 0 || index >= sides.length) return false;
  const before = regionOf(view);
  const [row, col] = about ?? [before.top + before.rows / 2, before.left + before.cols / 2];
  state.side = sides[index];
  const after = regionOf(view);
  const share = [(row - before.top) / before.rows, (col - before.left) / before.cols];
  moveFrame(view, [Math.round(row - share[0] * after.rows), Math.round(col - share[1] * after.cols)]);
  return true;
}

// ---------------------------------------------------------------- pointer, wheel, keys

export function makeOperable(/** @type {View} */ view) {
  const { whole, planes } = view;
  view.in.onclick = () => zoom(view, 1);
  view.out.onclick = () => zoom(view, -1);
  whole.pad.onpointermove = (event) => {
    const cell = cellOfPicture(view, event);
    if (view.drag) drag(view, event, cell);
    else view.state.pinned || glance(view, cell);
  };
  whole.pad.onpointerdown = (event) => startDrag(view, event);
  whole.pad.onpointerup = whole.pad.onpointercancel = () => endDrag(view);
  whole.pad.onclick = (event) => {
    if (!view.wasDragged) centre(view, cellOfPicture(view, event));
    if (!view.state.pinned) glance(view, cellOfPicture(view, event));
  };
  wheels(view, whole.pad, whole.canvas, (event) => cellOfPicture(view, event));
  whole.canvas.onkeydown = (event) => onKey(view, event, 0);
  for (const plane of planes) {
    const { canvas, channel, button } = plane;
    canvas.onpointermove = (event) => {
      const cell = cellOfMatrix(view, plane, event);
      if (cell && !view.state.pinned) read(view, cell);
    };
    canvas.onclick = (event) => {
      const cell = cellOfMatrix(view, plane, event);
      if (!cell) return;
      pin(view, String(view.state.pinned) === String(cell) ? null : cell);
      read(view, cell);
    };
    canvas.onkeydown = (event) => onKey(view, event, channel);
    wheels(view, canvas, canvas, (event) => cellOfMatrix(view, plane, event));
    if (button) button.onclick = () => toggle(view, channel);
  }
  view.inputs.forEach((input, channel) => makeEditable(view, input, channel));
}

/** Read a pixel of the picture; the frame stays where it is. */
function glance(/** @type {View} */ view, cell) {
  view.state.cell = cell;
  paintMoving(view);
}

const cellOfPicture = (/** @type {View} */ { whole, picture }, event) =>
  cellUnder(event, whole.canvas, picture.shape.slice(1));

/** The pixel under the pointer, or null on the margin where rows and columns are counted. */
function cellOfMatrix(/** @type {View} */ view, { canvas, margin, cell }, event) {
  const { top, left, rows, cols } = regionOf(view);
  const [row, col] = cellFrom(event, canvas, { top: margin.top, left: margin.left, tall: cell, wide: cell });
  return isInside([row, col], [rows, cols]) ? [top + row, left + col] : null;
}

/** A mouse drags from anywhere; a finger only the frame, so that the page still scrolls. */
function startDrag(/** @type {View} */ view, event) {
  view.wasDragged = false;
  const isFrame = event.target === view.whole.frame;
  if (event.button || (event.pointerType === "touch" && !isFrame)) return;
  event.preventDefault();
  view.whole.canvas.focus({ preventScroll: true });
  view.whole.pad.setPointerCapture(event.pointerId);
  const cell = cellOfPicture(view, event);
  const { top, left } = regionOf(view);
  view.drag = { from: cell, corner: [top, left], isFrame, x: event.clientX, y: event.clientY };
}

function drag(/** @type {View} */ view, event, cell) {
  if (!event.buttons) return endDrag(view);
  const { drag: held } = view;
  if (!view.wasDragged && Math.hypot(event.clientX - held.x, event.clientY - held.y) < 4) return;
  if (!view.wasDragged && !held.isFrame) {
    centre(view, held.from);
    const { top, left } = regionOf(view);
    held.corner = [top, left];
  }
  view.wasDragged = true;
  if (!view.state.pinned) view.state.cell = cell;
  moveFrame(view, held.corner.map((n, axis) => n + cell[axis] - held.from[axis]));
}

function endDrag(/** @type {View} */ view) {
  view.drag = null;
}

/** The wheel zooms with Ctrl, or while the canvas has the focus; else the page scrolls. */
function wheels(/** @type {View} */ view, target, canvas, cellAt) {
  let turned = 0;
  target.onwheel = (event) => {
    const hasFocus = focusedIn(view.root) === canvas;
    if (!event.ctrlKey && !hasFocus) return;
    turned += event.deltaY * (event.deltaMode ? 30 : 1);
    let isUsed = event.ctrlKey;
    if (Math.abs(turned) < 40) isUsed = true;
    else {
      isUsed = zoom(view, turned < 0 ? 1 : -1, cellAt(event)) || isUsed;
      turned = 0;
    }
    if (isUsed) event.preventDefault();
  };
}

function nextCell(/** @type {View} */ view, event) {
  const [, rows, cols] = view.picture.shape;
  const [row, col] = view.state.cell;
  const page = regionOf(view).rows;
  if (event.key === "PageUp") return [clamp(row - page, rows), col];
  if (event.key === "PageDown") return [clamp(row + page, rows), col];
  return walk(event, [row, col], [rows, cols]);
}

function onKey(/** @type {View} */ view, event, channel) {
  const { state } = view;
  if (event.metaKey || event.altKey || (event.ctrlKey && !/Home|End/.test(event.key))) return;
  const next = nextCell(view, event);
  if (next && state.pinned) pin(view, next);
  if (next) read(view, next);
  else if (event.key === "+" || event.key === "=") zoom(view, 1, visible(view));
  else if (event.key === "-" || event.key === "−") zoom(view, -1, visible(view));
  else if (event.key === "Enter") pin(view, state.pinned ? null : state.cell);
  else if (event.key === "Escape" && state.pinned) pin(view, null);
  else if (/^\d$/.test(event.key)) typeInto(view, channel, event.key);
  else return;
  event.preventDefault();
  if (!next) paintMoving(view);
}

/** Switch a plane off or on: the picture is put together again from those that are on. */
function toggle(/** @type {View} */ view, channel) {
  view.state.on[channel] = !view.state.on[channel];
  paintAll(view);
}
