// Asks an address every few seconds while the page is seen, and loads the page again once it answers "finished": true.
const EVERY = 5000;

async function ask(address) {
  if (!document.hidden) {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.ok && (await answer.json()).finished) { location.reload(); return }
    } catch { /* the connection is lost: asked again below */ }
  }
  setTimeout(ask, EVERY, address);
}

document.querySelectorAll("[data-await]").forEach((box) => setTimeout(ask, EVERY, box.dataset.await));
