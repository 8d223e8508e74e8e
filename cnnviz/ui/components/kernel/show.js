// How the board shows weights, and what is said of them.

import { endsOf, inkOn } from "../lib/colours.js";
import { textSize } from "../lib/geometry.js";
import { legend, roomIn } from "../lib/nodes.js";
import { fill } from "../lib/words.js";
import { cellName, placeOf, weightOf } from "./weights.js";

/** @typedef {import("./kernel.js").View} View */

const LARGEST = 64; // CSS pixels a cell of a single board at most
const SMALLEST = 26; // CSS pixels a cell at least, for fingers
const BOARD = 440; // CSS pixels a side of a board that has many cells
const BESIDE = 36; // CSS pixels a cell that three boards need to stand beside each other
const BELOW = 52; // CSS pixels a cell at most where there are three boards
const GAP = 15; // between boards, as in kernel.css

export function paintAll(/** @type {View} */ view) {
  const { state, board, planes, palette } = view;
  const [count, rows, cols] = state.shape;
  const room = roomIn(view.card);
  const isFull = Boolean(document.fullscreenElement);
  const most = isFull
    ? Math.min(130, (0.6 * window.innerHeight) / rows)
    : Math.min(count > 1 ? BELOW : LARGEST, Math.max(40, BOARD / Math.max(rows, cols)));
  const sideIn = (width) => Math.floor(Math.min(most, (width - cols - 1) / cols));
  const beside = sideIn((room - (count - 1) * GAP) / count);
  view.side = Math.max(SMALLEST, beside < Math.min(BESIDE, most) ? sideIn(room) : beside);
  board.style.setProperty("--side", `${view.side}px`);
  const colours = [palette.plane_red, palette.plane_green, palette.plane_blue];
  planes.forEach(({ title }, n) => title?.style.setProperty("--plane", colours[n]));
  show(view);
}

/** Every number, tint and sentence as they are now; a field being typed in keeps its text. */
export function show(/** @type {View} */ view) {
  const { state, inputs, palette, board, tools } = view;
  const peak = state.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  inputs.forEach((input, i) => showCell(view, input, i, peak || 1));
  const home = state.at ?? 0;
  const [plane, size] = [placeOf(view, home)[0], inputs.length / view.planes.length];
  inputs.forEach((input, i) => {
    input.tabIndex = i === home || (i % size === 0 && Math.floor(i / size) !== plane) ? 0 : -1;
  });
  for (const [name, tool] of Object.entries(tools))
    tool.setAttribute("aria-pressed", String(state.tool === name));
  board.classList.toggle("painting", Boolean(state.tool));
  const limit = view.brief(peak || 1, peak || 1);
  view.scale.replaceChildren(legend(`−${limit}`, `+${limit}`, endsOf(palette, "weight")));
  say(view);
}

function showCell(/** @type {View} */ view, input, i, peak) {
  const { state, side, tint } = view;
  const text = state.wrong.get(i) ?? state.labels[i];
  const colour = tint(state.weights[i] / peak);
  input.style.background = `rgb(${colour})`;
  input.style.color = inkOn(colour);
  input.inputMode = state.tool ? "none" : "decimal"; // painting calls up no keyboard
  input.setAttribute("aria-invalid", String(state.wrong.has(i)));
  input.title = `${cellName(view, i)}: ${text}`;
  if (state.draft !== i && input.value !== text) {
    input.value = text;
    if (input.matches(":focus")) input.select();
  }
  input.style.fontSize = `${Math.max(10, textSize(input.value.length, side))}px`;
}

/** What is wrong, and what the cell that has the focus holds. */
export function say(/** @type {View} */ view) {
  const { state, header: { words, most }, inputs } = view;
  const [wrong] = state.wrong;
  if (wrong) {
    const [i, text] = wrong;
    const isLarge = Math.abs(weightOf(text)) > most;
    const told = { cell: cellName(view, i), text: text.slice(0, 20), most: words.most };
    view.refusal.textContent = fill(isLarge ? words.too_large : words.refused, told);
  } else if (state.brush.wrong !== null) {
    const told = { text: state.brush.wrong.slice(0, 20), value: state.brush.label };
    view.refusal.textContent = fill(words.brush_refused, told);
  } else view.refusal.textContent = "";
  const i = inputs.findIndex((input) => input.matches(":focus"));
  if (i < 0) view.says.textContent = state.tool ? words.painting : words.says;
  else view.says.textContent = fill(words.here, { cell: cellName(view, i), value: exactly(view, i) });
}

/** "1/9 = 0.1111", "−2": a weight with the decimals behind its fraction. */
function exactly(/** @type {View} */ { state, number }, i) {
  const label = state.labels[i];
  return label.includes("/") ? `${label} = ${number(state.weights[i])}` : label;
}
