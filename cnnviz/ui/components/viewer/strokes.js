// What is drawn over cells: frames, tints, hatching.

import { frame } from "../lib/canvas.js";
import { between } from "../lib/geometry.js";

/** Neighbouring positions put together: [1, 2, 3, 5] → [[1, 3], [5, 1]]. */
export function runsOf(positions) {
  const runs = [];
  for (const at of positions) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === at) last[1] += 1;
    else runs.push([at, 1]);
  }
  return runs;
}

/** Colour the cells at rows × columns: stripes of columns seen through stripes of rows. */
export function tint(context, /** @type {number[][]} */ [rows, cols], cell, colour) {
  const [across, down] = [runsOf(rows), runsOf(cols)];
  const { width, height } = context.canvas;
  context.save();
  context.beginPath();
  for (const [row, tall] of across) context.rect(0, row * cell, width, tall * cell);
  context.clip();
  context.beginPath();
  for (const [col, wide] of down) context.rect(col * cell, 0, wide * cell, height);
  context.fillStyle = colour;
  context.globalAlpha = 0.38;
  context.fill();
  context.restore();
  if (across.length * down.length > 150 || cell < 5) return;
  context.strokeStyle = colour;
  context.lineWidth = between(cell / 8, 1, 2);
  for (const [row, tall] of across)
    for (const [col, wide] of down)
      context.strokeRect(col * cell, row * cell, wide * cell, tall * cell);
}

/** Frame boxes of cells; the pinned and the deciding more strongly. */
export function outline(context, /** @type {number[]} */ [row, col, tall, wide], cell, colour, isStrong) {
  const line = between(cell / 6, 2, 4) * (isStrong ? 1.5 : 1);
  frame(context, [col * cell, row * cell, wide * cell, tall * cell], colour, line);
}

/** Slanting lines over some (row, col, tall, wide) boxes of cells, with a veil below them. */
export function hatch(context, boxes, cell, { veil, lines, alpha, slope, sparse = 1 }) {
  if (!boxes.length) return;
  const [w, h] = [context.canvas.width, context.canvas.height];
  context.save();
  context.beginPath();
  for (const [row, col, tall, wide] of boxes) {
    context.rect(col * cell, row * cell, wide * cell, tall * cell);
  }
  context.clip();
  context.fillStyle = veil;
  context.globalAlpha = alpha;
  context.fillRect(0, 0, w, h);
  context.globalAlpha = 1;
  context.strokeStyle = lines;
  context.lineWidth = Math.max(1, cell / (12 * sparse));
  const gap = Math.max(5, cell / 2) * sparse;
  context.beginPath();
  for (let x = -h; x < w + h; x += gap) {
    context.moveTo(x, slope > 0 ? h : 0);
    context.lineTo(x + h, slope > 0 ? 0 : h);
  }
  context.stroke();
  context.restore();
}
