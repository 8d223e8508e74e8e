// The tray: one small picture a button; a second button takes it out.

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { header, arrays } = unpack(data);
  const held = root.getRootNode().activeElement?.dataset.focus;
  const strip = element("div", "tray");
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", header.words.tray);
  strip.append(element("span", "name", header.words.tray));
  for (const [digest, name] of Object.entries(header.names)) {
    const item = element("span", "item");
    item.append(
      picker(name, arrays[digest], digest === header.chosen, () => setTriggerValue("choose", digest)),
      remover(fill(header.words.remove, { name }), () => setTriggerValue("remove", digest)),
    );
    [...item.children].forEach((button) => (button.dataset.focus = button.className + digest));
    strip.append(item);
  }
  root.replaceChildren(strip);
  if (held) root.querySelector(`[data-focus="${held}"]`)?.focus({ preventScroll: true });
}

function picker(name, array, isChosen, act) {
  const button = element("button", "pick");
  button.type = "button";
  button.title = name;
  button.setAttribute("aria-label", name);
  button.setAttribute("aria-pressed", String(isChosen));
  button.onclick = act;
  button.append(picture(array));
  return button;
}

function picture({ raw, shape: [channels, rows, cols] }) {
  const size = rows * cols;
  return bitmap(rows, cols, (i) => [0, 1, 2].map((c) => raw[(c % channels) * size + i]));
}

function remover(label, act) {
  const button = element("button", "remove", "×");
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.onclick = act;
  return button;
}
