// Sends answers typed one after the other without leaving the page. What the network does not take waits in this
// browser, under its own token so that it is never kept twice, and goes out when the network is back. The key begins
// with "draft:", so that signing out, or another person signing in, removes it as any draft.
const form = document.querySelector("form[data-queue]");
const KEY = `draft:queue:${location.pathname}`;
const owner = form.dataset.owner;
const status = form.querySelector(".waiting");
let queue = [];
try { const kept = JSON.parse(localStorage.getItem(KEY)); if (kept?.owner === owner) queue = kept.queue } catch { /* none */ }
let busy = false;

const keep = () => {
  try { queue.length ? localStorage.setItem(KEY, JSON.stringify({ token: "queue", owner, queue })) : localStorage.removeItem(KEY) } catch { /* full */ }
};
const say = (text) => { if (status.textContent !== text) status.textContent = text };
const token = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");

async function send() {
  if (busy || !queue.length) return;
  busy = true;
  try {
    while (queue.length) {
      const body = new URLSearchParams({ ...queue[0], csrf_token: form.elements.csrf_token.value });
      const answer = await fetch(form.action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const typed = page.getElementById("typed");
      if (answer.status >= 500) throw new TypeError("later");
      if (!typed) { say(form.dataset.refused); break }
      if (!answer.ok) { refuse(page, queue.shift()); keep(); break }
      document.getElementById("typed").replaceWith(typed);
      queue.shift();
      keep();
      say("");
    }
  } catch { say(form.dataset.queue.replace("{n}", queue.length)) } finally { busy = false }
}

function refuse(page, entry) {
  const errors = page.getElementById("errors");
  document.getElementById("errors")?.remove();
  if (errors) form.before(errors);
  for (const name of ["text", "count", "component"]) form.elements[name].value = entry[name];
  form.elements.text.focus();
}

function next() {
  if (!form.elements.text.value.trim()) return;
  const { text, count, component } = form.elements;
  queue.push({ once: token(), text: text.value, count: count.value, component: component.value });
  keep();
  document.getElementById("errors")?.remove();
  text.value = component.value = "";
  count.value = 1;
  text.focus();
  send();
}

form.addEventListener("submit", (event) => { event.preventDefault(); next() });
form.elements.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); next() }
});
addEventListener("online", send);
setInterval(send, 5000);
addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault() });
send();
