// Painting a wall: how its maps are laid out, and each stage's canvas.

const NEAR = 800; // CSS pixels above and below the window within which stages are painted
const MANY = 24; // maps, beyond which each is smaller: to see a layer at a glance is worth more
const LEAST_OF_MANY = 30; // CSS pixels

/** How many maps side by side, and the side of one, in device pixels. */
function layoutOf(view, stage) {
  const drawn = view.stages.find((one) => one.stage === stage);
  const ratio = window.devicePixelRatio || 1;
  const padding = parseFloat(getComputedStyle(drawn.card).paddingLeft);
  const room = Math.max(40, drawn.card.clientWidth - 2 * padding) * ratio;
  const gap = Math.round(4 * ratio);
  const least = ratio * (stage.count > MANY ? LEAST_OF_MANY : LEAST_SIDE);
  const fitting = Math.max(1, Math.floor((room + gap) / (least + gap)));
  const isNarrow = view.root.clientWidth < NARROW;
  const wanted = isNarrow ? Math.max(fitting, stage.columns ?? 1) : (stage.columns ?? fitting);
  const lines = Math.ceil(stage.count / Math.min(wanted, stage.count));
  const columns = Math.ceil(stage.count / lines);
  const exact = Math.min(
    (stage.side * ratio) / Math.max(stage.rows, stage.cols),
    (room - gap * (columns - 1)) / columns / stage.cols,
  );
  const cell = exact >= 2 * ratio ? Math.floor(exact) : exact;
  const [width, height] = [cell * stage.cols, cell * stage.rows].map((n) => Math.max(1, Math.round(n)));
  return { columns, gap, width, height };
}

function mapUnder(view, stage, canvas, event) {
  const box = canvas.getBoundingClientRect();
  const { columns, gap, width, height } = layoutOf(view, stage);
  const scale = canvas.width / box.width;
  const col = Math.floor(((event.clientX - box.left) * scale) / (width + gap));
  const row = Math.floor(((event.clientY - box.top) * scale) / (height + gap));
  const index = row * columns + Math.min(col, columns - 1);
  return index >= 0 && index < stage.count ? index : null;
}

/** Paint what is in view or near it, and the rest when it comes near: networks can be large. */
function paintAll(view) {
  view.state.near?.disconnect();
  view.state.near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) paintAnew(view, view.stages.find(({ canvas }) => canvas === target));
    }
  }, { rootMargin: `${NEAR}px` });
  for (const drawn of view.stages.filter(({ canvas }) => canvas)) {
    sizeCanvas(view, drawn);
    const { top, bottom } = drawn.canvas.getBoundingClientRect();
    if (bottom > -NEAR && top < window.innerHeight + NEAR) paintAnew(view, drawn);
    else view.state.near.observe(drawn.canvas);
  }
}

function paintAnew(view, drawn) {
  view.state.near.unobserve(drawn.canvas);
  drawn.still = stillOf(view, drawn.stage, drawn.canvas);
  paint(view, drawn);
}

function sizeCanvas(view, { stage, canvas }) {
  const { columns, gap, width, height } = layoutOf(view, stage);
  const lines = Math.ceil(stage.count / columns);
  canvas.width = columns * width + (columns - 1) * gap;
  canvas.height = lines * height + (lines - 1) * gap;
  canvas.style.width = `${canvas.width / (window.devicePixelRatio || 1)}px`;
}

function stillOf(view, stage, canvas) {
  const { columns, gap, width, height } = layoutOf(view, stage);
  const still = document.createElement("canvas");
  [still.width, still.height] = [canvas.width, canvas.height];
  const context = still.getContext("2d");
  for (let index = 0; index < stage.count; index++) {
    const x = (index % columns) * (width + gap);
    const y = Math.floor(index / columns) * (height + gap);
    blowUp(context, mapBitmap(view, stage, index), x, y, width, height);
  }
  return still;
}

function mapBitmap(view, stage, index) {
  const { raw } = view.arrays[stage.id];
  const size = stage.rows * stage.cols;
  if (stage.kind === "pixels" && stage.is_colour) {
    return bitmap(stage.rows, stage.cols, (i) => [0, 1, 2].map((c) => raw[c * size + i]));
  }
  const colour = stage.kind === "pixels"
    ? (value) => [value, value, value]
    : (value) => view.tints[stage.kind](signedValue(value));
  return bitmap(stage.rows, stage.cols, (i) => colour(raw[index * size + i]));
}

function paint(view, { stage, canvas, still }) {
  if (!still?.width) return; // not painted yet
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(still, 0, 0);
  const ratio = window.devicePixelRatio || 1;
  const { columns, gap, width, height } = layoutOf(view, stage);
  const outline = (index, line, colour) => {
    if (index === null || index === undefined) return;
    context.strokeStyle = colour;
    context.lineWidth = line * ratio;
    const inset = (line * ratio) / 2;
    context.strokeRect(
      (index % columns) * (width + gap) + inset, Math.floor(index / columns) * (height + gap) + inset,
      width - 2 * inset, height - 2 * inset,
    );
  };
  outline(chosenOf(view, stage), 3, view.palette.accent);
  if (view.hover?.id === stage.id) outline(view.hover.index, 2, view.palette.accent);
}
