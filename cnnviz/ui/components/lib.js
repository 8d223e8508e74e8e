// Shared by every component: unpacking, colours, numbers, crisp canvases. Prepended to each.

const states = new WeakMap(); // one mounted instance → what it must remember between data

/** Header and typed arrays of a block made by wire.pack. */
function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const arrays = {};
  for (const [name, entry] of Object.entries(header.arrays)) {
    const start = bytes.byteOffset + 4 + length + entry.offset;
    const size = entry.shape.reduce((a, b) => a * b, 1);
    const copy = bytes.buffer.slice(start, start + size * (entry.dtype === "f4" ? 4 : 1));
    const raw = entry.dtype === "f4" ? new Float32Array(copy) : new Uint8Array(copy);
    arrays[name] = { raw, shape: entry.shape, unit: entry.dtype === "f4" ? 1 : 255 };
  }
  return { header, arrays };
}

/** The palette of the appearance in force: read off the page's own background. */
function paletteOf(element, palettes) {
  const probe = document.createElement("span");
  probe.style.color = getComputedStyle(element).getPropertyValue("--st-background-color");
  element.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
  probe.remove();
  return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? palettes.dark : palettes.light;
}

function rgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** Value in [-1, 1] → colour between the scale's ends through its neutral middle. */
function signedScale(low, neutral, high) {
  const [a, b, c] = [low, neutral, high].map(rgb);
  return (value) => {
    const end = value < 0 ? a : c;
    const share = Math.min(1, Math.abs(value));
    return b.map((n, i) => Math.round(n + (end[i] - n) * share));
  };
}

/** Black or white, whichever has more contrast on a colour (relative luminance, WCAG 2.2). */
function inkOn(colour) {
  const [r, g, b] = colour.map((level) => (level / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.197 ? "#14161c" : "#ffffff";
}

/** Numbers as the reader writes them, with a true minus sign. */
function numberFormat(locale, digits) {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const part = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const tiny = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  return (value) => {
    const nearest = Math.round(value);
    let text;
    if (Math.abs(value - nearest) < 1e-4) text = whole.format(nearest === 0 ? 0 : nearest);
    else if (Math.abs(value) < 0.5 * 10 ** -digits) text = tiny.format(value);
    else text = part.format(value);
    return text.replace("-", "−");
  };
}

/** What a byte of wire.signed_levels stands for, in −1…1. */
const signedValue = (level) => (level - 128) / 127;

/** "{row}" fields of a translated sentence filled in. */
function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Let the keyboard reach a canvas, and say what it is. */
function operable(canvas, label, focus) {
  canvas.tabIndex = 0;
  canvas.dataset.focus = focus;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", label);
  return canvas;
}

/**
 * Size a canvas to `rows` × `cols` square cells within `width` CSS pixels; whole device pixels
 * a cell where there is room for four. Returns the cell's side in device pixels.
 */
function fitCells(canvas, rows, cols, width) {
  const ratio = window.devicePixelRatio || 1;
  const exact = (width * ratio) / cols;
  const cell = exact >= 4 ? Math.floor(exact) : exact;
  canvas.width = Math.round(cell * cols);
  canvas.height = Math.round(cell * rows);
  canvas.style.width = `${canvas.width / ratio}px`;
  canvas.style.height = `${canvas.height / ratio}px`;
  return cell;
}

/** Picture of rows × cols colours, one image pixel a cell, to be drawn without smoothing. */
function bitmap(rows, cols, colourAt) {
  const small = document.createElement("canvas");
  small.width = cols;
  small.height = rows;
  const context = small.getContext("2d");
  const image = context.createImageData(cols, rows);
  const { data } = image;
  for (let i = 0; i < rows * cols; i++) {
    const colour = colourAt(i);
    data[4 * i] = colour[0];
    data[4 * i + 1] = colour[1];
    data[4 * i + 2] = colour[2];
    data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return small;
}

/** A bitmap blown up onto a canvas; every value stays a square. */
function blowUp(context, small, x, y, width, height) {
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, width, height);
}

/** Lines between rows × cols cells whose first one starts at (left, top). */
function grid(context, rows, cols, cell, colour, left = 0, top = 0) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  const [tall, wide] = [Math.round(rows * cell), Math.round(cols * cell)];
  for (let r = 0; r <= rows; r++) {
    const y = top + Math.min(Math.round(r * cell), tall - 1) + 0.5;
    context.moveTo(left, y);
    context.lineTo(left + wide, y);
  }
  for (let c = 0; c <= cols; c++) {
    const x = left + Math.min(Math.round(c * cell), wide - 1) + 0.5;
    context.moveTo(x, top);
    context.lineTo(x, top + tall);
  }
  context.stroke();
}

/** The size at which so many letters fill a cell without leaving it. */
function textSize(length, cell) {
  return Math.min(cell * 0.45, (cell * 1.5) / Math.max(2, length));
}

/** Texts of that size will be centred on where they are written. */
function centreText(context, size) {
  context.font = `600 ${size}px ui-monospace, monospace`;
  context.textAlign = "center";
  context.textBaseline = "middle";
}

/** CSS pixels that a canvas may take in a card; asking makes the browser lay out the page. */
function roomIn(card) {
  return card.clientWidth - 2 * parseFloat(getComputedStyle(card).paddingLeft);
}

/** "−3.6 ▬▬▬ +3.6": the range a scale covers, always visible. */
function legend(low, high, colours) {
  const row = element("div", "legend");
  const bar = element("i");
  bar.style.background = `linear-gradient(90deg, ${colours.join(",")})`;
  row.append(element("span", "", low), bar, element("span", "", high));
  return row;
}

/** A button that shows the whole component on the full screen, for the projector. */
function enlargeButton(root, label) {
  const button = element("button", "enlarge", "⤢");
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.onclick = () =>
    document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen();
  return button;
}

/**
 * Build and draw a component, and draw again whenever its width changes. The keyboard's focus and
 * the height are held meanwhile, so that nothing jumps. While a page is coming or going the root
 * has no width, and there is nothing to draw on.
 */
function mount(state, root, build, draw) {
  root.style.minHeight = `${root.offsetHeight}px`;
  const held = root.getRootNode().activeElement?.dataset.focus;
  build();
  if (held) root.querySelector(`[data-focus="${held}"]`)?.focus({ preventScroll: true });
  state.draw = () => root.isConnected && root.clientWidth && draw();
  if (!state.observer) {
    state.width = root.clientWidth;
    state.observer = new ResizeObserver(() => {
      if (Math.abs(root.clientWidth - state.width) < 2) return;
      state.width = root.clientWidth;
      state.draw();
    });
    state.observer.observe(root);
  }
  state.draw();
  root.style.minHeight = "";
}
