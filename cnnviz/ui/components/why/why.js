// Why this number? One cell of a layer, the exact computation behind it, and the picture it sees.
// What is asked next (a number that went into it, or another cell of the same map) is reported;
// pointing at things asks no server.

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const state = states.get(parentElement) ?? {};
  states.set(parentElement, state);
  const palette = paletteOf(root, header.palettes);
  const view = {
    root, header, arrays, state, palette,
    number: numberFormat(header.locale, 3),
    mapTint: signedScale(palette.map_low, palette.neutral, palette.map_high),
    weightTint: signedScale(palette.weight_low, palette.neutral, palette.weight_high),
    ask: (cell) => setTriggerValue("asked", cell),
    go: (position) => setTriggerValue("went", position),
  };
  if (state.asked !== header.asked) Object.assign(state, { asked: header.asked, at: null, on: null });
  mount(state, root, () => build(view), () => paintAll(view));
  const { layer, channel } = header.map;
  window.dispatchEvent(new CustomEvent("cnnviz:asked", { detail: { layer, channel } }));
  return () => {
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

function build(view) {
  const { root, header } = view;
  const panels = element("div", "panels");
  panels.append(sawCard(view), mapCard(view), sumCard(view));
  view.says = element("p", "says", header.words.says);
  view.says.setAttribute("aria-live", "polite");
  root.replaceChildren(crumbs(view), panels, view.says);
}

// ---------------------------------------------------------------- the trail

/** Every question asked on the way back to the pixels; each can be returned to. */
function crumbs(view) {
  const { header } = view;
  const trail = element("nav", "trail");
  trail.setAttribute("aria-label", header.words.trail);
  header.crumbs.forEach((label, position) => {
    if (position) trail.append(Object.assign(element("span", "", "←"), { ariaHidden: "true" }));
    const button = element("button", "crumb", label);
    button.type = "button";
    button.dataset.focus = `crumb-${position}`;
    if (position === header.position) button.setAttribute("aria-current", "step");
    button.onclick = () => view.go(position);
    trail.append(button);
  });
  trail.append(enlargeButton(view.root, header.words.enlarge));
  return trail;
}

// ---------------------------------------------------------------- what it saw

function sawCard(view) {
  const { words } = view.header;
  const card = element("section", "card saw");
  const canvas = element("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${words.saw}. ${words.field}`);
  card.append(element("h2", "", words.saw), element("p", "shape", words.saw_shape), canvas);
  card.append(element("p", "note", words.field));
  if (view.arrays.effective) {
    card.append(legend("0", words.most, ["#0000", view.palette.accent]), element("p", "note", words.effective));
  }
  view.saw = { card, canvas };
  return card;
}

// ---------------------------------------------------------------- the map it stands in

function mapCard(view) {
  const { header: { words, map }, palette, number } = view;
  const card = element("section", "card map");
  const canvas = operable(element("canvas"), words.map_label, "map");
  card.append(element("h2", "", words.map), element("p", "shape", words.map_shape), canvas);
  if (map.kind === "pixels") card.append(legend("0", "255", ["#000", "#fff"]));
  else {
    const peak = number(map.peak);
    card.append(legend(`−${peak}`, `+${peak}`, [palette.map_low, palette.neutral, palette.map_high]));
  }
  view.map = { card, canvas };
  const { rows, cols } = map;
  walkable(view, canvas, () => ({ rows, cols, cell: view.map.cell }), {
    isThere: (row, col) => row * cols + col < map.count,
    tell: (row, col) => fill(words.cell, {
      place: placeOf(view, row, col), value: number(view.arrays.map.raw[row * cols + col]),
    }),
    enter: (row, col) => view.ask(map.is_flat
      ? { ...header0(view), channel: row * cols + col, row: 0, col: 0 }
      : { ...header0(view), row, col }),
    paint: (at) => paintMap(view, at),
    start: () => map.cell,
  });
  return card;
}

const header0 = ({ header }) => ({ layer: header.map.layer, channel: header.map.channel });

const placeOf = ({ header: { map, words } }, row, col) =>
  map.is_flat ? (map.labels?.[row * map.cols + col] ?? fill(words.index, { index: row * map.cols + col }))
    : fill(words.row_col, { row, col });

/** Pointer and arrow keys walk over the cells of a canvas; a click or Enter asks about one. */
function walkable(view, canvas, shape, { isThere, tell, enter, paint, start }) {
  let at = null;
  const settle = (next) => {
    at = next;
    paint(at);
    view.says.textContent = at ? tell(...at) : view.header.words.says;
  };
  const under = (event) => {
    const { rows, cols } = shape();
    const box = canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const col = Math.floor(((event.clientX - box.left) / box.width) * cols);
    const isInside = row >= 0 && row < rows && col >= 0 && col < cols && isThere(row, col);
    return isInside ? [row, col] : null;
  };
  canvas.onpointermove = (event) => settle(under(event));
  canvas.onpointerleave = () => settle(null);
  canvas.onblur = () => settle(null);
  canvas.onfocus = () => canvas.matches(":focus-visible") && settle(at ?? start());
  canvas.onclick = (event) => {
    const cell = under(event);
    if (cell) enter(...cell);
  };
  canvas.onkeydown = (event) => {
    const { rows, cols } = shape();
    const [row, col] = at ?? start();
    const steps = {
      ArrowLeft: [row, col - 1], ArrowRight: [row, col + 1], ArrowUp: [row - 1, col],
      ArrowDown: [row + 1, col], Home: [row, 0], End: [row, cols - 1],
    };
    if (event.key === "Enter" || event.key === " ") enter(row, col);
    else if (!(event.key in steps)) return;
    event.preventDefault();
    const next = steps[event.key];
    if (!next || next[0] < 0 || next[0] >= rows || next[1] < 0 || next[1] >= cols) return;
    if (isThere(...next)) settle(next);
  };
}
