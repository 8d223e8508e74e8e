// The tray: one small picture a button; a second button takes it out.

import { pictureBitmap } from "../lib/canvas.js";
import { keepFocus, unpack } from "../lib/mount.js";
import { button, element, labelled } from "../lib/nodes.js";
import { fill } from "../lib/words.js";

/**
 * @typedef {{ chosen: string, names: Record<string, string>, words: Record<string, string> }} TrayHeader
 */

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const strip = element("div", "tray");
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", header.words.tray);
  strip.append(element("span", "name", header.words.tray));
  for (const [digest, name] of Object.entries(header.names)) {
    const pick = button(`pick${digest}`, "", () => setTriggerValue("choose", digest), "pick");
    pick.setAttribute("aria-pressed", String(digest === header.chosen));
    pick.append(pictureBitmap(arrays[digest]));
    const remove = button(`remove${digest}`, "×", () => setTriggerValue("remove", digest), "remove");
    const item = element("span", "item");
    item.append(labelled(pick, name), labelled(remove, fill(header.words.remove, { name })));
    strip.append(item);
  }
  keepFocus(root, () => root.replaceChildren(strip));
}
