// A chain of operations: the picture and what each step made of it, a canvas each. The cell under
// the pointer is outlined, and so is what it sees of every map before it, one map after another
// back to the picture. It holds all maps, so that pointing asks no server.

const GROWING_MS = 160; // from one map to the one before
const MOST = 300; // CSS pixels that a map may be tall or wide

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const state = states.get(parentElement) ?? { at: header.start, depth: 0, last: {} };
  states.set(parentElement, state);
  const palette = paletteOf(root, header.palettes);
  const view = {
    root, header, state, palette,
    maps: header.stages.map((stage, index) => arrays[`stage${index}`]),
    formats: header.stages.map(({ unit }) => numberFormat(header.locale, unit === 255 ? 2 : 3)),
    signed: signedScale(palette.map_low, palette.neutral, palette.map_high),
  };
  keepInside(view);
  clearTimeout(state.growing); // its view is gone
  state.growing = 0;
  mount(state, root, () => build(view), () => paintAll(view));
  tell(view);
  grow(view);
  return () => {
    clearTimeout(state.growing);
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

/** New data may have fewer maps, and smaller ones. */
function keepInside({ header, state }) {
  const isLost = state.at.stage >= header.stages.length;
  state.at = isLost ? header.start : inside(header.stages[state.at.stage], state.at);
}

const clamp = (n, size) => Math.max(0, Math.min(size - 1, n));

const inside = ({ rows, cols }, at) => ({ ...at, row: clamp(at.row, rows), col: clamp(at.col, cols) });

function valueOf({ maps, header }, { stage, row, col }) {
  const { raw, unit } = maps[stage];
  return raw[row * header.stages[stage].cols + col] / unit;
}

// ---------------------------------------------------------------- building

function build(view) {
  const { root, header } = view;
  const list = element("div", "stages");
  view.stages = header.stages.map((stage, index) => {
    const place = element("div", "place");
    place.append(arrow(index));
    const card = element("section", "card");
    card.dataset.stage = index;
    const canvas = canvasOf(view, index);
    card.append(element("h2", "", stage.title), element("p", "shape", stage.shape), canvas);
    card.append(scaleOf(view, index));
    place.append(card);
    list.append(place);
    return { canvas, card };
  });
  view.says = element("p", "says");
  view.says.setAttribute("aria-live", "polite");
  const below = element("div", "below");
  below.append(view.says, enlargeButton(root, header.words.enlarge));
  root.replaceChildren(list, below);
}

/** Nothing leads to the picture, but its card is as wide as the others. */
function arrow(index) {
  const made = element("span", index ? "arrow" : "arrow none", "→");
  made.setAttribute("aria-hidden", "true");
  return made;
}

function scaleOf({ header, palette, formats }, index) {
  const { kind, unit, peak } = header.stages[index];
  if (kind === "pixels") return legend("0", formats[index](unit), ["#000", "#fff"]);
  const most = formats[index](peak * unit);
  return legend(`−${most}`, `+${most}`, [palette.map_low, palette.neutral, palette.map_high]);
}

function canvasOf(view, index) {
  const { rows, cols, label } = view.header.stages[index];
  const canvas = element("canvas");
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", label);
  canvas.tabIndex = 0;
  canvas.dataset.focus = `stage${index}`;
  const pointed = (event) => {
    const box = canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const col = Math.floor(((event.clientX - box.left) / box.width) * cols);
    point(view, { stage: index, row, col });
  };
  canvas.onpointermove = pointed;
  canvas.onpointerdown = pointed;
  canvas.onfocus = () => point(view, placeIn(view, index));
  canvas.onkeydown = (event) => onKey(view, index, event);
  return canvas;
}

/** Where a map was pointed at last; else its middle. */
function placeIn({ header, state }, index) {
  if (state.at.stage === index) return state.at;
  const { rows, cols } = header.stages[index];
  const middle = { stage: index, row: Math.floor(rows / 2), col: Math.floor(cols / 2) };
  return state.last[index] ?? middle;
}

// ---------------------------------------------------------------- pointing

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(view, index, event) {
  const { rows, cols } = view.header.stages[index];
  const { row, col } = placeIn(view, index);
  let next;
  if (event.key in STEPS) {
    const [down, right] = STEPS[event.key];
    next = [row + down, col + right];
  } else if (event.key === "Home") next = [event.ctrlKey ? 0 : row, 0];
  else if (event.key === "End") next = [event.ctrlKey ? rows - 1 : row, cols - 1];
  else return;
  event.preventDefault();
  point(view, { stage: index, row: next[0], col: next[1] });
}

function point(view, at) {
  const { state, header } = view;
  const isElsewhere = at.stage !== state.at.stage;
  const wanted = inside(header.stages[at.stage], at);
  if (!isElsewhere && wanted.row === state.at.row && wanted.col === state.at.col) return;
  if (isElsewhere) state.depth = 0; // on the same map, what has grown moves along
  state.at = state.last[at.stage] = wanted;
  for (let index = 0; index < view.stages.length; index++) paint(view, index);
  tell(view);
  grow(view);
}

/** Let the field reach one map further back at a time; at once where motion is not wanted. */
function grow(view) {
  const { state } = view;
  if (state.depth >= state.at.stage || state.growing) return;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    state.depth = state.at.stage;
    for (let index = 0; index < state.at.stage; index++) paint(view, index);
    return;
  }
  state.growing = setTimeout(() => {
    state.growing = 0;
    state.depth = Math.min(state.depth + 1, state.at.stage);
    paint(view, state.at.stage - state.depth);
    grow(view);
  }, GROWING_MS);
}

/** First and last row, and first and last column, that the cell sees of each map up to its own. */
function fieldsOf({ header }, { stage, row, col }) {
  const fields = [];
  let spans = [[row, row], [col, col]];
  for (let index = stage; index >= 0; index--) {
    fields[index] = spans;
    spans = spans.map(([first, last], axis) => {
      const [stride, before, extent] = header.stages[index].windows[axis];
      return [first * stride - before, last * stride - before + extent - 1];
    });
  }
  return fields;
}

/** The part of a field that lies on its map, or null where all of it is padding. */
function onMap({ rows, cols }, [[top, bottom], [left, right]]) {
  const part = [Math.max(top, 0), Math.min(bottom, rows - 1), Math.max(left, 0), Math.min(right, cols - 1)];
  return part[0] > part[1] || part[2] > part[3] ? null : part;
}

function tell(view) {
  const { state, header, says, formats } = view;
  const { stage, row, col } = state.at;
  const fields = fieldsOf(view, state.at);
  const value = valueOf(view, state.at);
  const shown = formats[stage](value * header.stages[stage].unit);
  Object.assign(says.dataset, { stage, row, col, value, fields: JSON.stringify(fields) });
  if (!stage) {
    says.textContent = fill(header.words.pixel, { row, col, value: shown });
    return;
  }
  const [tall, wide] = fields[0].map(([first, last]) => last - first + 1);
  const seen = onMap(header.stages[0], fields[0]);
  const [top, bottom, left, right] = seen ?? [];
  const words = fill(seen ? header.words.cell : header.words.border, {
    row, col, step: stage, value: shown, top, bottom, left, right,
    tall: bottom - top + 1, wide: right - left + 1,
  });
  const isWhole = seen && tall === bottom - top + 1 && wide === right - left + 1;
  says.textContent = isWhole ? words : `${words} ${fill(header.words.over, { tall, wide })}`;
}
