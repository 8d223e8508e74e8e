// The address bar says what the page shows, and no step for Back is made of it; see browser.py.

export default function ({ parentElement, data }) {
  writeLink(unpack(data).header.link);
  parentElement.querySelector(".root").replaceChildren(element("i"));
}

function writeLink(link) {
  const wanted = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(link)) {
    if (value === null) wanted.delete(name);
    else wanted.set(name, value);
  }
  if (`?${wanted}` !== location.search) history.replaceState(history.state, "", `?${wanted}`);
}
