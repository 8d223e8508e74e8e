// A picture beside its numbers. It holds the whole picture, so reading, zooming and switching
// planes ask no server; only the pinned pixel and a changed one are reported.

const CHANNELS = ["red", "green", "blue"];

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const isNew = !states.has(parentElement);
  const state = states.get(parentElement) ?? { on: [true, true, true], queue: [] };
  states.set(parentElement, state);
  const view = (state.view ??= { state });
  Object.assign(view, {
    root, header, data, picture: arrays.picture, palette: paletteOf(root, header.palettes),
    brief: numberFormat(header.locale, 1), exact: numberFormat(header.locale, 2),
  });
  view.report = setStateValue;
  view.change = (change) => setTriggerValue("changed", change);
  if (isNew) state.pinned = header.pinned;
  fitState(view);
  reconcile(view);
  const words = JSON.stringify(header.words);
  // Only another language, size or number of planes is built anew: what is being typed stays.
  const isSame = words === state.words && root.childElementCount > 0;
  state.words = words;
  mount(state, root, () => isSame || build(view), () => paintAll(view));
  return () => {
    clearTimeout(state.reporting);
    clearTimeout(state.patience);
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

/** Level 0…255 of a pixel in one channel. */
const levelOf = ({ picture }, channel, [row, col]) => {
  const [, rows, cols] = picture.shape;
  return (picture.raw[(channel * rows + row) * cols + col] * 255) / picture.unit;
};

const levelsOf = (view, cell) =>
  Array.from({ length: view.picture.shape[0] }, (_, channel) => levelOf(view, channel, cell));

const clamp = (n, size) => Math.max(0, Math.min(size - 1, n));

/** Keep the pinned pixel, here and (where walking with the keys ends) in the link. */
function pin(view, cell) {
  const { state } = view;
  if (String(state.pinned ?? "") === String(cell ?? "")) return;
  settleDraft(view);
  state.pinned = cell;
  state.isPlaced = true;
  clearTimeout(state.reporting);
  state.reporting = setTimeout(() => view.report("cell", cell), 200);
}

// ---------------------------------------------------------------- building

function build(view) {
  const { root, header: { words } } = view;
  const isColour = words.planes.length > 0;
  const board = element("div", `board ${isColour ? "colour" : "grey"}`);
  board.append(pictureCard(view));
  view.planes = (isColour ? words.planes : [words.numbers]).map((name, channel) =>
    planeCard(view, name, channel, isColour));
  board.append(...view.planes.map(({ card }) => card), readingCard(view, isColour), histogramCard(view));
  root.replaceChildren(board);
  makeOperable(view);
}

function pictureCard(view) {
  const { words } = view.header;
  const card = element("section", "card picture");
  const canvas = operable(element("canvas"), words.picture_label, "picture");
  const pad = element("div", "pad");
  const frame = element("div", "frame");
  pad.append(canvas, frame);
  const tools = element("div", "tools");
  view.out = toolButton("−", words.zoom_out, "zoom-out");
  view.in = toolButton("+", words.zoom_in, "zoom-in");
  view.extent = element("span", "extent");
  tools.append(view.out, view.extent, view.in, enlargeButton(view.root, words.enlarge));
  view.place = element("p", "shape place");
  card.append(
    element("h2", "", words.picture), element("p", "shape", words.picture_shape),
    pad, tools, view.place,
  );
  view.whole = { card, canvas, pad, frame };
  return card;
}

function toolButton(text, label, focus) {
  const button = element("button", focus, text);
  button.type = "button";
  button.title = label;
  button.dataset.focus = focus;
  button.setAttribute("aria-label", label);
  return button;
}

function planeCard(view, name, channel, isColour) {
  const { words } = view.header;
  const card = element("section", `card plane ${isColour ? CHANNELS[channel] : "only"}`);
  const label = isColour ? fill(words.plane_label, { plane: name }) : words.numbers_label;
  const canvas = operable(element("canvas"), label, `plane-${channel}`);
  const holder = element("div", "holder");
  const note = element("p", "note", words.too_small);
  holder.append(canvas);
  const plane = { card, canvas, holder, note, channel, isColour };
  card.append(isColour ? planeHead(view, plane, name) : element("h2", "", name));
  const full = isColour ? ["#f00", "#0f0", "#00f"][channel] : "#fff";
  card.append(holder, note, legend("0", "255", ["#000", full]));
  return plane;
}

/** The whole plane as a small picture, and the button that switches it off and on. */
function planeHead(view, plane, name) {
  const { words } = view.header;
  const head = element("div", "head");
  plane.thumb = element("canvas", "thumb");
  plane.thumb.setAttribute("role", "img");
  const label = fill(words.thumb_label, { plane: name, size: words.plane_size });
  plane.thumb.setAttribute("aria-label", label);
  plane.button = element("button", "switch");
  plane.button.type = "button";
  plane.button.dataset.focus = `switch-${plane.channel}`;
  plane.button.setAttribute("aria-label", fill(words.plane_button, { plane: name }));
  plane.button.append(element("i"), element("span", "", name));
  plane.word = element("span", "word");
  const beside = element("div", "beside");
  beside.append(plane.button, plane.word);
  head.append(plane.thumb, beside);
  return head;
}

function readingCard(view, isColour) {
  const { words } = view.header;
  const card = element("section", "card reading");
  view.says = element("p", "tells");
  view.says.setAttribute("aria-live", "polite");
  view.swatch = element("i", "swatch");
  const told = element("div", "told");
  told.append(view.swatch, view.says);
  const form = element("div", "levels");
  view.inputs = (isColour ? words.planes : [words.level]).map((name, channel) => {
    const field = element("label", "level");
    const input = element("input");
    Object.assign(input, { type: "number", min: 0, max: 255, step: 1, inputMode: "numeric" });
    input.dataset.focus = `level-${channel}`;
    if (isColour) input.setAttribute("aria-label", fill(words.level_label, { plane: name }));
    field.append(element("span", "", name), input);
    form.append(field);
    return input;
  });
  view.refusal = element("p", "refusal");
  view.refusal.setAttribute("role", "alert");
  view.hint = element("p", "says hint");
  card.append(element("h2", "", words.reading), told, form, view.refusal, view.hint);
  return card;
}

function histogramCard(view) {
  const { words } = view.header;
  const card = element("section", "card histogram");
  const canvas = element("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words.histogram_label);
  view.bins = element("p", "says bins");
  card.append(element("h2", "", words.histogram), canvas, view.bins);
  view.histogram = { card, canvas };
  return card;
}

/** Switch a plane off or on: the picture is put together again from those that are on. */
function toggle(view, channel) {
  view.state.on[channel] = !view.state.on[channel];
  paintAll(view);
}
