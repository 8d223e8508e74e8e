// Nodes that every component is made of.

/** @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {string} [className] @param {string} [text] */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A button; `focus` is the name by which it gets the keyboard's focus back when it is built anew.
 * @param {string} focus @param {string} text @param {() => void} [act] */
export function button(focus, text, act, className = focus) {
  const made = element("button", className, text);
  made.type = "button";
  made.dataset.focus = focus;
  if (act) made.onclick = act;
  return made;
}

/** What a button of a sign alone does, for mouse and screen reader.
 * @param {HTMLElement} node @param {string} label */
export function labelled(node, label) {
  node.title = label;
  node.setAttribute("aria-label", label);
  return node;
}

/** Let the keyboard reach a node, and say what it is.
 * @template {HTMLElement} Node
 * @param {Node} node @param {string} label @param {string} focus */
export function operable(node, label, focus) {
  node.tabIndex = 0;
  node.dataset.focus = focus;
  node.setAttribute("role", "application");
  node.setAttribute("aria-label", label);
  return node;
}

/** A canvas that is only looked at.
 * @param {string} label */
export function pictured(label, className = "") {
  const canvas = element("canvas", className);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}

/** A sentence that is read out when it changes. */
export function spoken(className = "says", text = "") {
  const made = element("p", className, text);
  made.setAttribute("aria-live", "polite");
  return made;
}

/** A sign between things, which a screen reader leaves out.
 * @param {string} className @param {string} text */
export function silent(className, text) {
  const made = element("span", className, text);
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** CSS pixels that a canvas may take in a card; asking makes the browser lay out the page.
 * @param {Element} card */
export const roomIn = (card) =>
  card.clientWidth - 2 * parseFloat(getComputedStyle(card).paddingLeft);

/** "−3.6 ▬▬▬ +3.6": the range a scale covers, always visible.
 * @param {string} low @param {string} high @param {string[]} colours CSS, from end to end */
export function legend(low, high, colours) {
  const row = element("div", "legend");
  const bar = element("i");
  bar.style.background = `linear-gradient(90deg, ${colours.join(",")})`;
  row.append(element("span", "", low), bar, element("span", "", high));
  return row;
}

/** A button that shows the whole component on the full screen, for the projector.
 * @param {Element} root @param {string} label */
export function enlargeButton(root, label) {
  const made = element("button", "enlarge", "⤢");
  made.type = "button";
  made.onclick = () =>
    document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen();
  return labelled(made, label);
}

/** Whether motion is not wanted. */
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
