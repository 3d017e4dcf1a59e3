// Keeps what is typed in a form marked data-drafts in this browser, until the form was received.
// A form that came back with errors keeps its draft; any other page that follows its sending clears it.
// data-shared on the form or on <body> (a laptop that several people use) keeps nothing and clears what was kept.
const PREFIX = "draft:";
const SENT = "draft-sent";
const store = (() => { try { localStorage.getItem(PREFIX); return localStorage } catch { return null } })();

const kept = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);
const ticks = (field) => field.type === "checkbox" || field.type === "radio";

function read(form) {
  return [...form.elements].filter(kept).map((f) => [f.name, f.value, ticks(f) ? f.checked : null]);
}

function restore(form, entries) {
  const left = [...form.elements].filter(kept);
  for (const [name, value, checked] of entries) {
    const at = left.findIndex((f) => f.name === name && (checked === null || f.value === value));
    if (at < 0) continue;
    const [field] = left.splice(at, 1);
    if (checked === null) field.value = value; else field.checked = checked;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function start(form) {
  const key = PREFIX + location.pathname + "#" + form.dataset.drafts;
  if (form.closest("[data-shared]")) { store.removeItem(key); return }
  const failed = document.getElementById("errors");
  if (!failed) {
    try { restore(form, JSON.parse(store.getItem(key) || "[]")) } catch { store.removeItem(key) }
  }
  const save = () => { try { store.setItem(key, JSON.stringify(read(form))) } catch { /* full: typing goes on */ } };
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(save, 400) });
  form.addEventListener("submit", () => { clearTimeout(waiting); save(); store.setItem(SENT, key) });
}

if (store) {
  // The page after a sending: no error summary and no lost session means that it was received.
  const sent = store.getItem(SENT);
  const received = !document.getElementById("errors") && !document.querySelector("[data-not-received]");
  if (sent && received) store.removeItem(sent);
  if (sent && received) store.removeItem(SENT);
  document.querySelectorAll("form[data-drafts]").forEach(start);
}
