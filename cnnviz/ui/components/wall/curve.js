// The picture of a function above the map that it made.

import { pixelRatio } from "../lib/canvas.js";
import { pictured } from "../lib/nodes.js";

/** @typedef {import("./wall.js").View} View */

/** A line through points [x, y] of a square, with its axes; what it says stands beside it. */
export function curveOf(/** @type {View} */ { palette }, /** @type {import("./wall.js").WallStage} */ { curve, title }) {
  const canvas = pictured(title, "curve");
  const ratio = pixelRatio();
  const side = Math.round(96 * ratio);
  [canvas.width, canvas.height] = [side, side];
  canvas.style.width = `${side / ratio}px`;
  const context = canvas.getContext("2d");
  const reach = Math.max(...curve.flat().map(Math.abs));
  const place = (value) => ((value / reach + 1) / 2) * side;
  const line = (points, width, colour) => {
    context.beginPath();
    points.forEach(([x, y]) => context.lineTo(place(x), side - place(y)));
    context.lineWidth = width * ratio;
    context.strokeStyle = colour;
    context.stroke();
  };
  line([[-reach, 0], [reach, 0]], 1, palette.hatch);
  line([[0, -reach], [0, reach]], 1, palette.hatch);
  line(curve, 2.5, palette.accent);
  return canvas;
}
