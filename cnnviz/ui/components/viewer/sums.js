// What travels as little as it can: the picture without its border, and no map of very many cells.

import { signedValue } from "../lib/colours.js";

/** @typedef {import("./viewer.js").View} View */

/** What the window moves over: every position has a row and a column of the picture, or is 0. */
export function padded({ raw, shape: [planes, tall, wide], unit }, axes) {
  const [rows, cols] = axes.map((axis) => axis.source);
  const made = new raw.constructor(planes * rows.length * cols.length);
  let to = 0;
  for (let c = 0; c < planes; c++)
    for (const row of rows)
      for (const col of cols) {
        if (row >= 0 && col >= 0) made[to] = raw[(c * tall + row) * wide + col];
        to += 1;
      }
  return { raw: made, unit, shape: [planes, rows.length, cols.length] };
}

/** A map that is only looked at, as floats. */
export function looked({ raw, shape }, peak) {
  return { raw: Float32Array.from(raw, (level) => signedValue(level) * peak), unit: 1, shape };
}

/** The map of a transposed convolution: what every pixel adds to it, rounded to float32 once. */
export function summed(/** @type {Pick<View, "header" | "arrays">} */ { header, arrays: { input, weight } }) {
  const [rows, cols] = header.axes;
  const [tall, wide] = [rows, cols].map((axis) => axis.first.length);
  const [, down, across] = weight.shape;
  const planes = planesOf(input);
  const sums = new Float64Array(tall * wide).fill(header.bias);
  for (let i = 0; i < down; i++)
    for (let j = 0; j < across; j++) {
      const above = landing(rows, i, input.shape[1], tall);
      const beside = landing(cols, j, input.shape[2], wide);
      const weights = planes.map((_, c) => weight.raw[(c * down + i) * across + j]);
      addTap(sums, planes, weights, { above, beside, pixels: input.shape[2], wide });
    }
  return { raw: Float32Array.from(sums), unit: 1, shape: [1, tall, wide] };
}

/** Each plane's pixels as float32 has them. */
function planesOf(/** @type {View["arrays"][""]} */ { raw, unit, shape: [planes, tall, wide] }) {
  const values = Float32Array.from(raw, (value) => value / unit);
  const size = tall * wide;
  return Array.from({ length: planes }, (_, c) => values.subarray(c * size, (c + 1) * size));
}

/** Pixels first…end that a tap brings into the map, where the first lands, and how far apart. */
function landing({ before, step, stuffing }, tap, pixels, outputs) {
  const start = before - tap * step;
  const first = Math.max(0, Math.ceil(-start / stuffing));
  const end = Math.min(pixels, Math.ceil((outputs - start) / stuffing));
  return { first, end, at: start + first * stuffing, stuffing };
}

/** Add one weight a plane, times the pixels that it meets. */
function addTap(sums, planes, weights, { above, beside, pixels, wide }) {
  for (let y = above.first; y < above.end; y++) {
    let to = (above.at + (y - above.first) * above.stuffing) * wide + beside.at;
    for (let x = beside.first; x < beside.end; x++) {
      let product = planes[0][y * pixels + x] * weights[0];
      for (let c = 1; c < planes.length; c++) product += planes[c][y * pixels + x] * weights[c];
      sums[to] += product;
      to += beside.stuffing;
    }
  }
}
