// The drawing pad: a soft brush on rows × cols cells. Python receives exactly the bytes that are
// drawn, one a cell, at the end of each stroke. Mouse, touch, pen and keyboard; undo and clear.

import { bitmap, blowUp, fitCells } from "../lib/canvas.js";
import { between } from "../lib/geometry.js";
import { ARROWS, walk } from "../lib/keys.js";
import { begin, mount } from "../lib/mount.js";
import { button, element, operable, spoken } from "../lib/nodes.js";
import { spotUnder } from "../lib/pointer.js";
import { fill } from "../lib/words.js";

/** @typedef {{ side: number, grid: number, words: Record<string, string> }} BrushHeader */
/** @typedef {import("../lib/mount.js").View<BrushHeader>} View */

const RADIUS = 1.35; // cells; about the width of MNIST's strokes
const MAX_UNDO = 50;

export default function (component) {
  const opened = begin(component, { undo: [], isDown: false });
  const { state, isNew } = opened;
  if (isNew) {
    const { raw, shape } = opened.arrays.pixels;
    Object.assign(state, { size: shape, cursor: shape.map((n) => n / 2), pixels: raw, view: {} });
  }
  // The canvas stays: an answer may come in the middle of a stroke.
  const view = Object.assign(state.view, opened);
  view.send = () => {
    say(view);
    component.setStateValue("pixels", btoa(String.fromCharCode(...state.pixels)));
  };
  const unmount = mount(view, () => isNew && build(view), () => paint(view));
  name(view);
  say(view);
  return unmount;
}

function build(/** @type {View} */ view) {
  const { root, state } = view;
  view.canvas = operable(element("canvas"), "", "pad");
  view.undo = button("undo", "", () => undo(view));
  view.clear = button("clear", "", () => {
    remember(state);
    state.pixels.fill(0);
    finish(view);
  });
  view.says = spoken();
  const tools = element("div", "tools");
  tools.append(view.undo, view.clear);
  root.replaceChildren(view.canvas, tools, view.says);
  listen(view);
}

/** Words in the reader's language, which may have changed. */
function name(/** @type {View} */ { canvas, undo: undoButton, clear, header: { words } }) {
  canvas.setAttribute("aria-label", words.label);
  undoButton.textContent = words.undo;
  clear.textContent = words.clear;
}

function listen(/** @type {View} */ view) {
  const { canvas, state } = view;
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    remember(state);
    state.last = place(view, event);
    stroke(state, state.last, state.last);
    paint(view);
  };
  canvas.onpointermove = (event) => {
    if (!state.last) return;
    if (!event.buttons) return canvas.onpointerup(); // released where we could not see it
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      const next = place(view, each);
      stroke(state, state.last, next);
      state.last = next;
    }
    paint(view);
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!state.last) return;
    state.last = null;
    finish(view);
  };
  canvas.onkeydown = (event) => onKey(view, event);
  canvas.onfocus = () => paint(view);
  canvas.onblur = () => {
    const wasDown = state.isDown;
    state.isDown = false;
    if (wasDown) finish(view);
    else paint(view);
  };
}

const place = (/** @type {View} */ { canvas, state }, event) => spotUnder(event, canvas, state.size);

/** Ink every cell near the segment: full within the radius, fading over one cell. */
function stroke(/** @type {View["state"]} */ { pixels, size: [, cols] }, from, to) {
  const [dy, dx] = [to[0] - from[0], to[1] - from[1]];
  const length = dy * dy + dx * dx;
  for (let i = 0; i < pixels.length; i++) {
    const [y, x] = [Math.floor(i / cols) + 0.5 - from[0], (i % cols) + 0.5 - from[1]];
    const share = length ? between((y * dy + x * dx) / length, 0, 1) : 0;
    const distance = Math.hypot(y - share * dy, x - share * dx);
    const ink = between(RADIUS + 0.5 - distance, 0, 1);
    pixels[i] = Math.max(pixels[i], Math.round(255 * ink));
  }
}

function remember(state) {
  state.undo.push(state.pixels.slice());
  if (state.undo.length > MAX_UNDO) state.undo.shift();
}

function undo(/** @type {View} */ view) {
  const before = view.state.undo.pop();
  if (!before) return;
  view.state.pixels = before;
  finish(view);
}

function finish(/** @type {View} */ view) {
  paint(view);
  view.send();
}

/** Arrows move a cursor; the space bar puts the pen down and lifts it. */
function onKey(/** @type {View} */ view, event) {
  const { state } = view;
  if (event.key in ARROWS) {
    const from = state.cursor.map((n) => n + 0.5);
    state.cursor = walk(event, state.cursor, state.size);
    if (state.isDown) stroke(state, from, state.cursor.map((n) => n + 0.5));
    paint(view);
    say(view);
  } else if (event.key === " ") {
    state.isDown = !state.isDown;
    if (state.isDown) {
      remember(state);
      const here = state.cursor.map((n) => n + 0.5);
      stroke(state, here, here);
      paint(view);
      say(view);
    } else finish(view);
  } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) undo(view);
  else if (event.key === "Delete" || event.key === "Backspace") view.clear.click();
  else return;
  event.preventDefault();
}

function paint(/** @type {View} */ { root, header, canvas, state, palette }) {
  if (!root.clientWidth) return;
  const [rows, cols] = state.size;
  const cell = fitCells(canvas, rows, cols, Math.min(root.clientWidth, header.side));
  const context = canvas.getContext("2d");
  blowUp(context, bitmap(rows, cols, (i) => Array(3).fill(state.pixels[i])));
  context.strokeStyle = "#8883";
  context.lineWidth = 1;
  context.beginPath();
  for (let n = header.grid; n < cols; n += header.grid) {
    context.moveTo(n * cell + 0.5, 0);
    context.lineTo(n * cell + 0.5, canvas.height);
  }
  for (let n = header.grid; n < rows; n += header.grid) {
    context.moveTo(0, n * cell + 0.5);
    context.lineTo(canvas.width, n * cell + 0.5);
  }
  context.stroke();
  if (!canvas.matches(":focus-visible")) return;
  context.strokeStyle = palette.accent;
  context.lineWidth = state.isDown ? 4 : 2;
  context.strokeRect(state.cursor[1] * cell, state.cursor[0] * cell, cell, cell);
}

function say(/** @type {View} */ { header: { words }, state, says, undo: undoButton, clear }) {
  const inked = state.pixels.reduce((count, value) => count + (value > 0), 0);
  undoButton.disabled = !state.undo.length;
  clear.disabled = !inked;
  says.textContent = inked
    ? fill(words[state.isDown ? "drawing" : "inked"], {
        count: inked, row: state.cursor[0], col: state.cursor[1] })
    : words.empty;
  says.dataset.inked = inked;
}
