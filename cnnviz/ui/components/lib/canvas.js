// Crisp canvases: whole device pixels, bitmaps of values, grids, frames, texts.

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {number[]} Box Left, top, width and height. */

import { wholeSide } from "./geometry.js";

/** Device pixels to a CSS pixel. */
export const pixelRatio = () => window.devicePixelRatio || 1;

/** Size a canvas in device pixels, and as many CSS pixels as that takes.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height */
export function sizeCanvas(canvas, width, height) {
  [canvas.width, canvas.height] = [width, height];
  canvas.style.width = `${canvas.width / pixelRatio()}px`;
  canvas.style.height = `${canvas.height / pixelRatio()}px`;
}

/** Size a canvas to rows × columns of square cells within `width` CSS pixels. Returns the cell's
 * side in device pixels.
 * @param {HTMLCanvasElement} canvas @param {number} rows @param {number} cols
 * @param {number} width */
export function fitCells(canvas, rows, cols, width) {
  const cell = wholeSide((width * pixelRatio()) / cols);
  sizeCanvas(canvas, Math.round(cell * cols), Math.round(cell * rows));
  return cell;
}

/** An empty canvas of a size, never shown.
 * @param {number} width @param {number} height */
export function blank(width, height) {
  const made = document.createElement("canvas");
  [made.width, made.height] = [width, height];
  return made;
}

/** Picture of rows × columns colours, one image pixel a cell, to be drawn without smoothing.
 * @param {number} rows @param {number} cols @param {(i: number) => number[]} colourAt */
export function bitmap(rows, cols, colourAt) {
  return painted(rows, cols, ({ data }) => {
    for (let i = 0; i < rows * cols; i++) {
      const colour = colourAt(i);
      data[4 * i] = colour[0];
      data[4 * i + 1] = colour[1];
      data[4 * i + 2] = colour[2];
      data[4 * i + 3] = 255;
    }
  });
}

/** Picture of rows × columns whose bytes somebody else fills in.
 * @param {number} rows @param {number} cols @param {(image: ImageData) => void} paint */
export function painted(rows, cols, paint) {
  const small = blank(cols, rows);
  const context = small.getContext("2d");
  const image = context.createImageData(cols, rows);
  paint(image);
  context.putImageData(image, 0, 0);
  return small;
}

/** Colours of a picture of one plane or three.
 * @param {{ raw: ArrayLike<number>, shape: number[], unit: number }} picture */
export function pictureBitmap({ raw, shape: [planes, rows, cols], unit }) {
  const [size, scale] = [rows * cols, 255 / unit];
  return bitmap(rows, cols, (i) => [0, 1, 2].map((c) => scale * raw[(c % planes) * size + i]));
}

/** A bitmap blown up onto a canvas; every value stays a square.
 * @param {Context} context @param {HTMLCanvasElement} small @param {Box} box */
export function blowUp(context, small, box = [0, 0, context.canvas.width, context.canvas.height]) {
  const [x, y, width, height] = box;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, width, height);
}

/** Part of a bitmap drawn into a box: every value a square, or where there is no room for that, the
 * mean of those that share a spot.
 * @param {Context} context @param {HTMLCanvasElement} small @param {Box} to @param {Box} from */
export function scaled(context, small, to, from = [0, 0, small.width, small.height]) {
  const [[x, y, width, height], [left, top, wide, tall]] = [from, to];
  context.imageSmoothingEnabled = wide < width;
  context.imageSmoothingQuality = "high";
  context.drawImage(small, x, y, width, height, left, top, wide, tall);
}

/** Lines between rows × columns of cells whose first one starts at (left, top).
 * @param {Context} context @param {number} rows @param {number} cols @param {number} cell
 * @param {string} colour */
export function grid(context, rows, cols, cell, colour, left = 0, top = 0) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  const [tall, wide] = [Math.round(rows * cell), Math.round(cols * cell)];
  for (let r = 0; r <= rows; r++) {
    const y = top + Math.min(Math.round(r * cell), tall - 1) + 0.5;
    context.moveTo(left, y);
    context.lineTo(left + wide, y);
  }
  for (let c = 0; c <= cols; c++) {
    const x = left + Math.min(Math.round(c * cell), wide - 1) + 0.5;
    context.moveTo(x, top);
    context.lineTo(x, top + tall);
  }
  context.stroke();
}

/** A frame that stays visible on any colour: a line on a wider, lighter one.
 * @param {Context} context @param {Box} box @param {string} colour
 * @param {number} line device pixels @param {number} halo by how much the lighter one is wider */
export function frame(context, box, colour, line, halo = 2, light = "#ffffffb0") {
  const [x, y, width, height] = box;
  for (const [thick, ink] of /** @type {const} */ ([[line + halo, light], [line, colour]])) {
    context.lineWidth = thick;
    context.strokeStyle = ink;
    context.strokeRect(x, y, width, height);
  }
}

/** Texts of that size will be centred on where they are written.
 * @param {Context} context @param {number} size */
export function centreText(context, size) {
  context.font = `600 ${size}px ui-monospace, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
}
