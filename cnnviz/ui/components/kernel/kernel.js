// A filter's numbers on a board: real fields, tinted as weights are. A finished change is shown at
// once and reported as the whole filter's text; until the server has answered it, older answers
// change nothing here. What is being typed stays through every answer.

const PATIENCE_MS = 10_000; // after which a report that was never answered is given up
const LARGEST = 64; // CSS pixels a cell of a single board at most
const SMALLEST = 26; // CSS pixels a cell at least, for fingers
const BOARD = 440; // CSS pixels a side of a board that has many cells
const BESIDE = 36; // CSS pixels a cell that three boards need to stand beside each other
const BELOW = 52; // CSS pixels a cell at most where there are three boards
const GAP = 15; // between boards, as in kernel.css

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const state = states.get(parentElement) ?? {
    tool: null, brush: { value: 1, label: "1", wrong: null }, pending: null, wrong: new Map(),
  };
  states.set(parentElement, state);
  const view = (state.view ??= { state });
  Object.assign(view, {
    root, header, incoming: arrays.weights, palette: paletteOf(root, header.palettes),
    number: numberFormat(header.locale, 4), brief: numberFormat(header.locale, 3),
  });
  view.tint = signedScale(view.palette.weight_low, view.palette.neutral, view.palette.weight_high);
  view.send = (text) => setTriggerValue("changed", text);
  receive(view);
  const parts = JSON.stringify([header.words, state.shape]);
  // Only another language, size or number of planes is built anew: what is being typed stays.
  const isSame = parts === state.parts && root.childElementCount > 0;
  state.parts = parts;
  mount(state, root, () => isSame || build(view), () => paintAll(view));
  return () => {
    clearTimeout(state.patience);
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

/** Take the server's weights, unless it has not heard yet of a later change made here. */
function receive(view) {
  const { state, header, incoming } = view;
  if (header.heard === state.pending) endWait(state);
  const isSize = String(incoming.shape) === String(state.shape);
  if (isSize && (state.stroke || state.pending !== null)) return;
  const isAnswer = isSize && incoming.raw.every((weight, i) => weight === state.weights[i]);
  if (!isAnswer) state.wrong.clear();
  if (!isSize) Object.assign(state, { draft: null, stroke: null, at: null });
  Object.assign(state, {
    shape: incoming.shape, weights: incoming.raw.slice(), labels: [...header.labels],
  });
}

function endWait(state) {
  clearTimeout(state.patience);
  state.pending = null;
}

/** Tell the server what the filter is now: `1,0,-1;2,0,-2`, planes separated by `|`. */
function report(view) {
  const { state } = view;
  endWait(state);
  state.pending = textOf(state);
  state.patience = setTimeout(() => {
    endWait(state);
    receive(view);
    paintAll(view);
  }, PATIENCE_MS);
  view.send(state.pending);
}

function textOf({ weights, shape: [planes, rows, cols] }) {
  const range = (length, make) => Array.from({ length }, (_, n) => make(n));
  const weight = (i) => String(Number(weights[i].toPrecision(9)));
  const row = (start) => range(cols, (col) => weight(start + col)).join(",");
  const plane = (start) => range(rows, (n) => row(start + n * cols)).join(";");
  return range(planes, (n) => plane(n * rows * cols)).join("|");
}

// ---------------------------------------------------------------- building

function build(view) {
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

function headOf(view, words) {
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

function toolButton(view, name, text, hint) {
  const button = element("button", name, text);
  button.type = "button";
  button.title = hint;
  button.dataset.focus = name;
  button.onclick = () => {
    view.state.tool = view.state.tool === name ? null : name;
    show(view);
  };
  return button;
}

function brushField(view) {
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

function planeOf(view, plane, inputs) {
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

function cellField(view, i) {
  const input = element("input");
  input.type = "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.dataset.focus = `cell-${i}`;
  input.setAttribute("aria-label", cellName(view, i));
  makeTypable(view, input, i);
  return input;
}

/** Plane, row and column of a weight. */
function placeOf({ state: { shape: [, rows, cols] } }, i) {
  return [Math.floor(i / (rows * cols)), Math.floor(i / cols) % rows, i % cols];
}

/** "Row 1, column 2", counted from 1 as in what is said of a typed filter. */
function cellName(view, i) {
  const { words } = view.header;
  const [plane, row, col] = placeOf(view, i);
  const place = { plane: words.planes[plane], row: row + 1, col: col + 1 };
  return fill(words.planes.length ? words.plane_cell : words.cell, place);
}

// ---------------------------------------------------------------- showing

function paintAll(view) {
  const { state, board, planes, palette } = view;
  const [count, rows, cols] = state.shape;
  const style = getComputedStyle(view.card);
  const room = view.card.clientWidth - 2 * parseFloat(style.paddingLeft);
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
function show(view) {
  const { state, inputs, palette, board, tools } = view;
  const peak = state.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  inputs.forEach((input, i) => showCell(view, input, i, peak || 1));
  const home = state.at ?? 0;
  const [plane, size] = [placeOf(view, home)[0], inputs.length / view.planes.length];
  inputs.forEach((input, i) => {
    input.tabIndex = i === home || (i % size === 0 && Math.floor(i / size) !== plane) ? 0 : -1;
  });
  for (const [name, button] of Object.entries(tools))
    button.setAttribute("aria-pressed", String(state.tool === name));
  board.classList.toggle("painting", Boolean(state.tool));
  const limit = view.brief(peak || 1);
  const colours = [palette.weight_low, palette.neutral, palette.weight_high];
  view.scale.replaceChildren(legend(`−${limit}`, `+${limit}`, colours));
  say(view);
}

function showCell(view, input, i, peak) {
  const { state, side, header, tint } = view;
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
