// Colours of very many values: tables, looked up.

import { bitmap } from "../lib/canvas.js";
import { between } from "../lib/geometry.js";

/** @typedef {import("./viewer.js").View} View */

/** Values 0…1 as 256 greys. */
export function greyRamp() {
  const table = Array.from({ length: 256 }, (_, level) => [level, level, level]);
  return { isGrey: true, table, level: (value) => Math.round(255 * between(value, 0, 1)) };
}

/** Values −peak…peak as 511 colours, looked up: 50,000 cells a change are too many to compute. */
export function signedRamp(scale, peak) {
  const table = Array.from({ length: 511 }, (_, level) => scale((level - 255) / 255));
  return {
    table,
    level: (value) => Math.round(255 * between(value / peak, -1, 1)) + 255,
  };
}

export const colourOf = (ramp, value) => ramp.table[ramp.level(value)];

/** A map or picture with one image pixel a cell. */
export function raster(/** @type {View} */ view, name, array = view[name]) {
  const [, rows, cols] = array.shape;
  const size = rows * cols;
  const ramp = view.ramps[name];
  const value = (channel, i) => array.raw[channel * size + i] / array.unit;
  if (name !== "input" || !view.isColour) {
    return bitmap(rows, cols, (i) => colourOf(ramp, value(0, i)));
  }
  const level = (channel, i) => ramp.level(value(channel, i));
  return bitmap(rows, cols, (i) => [level(0, i), level(1, i), level(2, i)]);
}
