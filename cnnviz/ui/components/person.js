// A person is a random id kept in their browser; see person.py. Where the browser keeps nothing
// (a private window, storage switched off), the server's id lasts as long as the session.

const NAME = "cnnviz.person";

export default function ({ data, setStateValue }) {
  try {
    const kept = localStorage.getItem(NAME);
    if (!/^[0-9a-f]{32}$/.test(kept ?? "")) localStorage.setItem(NAME, data.id);
    else if (kept !== data.id) setStateValue("id", kept);
  } catch {
    return;
  }
}
