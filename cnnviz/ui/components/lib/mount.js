// A component's life: data unpacked, what it remembers between data, drawn whenever it must be.

/** @typedef {{ raw: Float32Array | Uint8Array, shape: number[], unit: number }} Values */
/** @typedef {Record<string, any>} State What an instance remembers from one run to the next. */
/** What the functions of a component share: what it was given, and what they add.
 * @template Header
 * @typedef {{
 *   root: HTMLElement, header: Header, arrays: Record<string, Values>, state: State,
 *   palette: import("./colours.js").Palette,
 * } & Record<string, any>} View */

import { paletteOf } from "./colours.js";

/** @type {WeakMap<Element, State>} */
const states = new WeakMap();

/** Header and typed arrays of a block made by `wire.pack`.
 * @param {Uint8Array} bytes
 * @returns {{ header: any, arrays: Record<string, Values> }} */
export function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  /** @type {Record<string, Values>} */
  const arrays = {};
  for (const [name, entry] of Object.entries(header.arrays)) {
    const start = bytes.byteOffset + 4 + length + entry.offset;
    const size = entry.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    const isFloat = entry.dtype === "f4";
    const copy = bytes.buffer.slice(start, start + size * (isFloat ? 4 : 1));
    const raw = isFloat ? new Float32Array(copy) : new Uint8Array(copy);
    arrays[name] = { raw, shape: entry.shape, unit: isFloat ? 1 : 255 };
  }
  return { header, arrays };
}

/** What a mounted instance has to work with.
 * @param {{ parentElement: Element, data: Uint8Array }} component
 * @param {State} fresh what a new one remembers */
export function begin({ parentElement, data }, fresh = {}) {
  /** @type {HTMLElement} */
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const isNew = !states.has(parentElement);
  const state = states.get(parentElement) ?? fresh;
  states.set(parentElement, state);
  return { parentElement, root, header, arrays, state, isNew, palette: paletteOf(root, header.palettes) };
}

/** Build and draw a component, and draw again whenever its width changes. The keyboard's focus and
 * the height are held meanwhile, so that nothing jumps. While a page is coming or going the root
 * has no width, and there is nothing to draw on. Returns what is called when it is taken away.
 * @param {{ parentElement: Element, root: HTMLElement, state: State }} opened
 * @param {() => unknown} build @param {() => void} draw @param {() => void} leave */
export function mount({ parentElement, root, state }, build, draw, leave = () => {}) {
  root.style.minHeight = `${root.offsetHeight}px`;
  keepFocus(root, build);
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
  return () => {
    leave();
    state.observer.disconnect();
    states.delete(parentElement);
  };
}

/** The node of a component that has the keyboard's focus.
 * @param {HTMLElement} root
 * @returns {HTMLElement | null} */
export const focusedIn = (root) => /** @type {any} */ (root.getRootNode()).activeElement;

/** Build nodes anew; the one that has the keyboard's focus gets it back.
 * @param {HTMLElement} root @param {() => unknown} build */
export function keepFocus(root, build) {
  const held = focusedIn(root)?.dataset.focus;
  build();
  if (!held) return;
  /** @type {HTMLElement | null} */
  const again = root.querySelector(`[data-focus="${held}"]`);
  again?.focus({ preventScroll: true });
}
