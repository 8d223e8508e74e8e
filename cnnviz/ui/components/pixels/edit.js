// How a pixel is pinned and changed: at once here, then reported, one change at a time.

import { unpack } from "../lib/mount.js";
import { levelOf, levelsOf } from "./levels.js";
import { paintAll, paintMoving } from "./paint.js";
import { tell } from "./words.js";

/** @typedef {import("./pixels.js").View} View */

const PATIENCE_MS = 10_000; // after which a change that the server never confirmed is given up

/** Keep the pinned pixel, here and (where walking with the keys ends) in the link. */
export function pin(/** @type {View} */ view, cell) {
  const { state } = view;
  if (String(state.pinned ?? "") === String(cell ?? "")) return;
  settleDraft(view);
  state.pinned = cell;
  state.isPlaced = true;
  clearTimeout(state.reporting);
  state.reporting = setTimeout(() => view.report("cell", cell), 200);
}

export function makeEditable(/** @type {View} */ view, input, channel) {
  input.oninput = () => tryLevel(view, channel);
  input.onblur = () => {
    settleDraft(view);
    clearRefusal(view);
    tell(view);
  };
  input.onkeydown = (event) => {
    if (event.key === "Enter") settleDraft(view);
    else if (event.key === "Escape") dropDraft(view);
    else return;
    event.preventDefault();
    if (view.refusal.textContent) return;
    view.planes[channel].canvas.focus({ preventScroll: true });
    paintMoving(view);
  };
}

/** A digit typed on the matrix goes into the pixel's own number, as in a spreadsheet. */
export function typeInto(/** @type {View} */ view, channel, digit) {
  const input = view.inputs[channel];
  if (!view.state.pinned) pin(view, view.state.cell);
  tell(view); // enables the inputs
  input.focus({ preventScroll: true });
  input.value = digit;
  tryLevel(view, channel);
}

/** Show a valid number in the picture at once; of any other say why not. */
function tryLevel(/** @type {View} */ view, channel) {
  const { state, inputs, header } = view;
  const input = inputs[channel];
  const level = Number(input.value);
  const isLevel = input.value !== "" && Number.isInteger(level) && level >= 0 && level <= 255;
  input.setAttribute("aria-invalid", String(!isLevel));
  view.refusal.textContent = isLevel ? "" : header.words.refused;
  if (!state.pinned) return;
  const before = levelsOf(view, state.pinned);
  state.draft ??= { cell: state.pinned, before, levels: [...before] };
  state.draft.levels[channel] = isLevel ? level : state.draft.before[channel];
  write(view, state.draft);
  paintAll(view);
}

/** Take what is typed as the pixel's new levels. */
function settleDraft(/** @type {View} */ view) {
  const { state } = view;
  const { draft } = state;
  state.draft = null;
  if (!draft || String(draft.levels) === String(draft.before)) return;
  state.queue = state.queue.filter((edit) => String(edit.cell) !== String(draft.cell));
  state.queue.push({ cell: draft.cell, levels: draft.levels.map(Math.round) });
  sendNext(view);
}

/** Put back what the pixel was before anything was typed. */
function dropDraft(/** @type {View} */ view) {
  const { draft } = view.state;
  view.state.draft = null;
  if (draft) write(view, { cell: draft.cell, levels: draft.before });
  clearRefusal(view);
  paintAll(view);
}

function clearRefusal(/** @type {View} */ view) {
  view.refusal.textContent = "";
  view.inputs.forEach((input) => input.removeAttribute("aria-invalid"));
}

function write(/** @type {View} */ { picture }, { cell: [row, col], levels }) {
  const [, rows, cols] = picture.shape;
  levels.forEach((level, channel) => {
    picture.raw[(channel * rows + row) * cols + col] = (level * picture.unit) / 255;
  });
}

function sendNext(/** @type {View} */ view) {
  const { state } = view;
  if (state.sent || !state.queue.length) return;
  state.sent = state.queue.shift();
  view.change({ cell: state.sent.cell, levels: state.sent.levels });
  state.patience = setTimeout(() => {
    state.sent = null;
    view.picture = unpack(view.data).arrays.picture;
    reconcile(view);
    paintAll(view);
  }, PATIENCE_MS);
}

/** New data: a change that it holds is done; those still on their way are shown on top. */
export function reconcile(/** @type {View} */ view) {
  const { state } = view;
  const holds = ({ cell, levels }) =>
    levels.every((level, channel) => Math.abs(levelOf(view, channel, cell) - level) < 1e-3);
  if (state.sent && holds(state.sent)) {
    clearTimeout(state.patience);
    state.sent = null;
  }
  for (const edit of [state.sent, ...state.queue, state.draft]) if (edit) write(view, edit);
  sendNext(view);
}
