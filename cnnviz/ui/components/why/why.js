// Why this number? One cell of a layer, the exact computation behind it, and the picture it sees.
// What is asked next (a number that went into it, or another cell of the same map) is reported;
// pointing at things asks no server.

import { endsOf, tintOf } from "../lib/colours.js";
import { announce } from "../lib/events.js";
import { begin, mount } from "../lib/mount.js";
import {
  button, element, enlargeButton, legend, operable, pictured, silent, spoken,
} from "../lib/nodes.js";
import { fill, numberFormat } from "../lib/words.js";
import { paintAll, paintMap } from "./paint.js";
import { sumCard } from "./sum.js";
import { walkable } from "./walk.js";

/** @typedef {{ layer: string, channel: number, row: number, col: number }} Asked
 * @typedef {{
 *   layer: string, channel: number, kind: "pixels" | "signed", peak: number, rows: number,
 *   cols: number, count: number, is_flat: boolean, labels: string[] | null, cell: number[],
 * }} WhyMap
 * @typedef {{
 *   channel: number, name: string, adds: string, is_first: boolean, label: string,
 * }} WhyPlane
 * @typedef {{
 *   name: string, text: string, size: number, cell: Asked | null, is_marked: boolean,
 * }} Term
 * @typedef {{
 *   asked: string, locale: string, value: number, form: "terms" | "planes", crumbs: string[],
 *   position: number, field: number[], map: WhyMap, terms: Term[], words: Record<string, string>,
 *   before?: string, rows?: number[], cols?: number[], winner?: number[] | null,
 *   is_pixels?: boolean, patch_peak?: number, kernel_peak?: number, planes?: WhyPlane[],
 * }} WhyHeader */
/** @typedef {import("../lib/mount.js").View<WhyHeader>} View */

export default function (component) {
  const opened = begin(component);
  const { header, palette } = opened;
  const view = {
    ...opened,
    number: numberFormat(header.locale, 3, header.map.peak),
    mapTint: tintOf(palette, "map"),
    weightTint: tintOf(palette, "weight"),
    ask: (cell) => component.setTriggerValue("asked", cell),
    go: (position) => component.setTriggerValue("went", position),
  };
  const unmount = mount(view, () => build(view), () => paintAll(view));
  announce("asked", { layer: header.map.layer, channel: header.map.channel });
  return unmount;
}

function build(/** @type {View} */ view) {
  const { root, header } = view;
  const panels = element("div", "panels");
  panels.append(sawCard(view), mapCard(view), sumCard(view));
  view.says = spoken("says", header.words.says);
  root.replaceChildren(crumbs(view), panels, view.says);
}

// ---------------------------------------------------------------- the trail

/** Every question asked on the way back to the pixels; each can be returned to. */
function crumbs(/** @type {View} */ view) {
  const { header } = view;
  const trail = element("nav", "trail");
  trail.setAttribute("aria-label", header.words.trail);
  header.crumbs.forEach((label, position) => {
    if (position) trail.append(silent("", "←"));
    const crumb = button(`crumb-${position}`, label, () => view.go(position), "crumb");
    if (position === header.position) crumb.setAttribute("aria-current", "step");
    trail.append(crumb);
  });
  trail.append(enlargeButton(view.root, header.words.enlarge));
  return trail;
}

// ---------------------------------------------------------------- what it saw

function sawCard(/** @type {View} */ view) {
  const { words } = view.header;
  const card = element("section", "card saw");
  const canvas = pictured(`${words.saw}. ${words.field}`);
  card.append(element("h2", "", words.saw), element("p", "shape", words.saw_shape), canvas);
  card.append(element("p", "note", words.field));
  if (view.arrays.effective) {
    card.append(legend("0", words.most, ["#0000", view.palette.accent]), element("p", "note", words.effective));
  }
  view.saw = { card, canvas };
  return card;
}

// ---------------------------------------------------------------- the map it stands in

function mapCard(/** @type {View} */ view) {
  const { header: { words, map }, palette, number } = view;
  const card = element("section", "card map");
  const canvas = operable(element("canvas"), words.map_label, "map");
  card.append(element("h2", "", words.map), element("p", "shape", words.map_shape), canvas);
  if (map.kind === "pixels") card.append(legend("0", "255", ["#000", "#fff"]));
  else {
    const peak = number(map.peak);
    card.append(legend(`−${peak}`, `+${peak}`, endsOf(palette, "map")));
  }
  view.map = { card, canvas };
  const { rows, cols } = map;
  walkable(view, canvas, [rows, cols], {
    isThere: (row, col) => row * cols + col < map.count,
    tell: (row, col) => fill(words.cell, {
      place: placeOf(view, row, col), value: number(view.arrays.map.raw[row * cols + col]),
    }),
    enter: (row, col) => view.ask(map.is_flat
      ? { layer: map.layer, channel: row * cols + col, row: 0, col: 0 }
      : { layer: map.layer, channel: map.channel, row, col }),
    paint: (at) => paintMap(view, at),
    start: () => map.cell,
  });
  return card;
}

const placeOf = (/** @type {View} */ { header: { map, words } }, row, col) =>
  map.is_flat ? (map.labels?.[row * map.cols + col] ?? fill(words.index, { index: row * map.cols + col }))
    : fill(words.row_col, { row, col });
