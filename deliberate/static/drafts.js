// Keeps what is typed in a form marked data-drafts in this browser, until the server says it received that form:
// a cookie `received` then holds the form's token. The drafts of somebody signed in (data-owner) last until they are
// sent: the next one who signs in on the same laptop finds none, and signing out removes all. A visitor's last as long
// as the tab, unless they tick [data-keep]; [data-forget] removes them. A form in data-shared keeps nothing.
// Where a form holds [data-offline], sending without a connection waits for one instead of losing the page.
const PREFIX = "draft:";
const storage = (name) => { try { window[name].getItem(PREFIX); return window[name] } catch { return null } };
const lasting = storage("localStorage"), tab = storage("sessionStorage");
const stores = [tab, lasting].filter(Boolean);

const kept = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const read = (store, key) => { try { return JSON.parse(store.getItem(key)) } catch { return null } };
const drop = (key) => stores.forEach((store) => store.removeItem(key));
const each = (action) => stores.forEach((store) => Object.keys(store).filter((key) => key.startsWith(PREFIX)).forEach((key) => action(store, key)));

function clean() {
  const received = document.cookie.match(/(?:^|; )received=([^;]+)/)?.[1];
  const person = document.querySelector("[data-person]")?.dataset.person;
  each((store, key) => {
    const { token, owner } = read(store, key) || {};
    if (token === received || (person && owner && owner !== person)) store.removeItem(key);
  });
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

// A visitor decides whether a draft outlives the tab, and may forget it at once.
function offer(form, found, save, forget) {
  const choice = form.querySelector("[data-keep]");
  if (!choice) return;
  choice.closest("[hidden]").hidden = false;
  choice.checked = found;
  choice.addEventListener("change", save);
  form.querySelector("[data-forget]").addEventListener("click", forget);
}

function waitForConnection(form) {
  const notice = form.querySelector("[data-offline]");
  if (!notice) return;
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    notice.textContent = notice.dataset.offline;
    addEventListener("online", () => form.requestSubmit(), { once: true });
  });
}

function start(form) {
  const key = PREFIX + location.pathname + "#" + form.dataset.drafts;
  if (form.closest("[data-shared]")) { drop(key); return }
  const once = form.elements.once, fresh = once?.value;
  const store = () => (form.dataset.owner || form.querySelector("[data-keep]")?.checked ? lasting : tab);
  const before = stores.map((one) => read(one, key)).find(Boolean);
  let waiting, sent = false;
  const save = () => {
    clearTimeout(waiting);
    const entries = [...form.elements].filter(kept).map((f) => [f.name, f.value, ticks(f) ? f.checked : null]);
    drop(key);
    try { store()?.setItem(key, JSON.stringify({ token: once?.value, owner: form.dataset.owner, entries, sent })) } catch { /* the store is full: typing goes on */ }
  };
  offer(form, Boolean(lasting && read(lasting, key)), save, () => {
    form.reset();
    form.querySelectorAll("textarea").forEach((area) => { area.value = ""; area.dispatchEvent(new Event("input", { bubbles: true })) });
    clearTimeout(waiting);
    drop(key);
  });
  if (before && !document.getElementById("errors")) {
    restore(form, before.entries || []);
    // Sent once already, and the answer was lost on the way: the same token, so that nothing is recorded twice.
    if (before.sent && once) once.value = before.token;
  }
  form.addEventListener("input", () => { if (once) once.value = fresh; clearTimeout(waiting); waiting = setTimeout(save, 400) });
  form.addEventListener("submit", () => { sent = true; save(); sent = false });
  waitForConnection(form);
}

clean();
document.querySelectorAll("form[data-drafts]").forEach(start);
document.querySelectorAll("form[data-leave]").forEach((form) => form.addEventListener("submit", () => each((store, key) => store.removeItem(key))));
