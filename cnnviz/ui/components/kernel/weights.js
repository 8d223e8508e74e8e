// The weights as they are now: read from text, changed, reported, taken from the server.

import { fill } from "../lib/words.js";

/** @typedef {import("./kernel.js").View} View */

const PATIENCE_MS = 10_000; // after which a report that was never answered is given up
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
export const ZERO = { value: 0, label: "0" };

/** A number or a fraction, with a decimal comma or point; NaN for anything else. */
export function weightOf(text) {
  const plain = text.replace(/−/g, "-").replace(/,/g, ".").split("/").map((part) => part.trim());
  if (plain.length > 2 || !plain.every((part) => NUMBER.test(part))) return NaN;
  return Math.fround(Number(plain[0]) / Number(plain[1] ?? 1)) + 0; // −0 is 0
}

export const isWeight = (/** @type {View} */ { header }, value) => Math.abs(value) <= header.most;

/** What was typed, as it is shown until the server writes it: true minus, no leading plus. */
export const tidy = (text) => text.trim().replace(/-/g, "−").replace(/^\+/, "");

export function setWeight(/** @type {View} */ { state }, i, { value, label }) {
  state.weights[i] = value;
  state.labels[i] = label;
  state.wrong.delete(i);
}

/** Take the server's weights, unless it has not heard yet of a later change made here. */
export function receive(/** @type {View} */ view) {
  const { state, header, incoming } = view;
  if (header.heard === state.pending) endWait(state);
  const isSize = String(incoming.shape) === String(state.shape);
  if (isSize && (state.stroke || state.pending !== null)) return;
  const isAnswer = isSize && incoming.raw.every((weight, i) => weight === state.weights[i]);
  if (!isAnswer) state.wrong.clear();
  if (!isSize) Object.assign(state, { draft: null, stroke: null, at: null });
  Object.assign(state, {
    shape: incoming.shape, weights: incoming.raw.slice(), labels: [...header.labels],
  });
}

function endWait(state) {
  clearTimeout(state.patience);
  state.pending = null;
}

/** Tell the server what the filter is now: `1,0,-1;2,0,-2`, planes separated by `|`. */
export function report(/** @type {View} */ view) {
  const { state } = view;
  endWait(state);
  state.pending = textOf(state);
  state.patience = setTimeout(() => {
    endWait(state);
    receive(view);
    state.draw();
  }, PATIENCE_MS);
  view.send(state.pending);
}

export function textOf(/** @type {View["state"]} */ { weights, shape: [planes, rows, cols] }) {
  const range = (length, make) => Array.from({ length }, (_, n) => make(n));
  const weight = (i) => String(Number(weights[i].toPrecision(9)));
  const row = (start) => range(cols, (col) => weight(start + col)).join(",");
  const plane = (start) => range(rows, (n) => row(start + n * cols)).join(";");
  return range(planes, (n) => plane(n * rows * cols)).join("|");
}

/** Plane, row and column of a weight. */
export function placeOf(/** @type {View} */ { state: { shape: [, rows, cols] } }, i) {
  return [Math.floor(i / (rows * cols)), Math.floor(i / cols) % rows, i % cols];
}

/** "Row 1, column 2", counted from 1 as in what is said of a typed filter. */
export function cellName(/** @type {View} */ view, i) {
  const { words } = view.header;
  const [plane, row, col] = placeOf(view, i);
  const place = { plane: words.planes[plane], row: row + 1, col: col + 1 };
  return fill(words.planes.length ? words.plane_cell : words.cell, place);
}
