// A person is a random id kept in their browser. Where the browser keeps nothing
// (a private window, storage switched off), the server's id lasts as long as the session.

const NAME = "cnnviz.person";

export default function ({ data, setStateValue }) {
  let id = data.id;
  try {
    const kept = localStorage.getItem(NAME);
    if (/^[0-9a-f]{32}$/.test(kept ?? "")) id = kept;
    else localStorage.setItem(NAME, id);
  } catch {
    // nothing is kept
  }
  if (id !== data.id || data.must_answer) setStateValue("id", id);
}
