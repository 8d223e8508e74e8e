// How weights are changed: typed, walked over with the keys, painted.

import { isInside } from "../lib/geometry.js";
import { walk } from "../lib/keys.js";
import { spotUnder } from "../lib/pointer.js";
import { say, show } from "./show.js";
import { isWeight, placeOf, receive, report, setWeight, tidy, weightOf, ZERO } from "./weights.js";

/** @typedef {import("./kernel.js").View} View */

// ---------------------------------------------------------------- typing

export function makeTypable(/** @type {View} */ view, input, i) {
  const { state } = view;
  input.oninput = () => {
    state.draft = i;
  };
  input.onfocus = () => {
    state.at = i;
    input.select();
    show(view);
  };
  input.onblur = () => {
    if (!view.inputs.includes(input)) return; // taken away, not left
    take(view, i);
    say(view);
  };
  input.onkeydown = (event) => onKey(view, event, i);
}

/** Take what is typed in a field as the weight; what is no number stays, and is said. */
function take(/** @type {View} */ view, i) {
  const { state, inputs } = view;
  if (state.draft !== i) return;
  state.draft = null;
  const text = inputs[i].value.trim();
  if (text === state.labels[i] || !text) state.wrong.delete(i);
  else if (isWeight(view, weightOf(text))) {
    const value = weightOf(text);
    const isNew = value !== state.weights[i];
    setWeight(view, i, { value, label: tidy(text) });
    if (isNew) report(view);
  } else state.wrong.set(i, text);
  show(view);
}

export function takeBrush(/** @type {View} */ view) {
  const { state: { brush }, value: field } = view;
  const value = weightOf(field.value);
  if (isWeight(view, value)) Object.assign(brush, { value, label: tidy(field.value), wrong: null });
  else brush.wrong = field.value.trim();
  field.setAttribute("aria-invalid", String(brush.wrong !== null));
  say(view);
}

// ---------------------------------------------------------------- keys

function onKey(/** @type {View} */ view, event, i) {
  const { state, inputs } = view;
  if (event.key.length === 1) event.stopPropagation(); // a letter is no shortcut of the page
  const next = nextCell(view, event, i);
  if (next !== null) inputs[next].focus();
  else if (event.key === "Enter") {
    take(view, i);
    inputs[i].select();
  } else if (event.key === "Escape" && (state.draft === i || state.wrong.has(i))) {
    state.draft = null;
    state.wrong.delete(i);
    show(view);
  } else if (event.key === " " && state.tool) {
    state.draft = null;
    const ink = state.tool === "eraser" ? ZERO : state.brush;
    const isNew = state.weights[i] !== ink.value;
    setWeight(view, i, ink);
    if (isNew) report(view);
    show(view);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Where a key leads, or null where it moves the caret in the text, or nothing. */
function nextCell(/** @type {View} */ view, event, i) {
  if (event.shiftKey || event.altKey || event.metaKey) return null;
  const [plane, row, col] = placeOf(view, i);
  const [, rows, cols] = view.state.shape;
  const { selectionStart: from, selectionEnd: to, value } = event.target;
  const isWhole = from === 0 && to === value.length;
  if (["ArrowLeft", "Home"].includes(event.key) && to !== 0 && !isWhole) return null;
  if (["ArrowRight", "End"].includes(event.key) && from !== value.length && !isWhole) return null;
  const next = walk(event, [row, col], [rows, cols]);
  return next && (plane * rows + next[0]) * cols + next[1];
}

// ---------------------------------------------------------------- painting

/** Mouse, pen or finger over a board; the right button and a pen's eraser paint zeros. */
export function makePaintable(/** @type {View} */ view, board, plane) {
  const { state } = view;
  board.onmousedown = (event) => state.tool && event.preventDefault(); // no text is selected
  board.oncontextmenu = (event) => state.tool && event.preventDefault();
  board.onpointerdown = (event) => {
    if (!state.tool || ![0, 2, 5].includes(event.button)) return;
    event.preventDefault();
    const isZero = state.tool === "eraser" || event.button !== 0;
    const ink = isZero ? ZERO : { ...state.brush };
    fieldUnder(view, board, plane, event)?.focus({ preventScroll: true });
    board.setPointerCapture(event.pointerId);
    state.stroke = { plane, ink, last: spotOf(view, board, event), isChanged: false };
    strokeTo(view, state.stroke.last);
  };
  board.onpointermove = (event) => {
    if (state.stroke?.plane !== plane) return;
    if (!event.buttons) return endStroke(view); // released where we could not see it
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) strokeTo(view, spotOf(view, board, each));
  };
  board.onpointerup = board.onpointercancel = () => endStroke(view);
}

const spotOf = (/** @type {View} */ { state: { shape } }, board, event) => spotUnder(event, board, shape.slice(1));

function indexOf(/** @type {View} */ { state: { shape: [, rows, cols] } }, plane, /** @type {number[]} */ [y, x]) {
  const [row, col] = [Math.floor(y), Math.floor(x)];
  return isInside([row, col], [rows, cols]) ? (plane * rows + row) * cols + col : null;
}

const fieldUnder = (/** @type {View} */ view, board, plane, event) =>
  view.inputs[indexOf(view, plane, spotOf(view, board, event))];

/** Every cell between the last place and this one: a fast stroke leaves no holes. */
function strokeTo(/** @type {View} */ view, spot) {
  const { stroke } = view.state;
  const way = spot.map((n, axis) => n - stroke.last[axis]);
  const steps = Math.max(1, Math.ceil(4 * Math.max(...way.map(Math.abs))));
  for (let step = 0; step <= steps; step++) {
    const here = stroke.last.map((n, axis) => n + (way[axis] * step) / steps);
    const i = indexOf(view, stroke.plane, here);
    if (i === null) continue;
    stroke.isChanged ||= view.state.weights[i] !== stroke.ink.value;
    setWeight(view, i, stroke.ink);
  }
  stroke.last = spot;
  show(view);
}

function endStroke(/** @type {View} */ view) {
  const { stroke } = view.state;
  view.state.stroke = null;
  if (!stroke) return;
  if (stroke.isChanged) return report(view);
  receive(view); // what came meanwhile
  show(view);
}
