// A wall of maps: every stage of a network on one canvas each, as a chain (left to right, on the
// start page), as full-width rows (every layer), or as a grid of cards. Maps arrive as bytes 0…255
// around a middle of 128, scaled by the stage's peak; exact values are told by whoever shows the
// chosen map large.

const LEAST_SIDE = 54; // CSS pixels below which maps wrap onto the next line
const NARROW = 480; // as in wall.css: the chain runs downwards

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const state = states.get(parentElement) ?? { at: {} };
  states.set(parentElement, state);
  const palette = paletteOf(root, header.palettes);
  const view = {
    root, header, arrays, state, palette,
    number: numberFormat(header.locale, 2),
    tints: {
      signed: signedScale(palette.map_low, palette.neutral, palette.map_high),
      weights: signedScale(palette.weight_low, palette.neutral, palette.weight_high),
    },
    report: (name, value) => setTriggerValue(name, value),
  };
  mount(state, root, () => build(view), () => paintAll(view));
  window.removeEventListener("cnnviz:asked", state.mark);
  window.removeEventListener("cnnviz:show", state.show);
  state.mark = ({ detail }) => markAsked(view, detail);
  state.show = ({ detail }) => showStage(view, detail.layer);
  window.addEventListener("cnnviz:asked", state.mark);
  window.addEventListener("cnnviz:show", state.show);
  return () => {
    window.removeEventListener("cnnviz:asked", state.mark);
    window.removeEventListener("cnnviz:show", state.show);
    state.near?.disconnect();
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

function build(view) {
  const { root, header } = view;
  const list = element("div", header.layout);
  view.stages = header.stages.map((stage, index) => {
    if (index && header.layout === "chain") list.append(arrow());
    if (stage.heading) list.append(element("h2", "group", stage.heading));
    const card = element("section", `card stage ${stage.kind}`);
    card.style.setProperty("--share", stage.share ?? 1);
    card.dataset.stage = stage.id;
    card.append(element("h2", "", stage.title), element("p", "shape", stage.shape));
    if (stage.curve) card.append(curveOf(view, stage));
    const drawn = stage.kind === "classes" ? classRows(view, stage) : canvasOf(view, stage);
    card.append(drawn.node);
    if (stage.scale || (stage.kind !== "classes" && !stage.is_colour)) {
      card.append(scaleOf(view, stage));
    }
    if (stage.door) card.append(doorOf(view, stage));
    list.append(card);
    return { stage, card, ...drawn };
  });
  view.says = element("p", "says");
  view.says.setAttribute("aria-live", "polite");
  view.says.textContent = header.words.says;
  root.replaceChildren(list, view.says);
}

function arrow() {
  const made = element("span", "arrow", "→");
  made.setAttribute("aria-hidden", "true");
  return made;
}

function scaleOf({ palette, number, header }, stage) {
  if (stage.scale) return legend(...stage.scale);
  if (stage.kind === "pixels") return legend("0", "255", ["#000", "#fff"]);
  if (stage.is_each) {
    return legend("−", header.words.most, [palette.map_low, palette.neutral, palette.map_high]);
  }
  const peak = number(stage.peak);
  const ends = stage.kind === "weights" ? ["weight_low", "weight_high"] : ["map_low", "map_high"];
  const [low, high] = ends.map((end) => palette[end]);
  return legend(`−${peak}`, `+${peak}`, [low, palette.neutral, high]);
}

function doorOf(view, stage) {
  const link = element("a", "door", `${stage.door.label}\u00a0→`);
  link.href = stage.door.href;
  link.dataset.focus = `door-${stage.id}`;
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
    event.preventDefault();
    view.report("door", stage.id);
  };
  return link;
}

/** Rows of "3  −1.2  ▬▬▬  96.4 %": the answer, class by class. */
function classRows(view, stage) {
  const table = element("div", `answers${stage.has_words ? " words" : ""}`);
  table.setAttribute("role", "list");
  const best = Math.max(...stage.classes.map((row) => row.share));
  for (const row of stage.classes) {
    const line = element("div", row.share === best && stage.marks_best ? "row best" : "row");
    line.setAttribute("role", "listitem");
    const bar = element("span", "bar");
    const filled = element("i");
    const [low, high] = [Math.min(0, row.share), Math.max(0, row.share)];
    filled.style.left = `${100 * (stage.zero + low)}%`;
    filled.style.width = `${100 * (high - low)}%`;
    bar.append(filled);
    line.append(element("b", "", row.label), bar, element("span", "amount", row.text));
    table.append(line);
  }
  return { node: table };
}

// ---------------------------------------------------------------- maps

function canvasOf(view, stage) {
  const canvas = element("canvas");
  canvas.setAttribute("aria-label", stage.label);
  if (!stage.choosable) {
    canvas.setAttribute("role", "img");
    return { node: canvas, canvas };
  }
  canvas.setAttribute("role", "application");
  canvas.tabIndex = 0;
  canvas.dataset.focus = `maps-${stage.id}`;
  const point = (event) => {
    const index = mapUnder(view, stage, canvas, event);
    view.state.at[stage.id] = index;
    return index;
  };
  canvas.onpointermove = (event) => hint(view, stage, point(event));
  canvas.onpointerleave = () => hint(view, stage, null);
  canvas.onfocus = () => hint(view, stage, view.state.at[stage.id] ?? chosenOf(view, stage) ?? 0);
  canvas.onblur = () => hint(view, stage, null);
  canvas.onclick = (event) => choose(view, stage, point(event));
  canvas.onkeydown = (event) => onKey(view, stage, event);
  return { node: canvas, canvas };
}

/** Another number is asked about elsewhere on the page: mark the map that it stands in. */
function markAsked(view, { layer, channel }) {
  if (!view.header.chosen) return;
  view.header.chosen = { layer, channel };
  view.stages.filter(({ canvas }) => canvas).forEach((drawn) => paint(view, drawn));
}

/** The network's plan asks for a layer: bring it into view, and let the keyboard go on there. */
function showStage(view, id) {
  const drawn = view.stages.find(({ stage }) => stage.id === id);
  if (!drawn) return;
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  drawn.card.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  drawn.canvas?.focus({ preventScroll: true });
  drawn.card.classList.add("shown");
  setTimeout(() => drawn.card.classList.remove("shown"), 1600);
}

const chosenOf = ({ header }, stage) =>
  header.chosen?.layer === stage.id ? header.chosen.channel : null;

function choose(view, stage, index) {
  if (index !== null) view.report("map", { layer: stage.id, channel: index });
}

function onKey(view, stage, event) {
  const { columns } = layoutOf(view, stage);
  const now = view.state.at[stage.id] ?? chosenOf(view, stage) ?? 0;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  let next = now;
  if (event.key in steps) next = now + steps[event.key];
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = stage.count - 1;
  else if (event.key === "Enter" || event.key === " ") choose(view, stage, now);
  else return;
  event.preventDefault();
  if (next < 0 || next >= stage.count) return;
  view.state.at[stage.id] = next;
  hint(view, stage, next);
}

function hint(view, stage, index) {
  view.hover = index === null ? null : { id: stage.id, index };
  paint(view, view.stages.find((drawn) => drawn.stage === stage));
  if (index === null) return;
  const range = stage.ranges?.[index];
  view.says.textContent = fill(view.header.words.map, {
    layer: stage.title, channel: index,
    low: range ? view.number(range[0]) : "", high: range ? view.number(range[1]) : "",
  });
}
