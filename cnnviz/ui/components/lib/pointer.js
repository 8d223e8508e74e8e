// What the pointer is over.

/** @typedef {import("./geometry.js").Pair} Pair */
/** @typedef {{ clientX: number, clientY: number }} Point */

import { clamp } from "./geometry.js";

/** Where the pointer is on a node of rows × columns: 1.5 is the middle of the second.
 * @param {Point} event @param {Element} node @param {Pair} shape
 * @returns {Pair} */
export function spotUnder(event, node, [rows, cols]) {
  const box = node.getBoundingClientRect();
  return [
    ((event.clientY - box.top) / box.height) * rows,
    ((event.clientX - box.left) / box.width) * cols,
  ];
}

/** The cell under the pointer, or the nearest to it.
 * @param {Point} event @param {Element} node @param {Pair} shape
 * @returns {Pair} */
export function cellUnder(event, node, shape) {
  const [row, col] = spotUnder(event, node, shape);
  return [clamp(Math.floor(row), shape[0]), clamp(Math.floor(col), shape[1])];
}

/** The cell under the pointer where cells of height × width device pixels start at (top, left) of
 * a canvas; it may lie outside.
 * @param {Point} event @param {HTMLCanvasElement} canvas
 * @param {{ top?: number, left?: number, tall: number, wide: number }} cells
 * @returns {Pair} */
export function cellFrom(event, canvas, { top = 0, left = 0, tall, wide }) {
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  return [
    Math.floor(((event.clientY - box.top) * scale - top) / tall),
    Math.floor(((event.clientX - box.left) * scale - left) / wide),
  ];
}
