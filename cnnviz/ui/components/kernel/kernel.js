// A filter's numbers on a board: real fields, tinted as weights are. A finished change is shown at
// once and reported as the whole filter's text; until the server has answered it, older answers
// change nothing here. What is being typed stays through every answer.

import { tintOf } from "../lib/colours.js";
import { begin, mount } from "../lib/mount.js";
import { button, element, enlargeButton } from "../lib/nodes.js";
import { fill, numberFormat } from "../lib/words.js";
import { makePaintable, makeTypable, takeBrush } from "./edit.js";
import { paintAll, show } from "./show.js";
import { cellName, receive } from "./weights.js";

/** @typedef {{
 *   locale: string, labels: string[], heard: string | null, most: number,
 *   words: Record<string, string> & { planes: string[] },
 * }} KernelHeader */
/** @typedef {import("../lib/mount.js").View<KernelHeader>} View */

export default function (component) {
  const brush = { value: 1, label: "1", wrong: null };
  const opened = begin(component, { tool: null, brush, pending: null, wrong: new Map(), view: {} });
  const { root, header, state, palette } = opened;
  const view = Object.assign(state.view, opened, {
    incoming: opened.arrays.weights,
    number: numberFormat(header.locale, 4),
    brief: numberFormat(header.locale, 3),
    tint: tintOf(palette, "weight"),
    send: (text) => component.setTriggerValue("changed", text),
  });
  receive(view);
  const parts = JSON.stringify([header.words, state.shape]);
  // Only another language, size or number of planes is built anew: what is being typed stays.
  const isSame = parts === state.parts && root.childElementCount > 0;
  state.parts = parts;
  return mount(
    view, () => isSame || build(view), () => paintAll(view), () => clearTimeout(state.patience),
  );
}

// ---------------------------------------------------------------- building

function build(/** @type {View} */ view) {
  const { root, state, header: { words } } = view;
  view.inputs = []; // the fields that go lose the focus, and must change nothing
  const card = element("section", "card");
  view.board = element("div", "planes");
  const inputs = [];
  view.planes = Array.from({ length: state.shape[0] }, (_, plane) =>
    planeOf(view, plane, inputs));
  view.board.append(...view.planes.map(({ node }) => node));
  view.scale = element("div");
  view.refusal = element("p", "refusal");
  view.refusal.setAttribute("role", "alert");
  view.says = element("p", "says");
  card.append(headOf(view, words), view.board, view.scale, view.refusal, view.says);
  root.replaceChildren(card);
  view.card = card;
  view.inputs = inputs;
  state.draft = null;
}

function headOf(/** @type {View} */ view, words) {
  const head = element("div", "head");
  const tools = element("div", "tools");
  const brush = element("span", "brush");
  view.tools = {
    brush: toolButton(view, "brush", words.brush, words.brush_hint),
    eraser: toolButton(view, "eraser", words.eraser, words.eraser_hint),
  };
  brush.append(view.tools.brush, brushField(view));
  tools.append(brush, view.tools.eraser, enlargeButton(view.root, words.enlarge));
  head.append(element("h2", "", words.title), element("p", "shape", words.shape), tools);
  return head;
}

function toolButton(/** @type {View} */ view, name, text, hint) {
  const made = button(name, text, () => {
    view.state.tool = view.state.tool === name ? null : name;
    show(view);
  });
  made.title = hint;
  return made;
}

function brushField(/** @type {View} */ view) {
  const input = element("input", "value");
  input.type = "text";
  input.inputMode = "decimal";
  input.autocomplete = "off";
  input.dataset.focus = "value";
  input.value = view.state.brush.label;
  input.setAttribute("aria-label", view.header.words.brush_value);
  input.onchange = () => takeBrush(view);
  view.value = input;
  return input;
}

function planeOf(/** @type {View} */ view, plane, inputs) {
  const { words } = view.header;
  const [, rows, cols] = view.state.shape;
  const node = element("section", "plane");
  const board = element("div", "board");
  board.style.gridTemplateColumns = `repeat(${cols}, auto)`;
  board.setAttribute("role", "group");
  const name = words.planes[plane];
  board.setAttribute("aria-label", name ? fill(words.plane_label, { plane: name }) : words.board_label);
  const title = name && element("h3", "", name);
  if (title) node.append(title);
  for (let i = plane * rows * cols; i < (plane + 1) * rows * cols; i++) {
    inputs.push(cellField(view, i));
    board.append(inputs[i]);
  }
  node.append(board);
  makePaintable(view, board, plane);
  return { node, board, title };
}

function cellField(/** @type {View} */ view, i) {
  const input = element("input");
  input.type = "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.dataset.focus = `cell-${i}`;
  input.setAttribute("aria-label", cellName(view, i));
  makeTypable(view, input, i);
  return input;
}
