// Keeps what is typed in a form marked data-drafts in this browser, until the server says it received that form:
// a cookie `received` then holds the form's token. Drafts belong to one person (data-owner): the next one who signs
// in on the same laptop finds none, and signing out removes all. data-shared on <body> or the form keeps nothing.
const PREFIX = "draft:";
const store = (() => { try { localStorage.getItem(PREFIX); return localStorage } catch { return null } })();

const drafts = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
const kept = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const read = (key) => { try { return JSON.parse(store.getItem(key)) || {} } catch { return {} } };

function clean() {
  const received = document.cookie.match(/(?:^|; )received=([^;]+)/)?.[1];
  const person = document.querySelector("[data-person]")?.dataset.person;
  for (const key of drafts()) {
    const { token, owner } = read(key);
    if (token === received || (person && owner && owner !== person)) store.removeItem(key);
  }
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
  if (!document.getElementById("errors")) restore(form, read(key).entries || []);
  const save = () => {
    const entries = [...form.elements].filter(kept).map((f) => [f.name, f.value, ticks(f) ? f.checked : null]);
    const draft = { token: form.elements.once?.value, owner: form.dataset.owner, entries };
    try { store.setItem(key, JSON.stringify(draft)) } catch { /* the store is full: typing goes on */ }
  };
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(save, 400) });
  form.addEventListener("submit", () => { clearTimeout(waiting); save() });
}

if (store) {
  clean();
  document.querySelectorAll("form[data-drafts]").forEach(start);
  document.querySelector("form[data-leave]")?.addEventListener("submit", () => drafts().forEach((key) => store.removeItem(key)));
}
