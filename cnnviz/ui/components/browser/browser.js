// What the page and the browser must agree on.

import { paletteOf } from "../lib/colours.js";
import { unpack } from "../lib/mount.js";
import { element } from "../lib/nodes.js";

/** @typedef {{ lang: string, appearance: string, lost: string }} BrowserHeader */

const STATUS = '[data-testid="stConnectionStatus"]'; // Streamlit's, while it has no connection

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".root");
  const { header } = unpack(data);
  document.documentElement.lang = header.lang;
  oneStepAPage();
  const isDark = paletteOf(root, header.palettes) === header.palettes.dark;
  const appearance = isDark ? "dark" : "light";
  if (appearance !== header.appearance) setStateValue("appearance", appearance);
  return watchConnection(root, header.lost);
}

/** Back leads to the page before, as it was left. Streamlit would make a step of each change of a
 * control, and empties a page's address before it leaves it: so what keeps the path replaces the
 * address, and what changes the path first puts back the address of the click that led away. */
function oneStepAPage() {
  const push = /** @type {History["pushState"] & { isOneAPage?: boolean }} */ (history.pushState);
  if (push.isOneAPage) return;
  let left = null;
  document.addEventListener("click", () => (left = location.href), true);
  const once = (/** @type {any} */ state, /** @type {string} */ title, /** @type {string} */ url) => {
    const isSamePage = (one) => new URL(one, location.href).pathname === location.pathname;
    if (isSamePage(url ?? "")) return history.replaceState(state, title, url);
    if (left && isSamePage(left)) history.replaceState(history.state, "", left);
    return push.call(history, state, title, url);
  };
  history.pushState = Object.assign(once, { isOneAPage: true });
}

/** One sentence while the connection is down; Streamlit says it in a word, in English. */
function watchConnection(root, words) {
  const banner = element("div", "lost", words);
  banner.setAttribute("role", "status");
  banner.hidden = true;
  root.replaceChildren(banner);
  const look = () => {
    const isLost = !navigator.onLine || document.querySelector(STATUS) !== null;
    if (banner.hidden === isLost) banner.hidden = !isLost;
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true });
  addEventListener("online", look);
  addEventListener("offline", look);
  return () => {
    observer.disconnect();
    removeEventListener("online", look);
    removeEventListener("offline", look);
  };
}
