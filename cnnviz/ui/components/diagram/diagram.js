// A network as a strip of layers, each drawn as the block of numbers it puts out: as high as its
// maps, as deep as they are many. A click brings the layer's wall into view; no server is asked.

import { announce, hear } from "../lib/events.js";
import { begin, mount } from "../lib/mount.js";
import { button, element } from "../lib/nodes.js";

/** @typedef {{
 *   name: string, shows: string, title: string, shape: number[], size: string, learns: string,
 *   sees: string,
 * }} Box
 * @typedef {{ boxes: Box[], label: string, chosen: string }} DiagramHeader */

export default function (component) {
  const opened = begin(component);
  const { root, header, state } = opened;
  const unmount = mount(opened, () => buildStrip(root, header), () => {}, () => state.deaf());
  markBox(root, header.chosen);
  state.layer = header.chosen;
  state.deaf?.();
  state.deaf = hear({
    asked: ({ layer }) => {
      const box = markBox(root, layer);
      if (box && state.layer !== layer) moveTo(root, box); // at first it starts with the input
      state.layer = layer;
    },
  });
  return unmount;
}

function buildStrip(root, { boxes, label }) {
  const list = element("ol", "strip");
  list.setAttribute("aria-label", label);
  const widest = Math.max(...boxes.map(({ shape }) => shape[1] ?? 0));
  for (const box of boxes) {
    const item = element("li");
    const show = () => announce("show", { layer: box.shows });
    const layer = button(`layer-${box.name}`, "", show, "layer");
    layer.dataset.layer = box.name;
    layer.append(
      blockOf(box.shape, widest), element("b", "", box.title), element("span", "size", box.size),
      element("span", "", box.sees), element("span", "learns", box.learns),
    );
    item.append(layer);
    list.append(item);
  }
  const scrolled = root.querySelector(".strip")?.scrollLeft ?? 0;
  root.replaceChildren(list);
  list.scrollLeft = scrolled;
}

/** Mark the layer that is asked about; returns its box. */
function markBox(root, layer) {
  root.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const box = [...root.querySelectorAll(".layer")].find(({ dataset }) => dataset.layer === layer);
  box?.setAttribute("aria-current", "true");
  return box;
}

/** Where the strip is scrolled, on a phone, bring a box into view; the page stays. */
function moveTo(root, box) {
  const strip = root.querySelector(".strip");
  const [from, to] = [box.offsetLeft, box.offsetLeft + box.offsetWidth];
  const isSeen = from >= strip.scrollLeft && to <= strip.scrollLeft + strip.clientWidth;
  if (!isSeen) strip.scrollLeft = (from + to - strip.clientWidth) / 2;
}

const TALLEST = 44; // CSS pixels
const DEEPEST = 6;

/** Maps as planes behind each other, one for each doubling of their number; flat layers as a bar. */
function blockOf(shape, widest) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const planes = Math.min(DEEPEST, 1 + Math.floor(Math.log2(shape[0])));
  const isFlat = shape.length === 1;
  const scale = TALLEST / Math.max(1, widest);
  const height = isFlat ? 6 + 4 * Math.min(9, Math.log2(shape[0])) : Math.max(5, shape[1] * scale);
  const width = isFlat ? 7 : Math.max(5, shape[2] * scale);
  const count = isFlat ? 1 : planes;
  const shift = 4;
  const [w, h] = [width + (count - 1) * shift + 2, TALLEST + (DEEPEST - 1) * shift + 2];
  svg.setAttribute("width", String(w));
  svg.setAttribute("height", String(h));
  const top = (h - height - (count - 1) * shift) / 2;
  for (let n = count - 1; n >= 0; n--) {
    const plane = document.createElementNS(svg.namespaceURI, "rect");
    const place = { x: 1 + n * shift, y: top + (count - 1 - n) * shift, width, height, rx: 1 };
    for (const [name, value] of Object.entries(place)) plane.setAttribute(name, String(value));
    svg.append(plane);
  }
  return svg;
}
