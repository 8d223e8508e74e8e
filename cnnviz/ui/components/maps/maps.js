// Filters and their maps, a card each with one canvas: the filter's planes above, its map below.
// The same cell is outlined and read in all maps; only a chosen card is reported. Many large maps
// arrive as bytes 0…255 around a middle of 128, each scaled by its own peak.

const TALLEST = { filter: 110, map: 250 }; // CSS pixels
const LEAST_TEXT = 9; // CSS pixels below which numbers are left out
const GAP = 5; // CSS pixels between planes
const ARROW = 20; // CSS pixels between filter and map
const INDICES = 256; // colours of a scale

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const state = states.get(parentElement) ?? { cell: null, isEach: false, at: 0 };
  states.set(parentElement, state);
  const palette = paletteOf(root, header.palettes);
  const view = {
    root, header, state, palette,
    items: header.items.map((item, n) => itemOf(item, arrays[`weights${n}`], arrays[`map${n}`])),
    number: numberFormat(header.locale, 2),
    weightTint: signedScale(palette.weight_low, palette.neutral, palette.weight_high),
    mapColours: coloursOf(signedScale(palette.map_low, palette.neutral, palette.map_high)),
    report: (position) => setTriggerValue("chosen", position),
  };
  view.peak = Math.max(...view.items.map((item) => item.peak));
  state.chosen = header.chosen;
  state.at = Math.min(state.at, view.items.length - 1);
  mount(state, root, () => build(view), () => paintAll(view));
  return () => {
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

/** An item with its arrays, and what every value is as a number. */
function itemOf(item, weights, map) {
  const isExact = map.unit === 1;
  const [rows, cols] = map.shape;
  const valueAt = (i) => (isExact ? map.raw[i] : signedValue(map.raw[i]) * item.peak);
  const weightPeak = weights.raw.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
  return { ...item, weights, weightPeak, rows, cols, valueAt };
}

/** A signed scale as a table of colours, each the four bytes of a pixel: maps are large. */
function coloursOf(tint) {
  const bytes = new Uint8Array(4 * INDICES);
  for (let i = 0; i < INDICES; i++) {
    bytes.set([...tint((2 * i) / (INDICES - 1) - 1), 255], 4 * i);
  }
  return new Uint32Array(bytes.buffer);
}

// ---------------------------------------------------------------- building

function build(view) {
  const { root, header: { words }, state } = view;
  state.cell = null; // the focus, which comes back, reads its cell again
  const tools = element("div", "tools");
  const each = element("button", "each", words.each);
  each.type = "button";
  each.dataset.focus = "each";
  each.onclick = () => {
    state.isEach = !state.isEach;
    paintAll(view);
  };
  view.each = each;
  tools.append(each, enlargeButton(root, words.enlarge));
  const list = element("div", "maps");
  for (const [n, item] of view.items.entries()) list.append(cardOf(view, item, n));
  view.says = element("p", "says", words.says);
  view.says.setAttribute("aria-live", "polite");
  root.replaceChildren(tools, list, view.says);
}

function cardOf(view, item, n) {
  const card = element("section", "card");
  const title = element("h2");
  const button = element("button", "name", item.name);
  button.type = "button";
  button.dataset.focus = `name-${n}`;
  title.append(button);
  const canvas = element("canvas");
  canvas.dataset.focus = `map-${n}`;
  canvas.tabIndex = -1; // until `showChosen`; the focus may come back before
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", item.label);
  const scales = element("div", "scales");
  const shape = element("p", "shape");
  shape.append(...item.shapes.flatMap((text) => [element("span", "", text), " "]));
  card.append(title, shape, canvas, scales);
  card.onclick = () => choose(view, n);
  Object.assign(item, { card, button, canvas, scales });
  makeReadable(view, item, n);
  return card;
}

function makeReadable(view, item, n) {
  const { canvas } = item;
  const { state } = view;
  const point = (event) => read(view, cellUnder(item, event));
  canvas.onpointermove = point;
  canvas.onpointerdown = point;
  canvas.onpointerleave = () => read(view, null);
  canvas.onfocus = () => {
    state.at = n;
    read(view, state.kept ?? middleOf(item));
  };
  canvas.onblur = () => read(view, null);
  canvas.onkeydown = (event) => onKey(view, item, n, event);
}

const middleOf = ({ rows, cols }) => [rows >> 1, cols >> 1];
const clamp = (value, size) => Math.max(0, Math.min(size - 1, value));

function cellUnder({ canvas, rows, cols, place }, event) {
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  const row = Math.floor(((event.clientY - box.top) * scale - place.y) / place.cell);
  const col = Math.floor(((event.clientX - box.left) * scale - place.x) / place.cell);
  return row >= 0 && row < rows && col >= 0 && col < cols ? [row, col] : null;
}

function choose(view, n) {
  view.state.chosen = n;
  showChosen(view);
  view.report(n);
}

function showChosen({ items, state }) {
  items.forEach(({ card, button, canvas }, n) => {
    card.classList.toggle("chosen", n === state.chosen);
    button.setAttribute("aria-pressed", String(n === state.chosen));
    canvas.tabIndex = n === state.at ? 0 : -1; // the maps share one cell: one stop for the key
  });
}

// ---------------------------------------------------------------- reading

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(view, { rows, cols }, n, event) {
  const [row, col] = view.state.cell ?? view.state.kept ?? [0, 0];
  if (event.key in MOVES) {
    const [down, right] = MOVES[event.key];
    read(view, [clamp(row + down, rows), clamp(col + right, cols)]);
  } else if (event.key === "Home") read(view, [event.ctrlKey ? 0 : row, 0]);
  else if (event.key === "End") read(view, [event.ctrlKey ? rows - 1 : row, cols - 1]);
  else if (event.key === "Enter" || event.key === " ") choose(view, n);
  else return;
  event.preventDefault();
}

/** Outline a cell in every map that has it, and say what all of them hold there. */
function read(view, cell) {
  const { state, header: { words }, items, says, number } = view;
  if (String(cell) === String(state.cell)) return;
  state.cell = cell;
  if (cell) state.kept = cell;
  items.forEach((item) => paint(view, item));
  const values = cell && items.map((item) => {
    const value = valueIn(item, cell);
    return value === null ? words.beyond : number(value);
  });
  says.dataset.cell = cell ?? "";
  says.textContent = cell
    ? fill(words.reads, { row: cell[0], col: cell[1], values: values.join("; ") })
    : words.says;
}

function valueIn({ rows, cols, valueAt }, [row, col]) {
  return row < rows && col < cols ? valueAt(row * cols + col) : null;
}
