// The address bar says what the page shows, and no step for Back is made of it.
// It goes along with every answer, and so brings no more than it needs.

export default function ({ data }) {
  const wanted = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(data)) {
    if (value === null) wanted.delete(name);
    else wanted.set(name, value);
  }
  if (`?${wanted}` !== location.search) history.replaceState(history.state, "", `?${wanted}`);
}
