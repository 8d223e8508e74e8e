// A wall of maps: every stage of a network on one canvas each, as a chain (left to right, on the
// start page), as full-width rows (every layer), or as a grid of cards. Maps arrive as bytes 0…255
// around a middle of 128, scaled by the stage's peak; exact values are told by whoever shows the
// chosen map large.

import { endsOf, tintOf } from "../lib/colours.js";
import { hear } from "../lib/events.js";
import { ARROWS } from "../lib/keys.js";
import { begin, mount } from "../lib/mount.js";
import { element, isCalm, legend, operable, pictured, silent, spoken } from "../lib/nodes.js";
import { fill, numberFormat } from "../lib/words.js";
import { curveOf } from "./curve.js";
import { chosenOf, layoutOf, mapUnder, paint, paintAll } from "./paint.js";

/** @typedef {{
 *   id: string, title: string, shape: string, kind: "pixels" | "signed" | "weights" | "classes",
 *   heading: string, share: number, door: { label: string, href: string } | null,
 *   count?: number, rows?: number, cols?: number, is_colour?: boolean, columns?: number | null,
 *   side?: number, choosable?: boolean, peak?: number, is_each?: boolean,
 *   curve?: number[][] | null, scale?: [string, string, string[]] | null, ranges?: number[][],
 *   label?: string, marks_best?: boolean, has_words?: boolean, zero?: number,
 *   classes?: { label: string, share: number, text: string }[],
 * }} WallStage
 * @typedef {{
 *   layout: string, locale: string, chosen: { layer: string, channel: number } | null,
 *   stages: WallStage[], words: Record<string, string>,
 * }} WallHeader */
/** @typedef {import("../lib/mount.js").View<WallHeader>} View */
/** @typedef {WallStage} Stage */

export default function (component) {
  const opened = begin(component, { at: {} });
  const { header, state, palette } = opened;
  const view = {
    ...opened,
    number: numberFormat(header.locale, 2),
    tints: { signed: tintOf(palette, "map"), weights: tintOf(palette, "weight") },
    report: component.setTriggerValue,
  };
  const unmount = mount(view, () => build(view), () => paintAll(view), () => {
    state.deaf();
    state.near?.disconnect();
  });
  state.deaf?.();
  state.deaf = hear({
    asked: (asked) => markAsked(view, asked),
    show: ({ layer }) => showStage(view, layer),
  });
  return unmount;
}

function build(/** @type {View} */ view) {
  const { root, header } = view;
  const list = element("div", header.layout);
  view.stages = header.stages.map((stage, index) => {
    if (index && header.layout === "chain") list.append(silent("arrow", "→"));
    if (stage.heading) list.append(element("h2", "group", stage.heading));
    const card = element("section", `card stage ${stage.kind}`);
    card.style.setProperty("--share", String(stage.share));
    card.dataset.stage = stage.id;
    card.append(element("h2", "", stage.title), element("p", "shape", stage.shape));
    if (stage.curve) card.append(curveOf(view, stage));
    const drawn = stage.kind === "classes" ? classRows(stage) : canvasOf(view, stage);
    card.append(drawn.node);
    if (stage.scale || (stage.kind !== "classes" && !stage.is_colour)) {
      card.append(scaleOf(view, stage));
    }
    if (stage.door) card.append(doorOf(view, stage));
    list.append(card);
    return { stage, card, ...drawn };
  });
  view.says = spoken("says", header.words.says);
  root.replaceChildren(list, view.says);
}

function scaleOf(/** @type {View} */ { palette, number, header }, /** @type {Stage} */ stage) {
  if (stage.scale) return legend(stage.scale[0], stage.scale[1], stage.scale[2]);
  if (stage.kind === "pixels") return legend("0", "255", ["#000", "#fff"]);
  if (stage.is_each) return legend("−", header.words.most, endsOf(palette, "map"));
  const peak = number(stage.peak, stage.peak);
  return legend(`−${peak}`, `+${peak}`, endsOf(palette, stage.kind === "weights" ? "weight" : "map"));
}

function doorOf(/** @type {View} */ view, /** @type {Stage} */ stage) {
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
function classRows(/** @type {Stage} */ stage) {
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

function canvasOf(/** @type {View} */ view, /** @type {Stage} */ stage) {
  const canvas = pictured(stage.label);
  if (!stage.choosable) return { node: canvas, canvas };
  operable(canvas, stage.label, `maps-${stage.id}`);
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
function markAsked(/** @type {View} */ view, { layer, channel }) {
  if (!view.header.chosen) return;
  view.header.chosen = { layer, channel };
  view.stages.filter(({ canvas }) => canvas).forEach((drawn) => paint(view, drawn));
}

/** The network's plan asks for a layer: bring it into view, and let the keyboard go on there. */
function showStage(/** @type {View} */ view, id) {
  const drawn = view.stages.find(({ stage }) => stage.id === id);
  if (!drawn) return;
  drawn.card.scrollIntoView({ block: "center", behavior: isCalm() ? "auto" : "smooth" });
  drawn.canvas?.focus({ preventScroll: true });
  drawn.card.classList.add("shown");
  setTimeout(() => drawn.card.classList.remove("shown"), 1600);
}

function choose(/** @type {View} */ view, /** @type {Stage} */ stage, index) {
  if (index !== null) view.report("map", { layer: stage.id, channel: index });
}

function onKey(/** @type {View} */ view, /** @type {Stage} */ stage, event) {
  const { columns } = layoutOf(view, stage);
  const now = view.state.at[stage.id] ?? chosenOf(view, stage) ?? 0;
  let next = now;
  if (event.key in ARROWS) next += ARROWS[event.key][0] * columns + ARROWS[event.key][1];
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = stage.count - 1;
  else if (event.key === "Enter" || event.key === " ") choose(view, stage, now);
  else return;
  event.preventDefault();
  if (next < 0 || next >= stage.count) return;
  view.state.at[stage.id] = next;
  hint(view, stage, next);
}

function hint(/** @type {View} */ view, /** @type {Stage} */ stage, index) {
  view.hover = index === null ? null : { id: stage.id, index };
  paint(view, view.stages.find((drawn) => drawn.stage === stage));
  if (index === null) return;
  const range = stage.ranges?.[index];
  const size = range && Math.max(...range.map(Math.abs));
  view.says.textContent = fill(view.header.words.map, {
    layer: stage.title, channel: index,
    low: range ? view.number(range[0], size) : "", high: range ? view.number(range[1], size) : "",
  });
}
