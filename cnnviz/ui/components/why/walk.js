// Walking over the numbers of a canvas to ask where one comes from.

import { isInside } from "../lib/geometry.js";
import { walk } from "../lib/keys.js";
import { spotUnder } from "../lib/pointer.js";

/** @typedef {import("./why.js").View} View */

/** Pointer and arrow keys walk over the cells of a canvas; a click or Enter asks about one. */
export function walkable(/** @type {View} */ view, canvas, shape, { isThere, tell, enter, paint, start }) {
  let at = null;
  const settle = (next) => {
    at = next;
    paint(at);
    view.says.textContent = at ? tell(...at) : view.header.words.says;
  };
  const under = (event) => {
    const cell = spotUnder(event, canvas, shape).map(Math.floor);
    return isInside(cell, shape) && isThere(...cell) ? cell : null;
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
    const from = at ?? start();
    const next = walk(event, from, shape);
    if (event.key === "Enter" || event.key === " ") enter(...from);
    else if (!next) return;
    event.preventDefault();
    if (next && isThere(...next) && String(next) !== String(at)) settle(next);
  };
}
