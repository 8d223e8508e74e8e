// What components tell each other in the browser, without a server: all of it, by name.
//
// asked { layer, channel }  why → wall, diagram. This is the map whose number is explained now.
// show  { layer }           diagram → wall. Bring this layer into view.
//
// They are events of the window, `cnnviz:asked` and `cnnviz:show`, because every component lives
// in a shadow root of its own.

/** @typedef {{ asked: { layer: string, channel: number }, show: { layer: string } }} Events */

/** @template {keyof Events} Name
 * @param {Name} name @param {Events[Name]} detail */
export function announce(name, detail) {
  window.dispatchEvent(new CustomEvent(`cnnviz:${name}`, { detail }));
}

/** Listen until the returned function is called.
 * @param {{ [Name in keyof Events]?: (detail: Events[Name]) => void }} acts */
export function hear(acts) {
  const deaf = new AbortController();
  for (const [name, act] of Object.entries(acts)) {
    const listen = (/** @type {any} */ event) => act(event.detail);
    window.addEventListener(`cnnviz:${name}`, listen, { signal: deaf.signal });
  }
  return () => deaf.abort();
}
