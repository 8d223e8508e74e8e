// A frame over the picture: drag to draw it, arrow keys to move it, Shift and arrow keys to change
// its size, Enter to cut it out. Numbers are pixels of the whole picture, which may be shown smaller.

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const state = states.get(parentElement) ?? {};
  if (state.digest !== header.digest) Object.assign(state, { digest: header.digest, frame: null });
  states.set(parentElement, state);
  const palette = paletteOf(root, header.palettes);
  const view = { root, header, state, palette, picture: arrays.picture };
  view.cut = () => state.frame && setTriggerValue("frame", state.frame);
  mount(state, root, () => build(view), () => paint(view));
  return () => {
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

function build(view) {
  const { root, header } = view;
  const canvas = element("canvas");
  canvas.tabIndex = 0;
  canvas.dataset.focus = "cropper";
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", header.words.label);
  view.canvas = canvas;
  view.button = element("button", "cut", header.words.cut);
  view.button.type = "button";
  view.button.dataset.focus = "cut";
  view.button.onclick = view.cut;
  view.says = element("p", "says");
  view.says.setAttribute("aria-live", "polite");
  const tools = element("div", "tools");
  tools.append(view.button, view.says);
  const made = element("div", "crop");
  made.append(canvas, tools);
  root.replaceChildren(made);
  listen(view);
}

function listen(view) {
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

/** The pixel under the pointer, (row, col). */
function place({ canvas, header }, event) {
  const box = canvas.getBoundingClientRect();
  const share = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
  return [header.rows, header.cols].map((size, axis) => within(Math.floor(share[axis] * size), 0, size - 1));
}

const within = (n, low, high) => Math.max(low, Math.min(high, n));

function frameBetween(view, a, b) {
  const [top, left] = [0, 1].map((axis) => Math.min(a[axis], b[axis]));
  view.state.frame = [top, left, Math.abs(a[0] - b[0]) + 1, Math.abs(a[1] - b[1]) + 1];
  paint(view);
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(view, event) {
  const { state, header: { rows, cols } } = view;
  if (event.key === "Enter") view.cut();
  else if (event.key === "Escape") state.frame = null;
  else if (event.key in MOVES) {
    const step = Math.max(1, Math.round(Math.max(rows, cols) / 50));
    const [down, right] = MOVES[event.key].map((n) => n * step);
    let [top, left, tall, wide] = state.frame ?? [0, 0, rows, cols];
    if (event.shiftKey) {
      tall = within(tall + down, 1, rows - top);
      wide = within(wide + right, 1, cols - left);
    } else {
      top = within(top + down, 0, rows - tall);
      left = within(left + right, 0, cols - wide);
    }
    state.frame = [top, left, tall, wide];
  } else return;
  event.preventDefault();
  paint(view);
}

function paint(view) {
  const { root, canvas, header, picture, state, palette, says, button } = view;
  if (!root.clientWidth) return;
  const [channels, rows, cols] = picture.shape;
  const size = rows * cols;
  const most = Math.min(root.clientWidth, 380, (380 * cols) / rows);
  const cell = fitCells(canvas, rows, cols, most);
  const context = canvas.getContext("2d");
  const still = bitmap(rows, cols, (i) => [0, 1, 2].map((c) => picture.raw[(c % channels) * size + i]));
  blowUp(context, still, 0, 0, canvas.width, canvas.height);
  button.disabled = !state.frame;
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
  context.lineWidth = 2 * (window.devicePixelRatio || 1);
  context.strokeRect(...box);
  says.textContent = fill(header.words.says, {
    top, bottom: top + tall - 1, left, right: left + wide - 1,
  });
}
