// A frame over the picture: drag to draw it, arrow keys to move it, Shift and arrow keys to change
// its size, Enter to cut it out. Numbers are pixels of the whole picture, which may be shown smaller.

import { blowUp, fitCells, pictureBitmap, pixelRatio } from "../lib/canvas.js";
import { between } from "../lib/geometry.js";
import { ARROWS } from "../lib/keys.js";
import { begin, mount } from "../lib/mount.js";
import { button, element, operable, spoken } from "../lib/nodes.js";
import { cellUnder } from "../lib/pointer.js";
import { fill } from "../lib/words.js";

/** @typedef {{
 *   rows: number, cols: number, digest: string, words: Record<string, string>,
 * }} CropperHeader */
/** @typedef {import("../lib/mount.js").View<CropperHeader>} View */

export default function (component) {
  const opened = begin(component);
  const { header, state } = opened;
  if (state.digest !== header.digest) Object.assign(state, { digest: header.digest, frame: null });
  const view = { ...opened, cut: () => state.frame && component.setTriggerValue("frame", state.frame) };
  return mount(view, () => build(view), () => paint(view));
}

function build(/** @type {View} */ view) {
  const { root, header } = view;
  view.canvas = operable(element("canvas"), header.words.label, "cropper");
  view.button = button("cut", header.words.cut, view.cut);
  view.says = spoken();
  const tools = element("div", "tools");
  tools.append(view.button, view.says);
  const made = element("div", "crop");
  made.append(view.canvas, tools);
  root.replaceChildren(made);
  listen(view);
}

function listen(/** @type {View} */ view) {
  const { canvas, state } = view;
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    state.from = place(view, event);
    frameBetween(view, state.from, state.from);
  };
  canvas.onpointermove = (event) => {
    if (state.from && event.buttons) frameBetween(view, state.from, place(view, event));
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    state.from = null;
    const [, , tall, wide] = state.frame ?? [0, 0, 0, 0];
    if (tall * wide < 2) state.frame = null; // a click marks nothing
    paint(view);
  };
  canvas.onkeydown = (event) => onKey(view, event);
}

const place = (/** @type {View} */ { canvas, header }, event) => cellUnder(event, canvas, [header.rows, header.cols]);

function frameBetween(/** @type {View} */ view, a, b) {
  const [top, left] = [0, 1].map((axis) => Math.min(a[axis], b[axis]));
  view.state.frame = [top, left, Math.abs(a[0] - b[0]) + 1, Math.abs(a[1] - b[1]) + 1];
  paint(view);
}

function onKey(/** @type {View} */ view, event) {
  const { state, header: { rows, cols } } = view;
  if (event.key === "Enter") view.cut();
  else if (event.key === "Escape") state.frame = null;
  else if (event.key in ARROWS) {
    const step = Math.max(1, Math.round(Math.max(rows, cols) / 50));
    const [down, right] = ARROWS[event.key].map((n) => n * step);
    let [top, left, tall, wide] = state.frame ?? [0, 0, rows, cols];
    if (event.shiftKey) {
      tall = between(tall + down, 1, rows - top);
      wide = between(wide + right, 1, cols - left);
    } else {
      top = between(top + down, 0, rows - tall);
      left = between(left + right, 0, cols - wide);
    }
    state.frame = [top, left, tall, wide];
  } else return;
  event.preventDefault();
  paint(view);
}

function paint(/** @type {View} */ view) {
  const { root, canvas, header, arrays: { picture }, state, palette, says } = view;
  if (!root.clientWidth) return;
  const [, rows, cols] = picture.shape;
  const most = Math.min(root.clientWidth, 380, (380 * cols) / rows);
  const cell = fitCells(canvas, rows, cols, most);
  const context = canvas.getContext("2d");
  blowUp(context, pictureBitmap(picture));
  view.button.disabled = !state.frame;
  if (!state.frame) {
    says.textContent = header.words.hint;
    return;
  }
  const [top, left, tall, wide] = state.frame;
  const scale = (cell * rows) / header.rows;
  const box = [left * scale, top * scale, wide * scale, tall * scale];
  context.fillStyle = "#0008";
  context.beginPath();
  context.rect(0, 0, canvas.width, canvas.height);
  context.rect(...box);
  context.fill("evenodd");
  context.strokeStyle = palette.accent;
  context.lineWidth = 2 * pixelRatio();
  context.strokeRect(...box);
  says.textContent = fill(header.words.says, {
    top, bottom: top + tall - 1, left, right: left + wide - 1,
  });
}
