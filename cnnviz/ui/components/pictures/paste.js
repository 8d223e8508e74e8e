// A picture out of the clipboard: Ctrl+V anywhere on the page, or the button, which phones need.
// What was pasted goes to the server as it is; whether it can be read is decided there.

import { unpack } from "../lib/mount.js";
import { button, element, spoken } from "../lib/nodes.js";

/** @typedef {{ is_shown: boolean, limit: number, words: Record<string, string> }} PasteHeader */

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header } = unpack(data);
  const view = { root, words: header.words, limit: header.limit };
  view.send = (blob) => send(view, blob, setTriggerValue);
  const listen = (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
    if (!file) return; // text goes where it was meant to go
    event.preventDefault();
    view.send(file);
  };
  document.addEventListener("paste", listen);
  root.replaceChildren(header.is_shown ? panel(view) : element("span"));
  return () => document.removeEventListener("paste", listen);
}

function panel(view) {
  const made = element("div", "paste");
  view.says = spoken("says", view.words.hint);
  made.append(button("paste", view.words.paste, () => fromButton(view), ""), view.says);
  return made;
}

async function fromButton(view) {
  let items;
  try {
    items = await navigator.clipboard.read();
  } catch {
    view.says.textContent = view.words.denied;
    return;
  }
  for (const item of items) {
    const type = item.types.find((each) => each.startsWith("image/"));
    if (type) return view.send(await item.getType(type));
  }
  view.says.textContent = view.words.none;
}

function send(view, blob, setTriggerValue) {
  if (blob.size > view.limit) {
    if (view.says) view.says.textContent = view.words.large;
    return;
  }
  const reader = new FileReader();
  reader.onload = () => setTriggerValue("image", String(reader.result).split(",", 2)[1]);
  reader.readAsDataURL(blob);
}
