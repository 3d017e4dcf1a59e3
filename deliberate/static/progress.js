// Asks a progress address every two seconds while the page is seen, and loads the page again when the work ended.
// It answers JSON: {"done": 3, "total": 10, "text": "…", "finished": false}.
const EVERY = 2000;

function show(box, { done, total, text }) {
  const bar = box.querySelector("progress");
  if (total) { bar.max = total; bar.value = done }
  if (text) box.querySelector("label").textContent = text;
}

async function ask(box) {
  if (!document.hidden) {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      const state = await answer.json();
      if (answer.ok) show(box, state);
      if (answer.ok && state.finished) { location.reload(); return }
    } catch { /* the connection is lost: asked again below */ }
  }
  setTimeout(ask, EVERY, box);
}

document.querySelectorAll("[data-progress]").forEach((box) => setTimeout(ask, EVERY, box));
