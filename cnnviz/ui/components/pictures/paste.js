// Pictures out of the clipboard: Ctrl+V anywhere on the page, or the button, which phones need.
// What was pasted goes to the server as it is; whether it can be read is decided there. What is too
// large for the way there is only named, so that the server can say why it is missing.

import { unpack } from "../lib/mount.js";
import { button, element, spoken } from "../lib/nodes.js";

/** @typedef {{ is_shown: boolean, limit: number, room: number, words: Record<string, string> }} PasteHeader */

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header } = unpack(data);
  const view = { root, words: header.words, limit: header.limit, room: header.room };
  view.send = (blobs) => send(view, blobs, setTriggerValue);
  const listen = (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((each) => each.type.startsWith("image/"));
    if (!files.length) return; // text goes where it was meant to go
    event.preventDefault();
    view.send(files);
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
  const blobs = [];
  for (const item of items) {
    const type = item.types.find((each) => each.startsWith("image/"));
    if (type) blobs.push(await item.getType(type));
  }
  if (blobs.length) return view.send(blobs);
  view.says.textContent = view.words.none;
}

async function send(view, blobs, setTriggerValue) {
  const pictures = [];
  let room = view.room;
  for (const blob of blobs) {
    const isTaken = blob.size <= Math.min(view.limit, room);
    room -= isTaken ? blob.size : 0;
    const name = blob.name === "image.png" ? "" : (blob.name ?? ""); // browsers' own name for what has none
    pictures.push({ name, size: blob.size, data: isTaken ? await base64(blob) : null });
  }
  setTriggerValue("pictures", pictures);
}

function base64(blob) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1]);
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(blob);
  });
}
