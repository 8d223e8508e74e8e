// The sliding window: what it covers, what it is multiplied with, what comes out. Serves
// convolution and pooling. It holds the whole trace, so moving the window asks no server; only a
// pinned cell is reported. The total shown is the value that was sent.
//
// Here the panels are built. viewer_geometry: which cells belong together. viewer_paint: pictures
// and what is marked on them. viewer_boards: the numbers under the window and the weights.
// viewer_point: what the pointer is over. viewer_move: steps and playing. viewer_sum: the sum.
// viewer_words: sentences. viewer_sums: the border, and maps that are too large to be sent.

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const isNew = !states.has(parentElement);
  const state = states.get(parentElement) ?? { cell: header.cell, playing: 0, speed: 1 };
  states.set(parentElement, state);
  const view = (state.view = Object.assign(state.view ?? {}, makeView(root, header, arrays, state)));
  view.pin = (cell) => {
    state.pinned = cell;
    clearTimeout(state.reporting); // walking with the arrow keys is reported where it ends
    state.reporting = setTimeout(() => setStateValue("cell", cell), 200);
  };
  if (isNew) state.pinned = header.pinned ? header.cell : null;
  state.focus = null;
  state.cell = state.cell.map((n, axis) => Math.min(n, view.output.shape[axis + 1] - 1));
  if (state.pinned && String(state.pinned) !== String(state.cell)) view.pin(state.cell);
  mount(state, root, () => dress(view), () => paintAll(view));
  return () => {
    stop(view);
    clearTimeout(state.speaking);
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

/** Everything the other functions share: arrays, where windows lie, formats, colours. */
function makeView(root, header, arrays, state) {
  const palette = paletteOf(root, header.palettes);
  const { weight } = arrays;
  const before = header.before_peak ? looked(arrays.before, header.before_peak) : arrays.before;
  for (const axis of header.axes) {
    if (axis.count.length === 1) axis.count = axis.first.map(() => axis.count[0]); // all the same
  }
  const input = header.axes[0].source.length ? padded(arrays.input, header.axes) : arrays.input;
  const output = arrays.output ?? summed({ header, arrays });
  const view = { root, header, state, palette, input, weight, output, before, peaks: {}, ramps: {} };
  view.picture = arrays.input; // without border and inserted zeros
  view.axes = header.axes.map((axis, n) => ({
    ...axis,
    length: input.shape[n + 1],
    most: Math.max(...axis.count),
    users: usersAlong(axis, input.shape[n + 1]),
  }));
  view.number = numberFormat(header.locale, header.digits);
  const pixels = { input: header.is_picture, output: header.is_picture && header.op !== "conv" };
  for (const [name, array] of Object.entries({ input, output, before, weight })) {
    if (!array) continue;
    const [low, high] = extremes(array);
    view.peaks[name] = Math.max(-low, high) || 1;
    const ends = name === "weight" ? "weight" : "map";
    view.ramps[name] = pixels[name] && low >= 0 && high <= 1
      ? greyRamp()
      : signedRamp(palette[`${ends}_low`], palette.neutral, palette[`${ends}_high`], view.peaks[name]);
  }
  view.veil = getComputedStyle(root).backgroundColor.match(/[\d.]+/g).slice(0, 3).map(Number);
  view.isColour = input.shape[0] === 3 && header.is_picture;
  return view;
}

/** Least and largest value, those that are no number left out. */
function extremes({ raw, unit }) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < raw.length; i++) {
    const value = raw[i];
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return [low / unit, high / unit];
}

// ---------------------------------------------------------------- building

/** The panels of an operation are built once; what new data change in them is said anew. */
function dress(view) {
  const parts = [view.header.op, Boolean(view.before), view.input.shape[0]].join();
  if (view.state.parts !== parts) build(view);
  view.state.parts = parts;
  const { words, planes } = view.header;
  for (const [name, panel] of Object.entries(view.panels)) {
    panel.title.textContent = words[name];
    panel.shape.textContent = words[`${name}_shape`];
    const walks = panel.target.tabIndex === 0 && name !== "output";
    panel.target.setAttribute("aria-label", words[`${name}_label`] + (walks ? `. ${words.walk}` : ""));
    panel.boards?.forEach(({ label }, plane) => {
      label.textContent = planes[plane].name;
      label.style.color = view.palette[planes[plane].colour] ?? "";
    });
  }
  view.notes.textContent = words.input_notes;
  nameTools(view);
  addLegends(view);
  fillSum(view);
}

function build(view) {
  const { root, header } = view;
  const layout = view.weight ? "conv" : view.before ? "pool after" : "pool";
  const list = element("div", `panels ${layout} ${view.input.shape[0] > 1 ? "deep" : ""}`);
  view.panels = {};
  const add = (name, isBoard) => {
    const card = element("section", `card ${name}`);
    const panel = { card, title: element("h2"), shape: element("p", "shape"), scale: element("div") };
    if (isBoard) addBoards(panel, view.input.shape[0]);
    else panel.target = panel.canvas = element("canvas");
    card.append(panel.title, panel.shape, panel.target, panel.scale);
    list.append(card);
    view.panels[name] = panel;
  };
  const sign = (text) => {
    const made = element("span", "sign", text);
    made.setAttribute("aria-hidden", "true");
    list.append(made);
  };
  if (view.before) {
    add("before");
    sign("→");
  }
  add("input");
  view.notes = element("p", "notes");
  view.panels.input.card.append(view.notes);
  sign("→");
  add("window", true);
  if (header.op === "conv") {
    sign("∗");
    add("kernel", true);
  }
  sign(header.op === "conv" ? "=" : "→");
  add("output");
  root.replaceChildren(list, sumCard(view));
  makeOperable(view);
}

/** One canvas a plane, each with its name above it. */
function addBoards(panel, planes) {
  panel.target = element("div", "boards");
  panel.boards = Array.from({ length: planes }, () => {
    const [board, label, canvas] = [element("div", "plane"), element("span"), element("canvas")];
    board.append(label, canvas);
    panel.target.append(board);
    return { label, canvas };
  });
}

function addLegends(view) {
  const { palette, panels, number, header } = view;
  const scaleOf = (name, ends) => {
    if (view.ramps[name].isGrey) return legend("0", number(header.unit), ["#000", "#fff"]);
    const limit = number(view.peaks[name] * (name === "weight" ? 1 : header.unit));
    const colours = [palette[`${ends}_low`], palette.neutral, palette[`${ends}_high`]];
    return legend(`−${limit}`, `+${limit}`, colours);
  };
  panels.input.scale.replaceChildren(scaleOf("input", "map"));
  panels.output.scale.replaceChildren(scaleOf("output", "map"));
  panels.before?.scale.replaceChildren(scaleOf("before", "map"));
  panels.kernel?.scale.replaceChildren(scaleOf("weight", "weight"));
}

function sumCard(view) {
  const card = element("section", "card sum");
  view.sum = element("div", "terms");
  view.says = element("p", "says");
  view.spoken = element("p", "spoken");
  card.append(toolsOf(view), view.sum, view.says, view.spoken);
  return card;
}
