// What the pointer or the keyboard points at, on every panel.

import { walk } from "../lib/keys.js";
import { operable } from "../lib/nodes.js";
import { cellUnder } from "../lib/pointer.js";
import { nearestUser } from "./geometry.js";
import { move, onKey } from "./move.js";
import { paintMoving } from "./paint.js";

/** @typedef {import("./viewer.js").View} View */

export function makeOperable(/** @type {View} */ view) {
  const { panels } = view;
  for (const [name, { target }] of Object.entries(panels)) {
    const isOperable = name !== "before";
    if (isOperable) operable(target, "", name);
    else target.setAttribute("role", "img");
    if (!isOperable) continue;
    if (name !== "output") target.onblur = () => point(view, null);
  }
  makeOutputOperable(view);
  makeInputOperable(view);
  for (const name of ["window", "kernel"]) if (panels[name]) makeBoardsOperable(view, name);
}

function makeOutputOperable(/** @type {View} */ view) {
  const { state } = view;
  const { canvas } = view.panels.output;
  const under = (event) => cellUnder(event, canvas, view.output.shape.slice(1));
  canvas.onpointermove = (event) => state.pinned || move(view, under(event));
  canvas.onclick = (event) => {
    const cell = under(event);
    const isSame = state.pinned && String(state.pinned) === String(cell);
    view.pin(isSame ? null : cell);
    move(view, cell, { isAnew: true });
  };
  canvas.onkeydown = (event) => onKey(view, event);
}

/** A cell of the input: the window comes to it, and all that use it are marked. */
function makeInputOperable(/** @type {View} */ view) {
  const { canvas } = view.panels.input;
  const { state } = view;
  const pointAt = (pixel) => {
    if (!state.pinned) state.cell = view.axes.map((axis, n) => nearestUser(axis, pixel[n]));
    point(view, { pixel });
  };
  const hover = (event) => pointAt(cellUnder(event, canvas, view.input.shape.slice(1)));
  canvas.onpointermove = canvas.onpointerdown = hover;
  canvas.onpointerleave = () => point(view, null);
  canvas.onkeydown = (event) => {
    const middle = [view.window.rows, view.window.cols].map((taps) => taps[taps.length >> 1]);
    const next = walk(event, state.focus?.pixel ?? middle, view.input.shape.slice(1));
    if (next) event.preventDefault();
    if (next) pointAt(next);
    else if (event.key === "Escape") point(view, null);
  };
}

/** A number under the window or a weight: rows of all planes below each other. */
function makeBoardsOperable(/** @type {View} */ view, name) {
  const panel = view.panels[name];
  const isWeight = name === "kernel";
  const shape = () => [view.window.rows.length, view.window.cols.length];
  const hover = (event) => {
    const plane = panel.boards.findIndex(({ canvas }) => canvas === event.target);
    if (plane < 0) return;
    const [tall, wide] = shape();
    const [row, col] = cellUnder(event, event.target, view.axes.map((axis) => axis.most));
    if (row < tall && col < wide) point(view, { tap: (plane * tall + row) * wide + col, isWeight });
  };
  panel.target.onpointermove = panel.target.onpointerdown = hover;
  panel.target.onpointerleave = () => point(view, null);
  panel.target.onkeydown = (event) => {
    const [tall, wide] = shape();
    const tap = view.state.focus?.tap;
    const from = tap === undefined ? [0, -1] : [Math.floor(tap / wide), tap % wide];
    const next = walk(event, from, [tall * panel.boards.length, wide]);
    if (next) event.preventDefault();
    if (next) point(view, { tap: next[0] * wide + next[1], isWeight });
    else if (event.key === "Escape") point(view, null);
  };
}

/** Point at something, or at nothing; what is pointed at already is left alone. */
function point(/** @type {View} */ view, focus) {
  const isSame = JSON.stringify(focus) === JSON.stringify(view.state.focus);
  if (isSame && view.painted === String(view.state.cell)) return;
  view.state.focus = focus;
  paintMoving(view);
}
