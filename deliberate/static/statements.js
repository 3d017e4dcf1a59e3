// Voting without loading the page anew. A vote waits in this browser until the server has it; its token keeps a second
// sending from counting twice. The statements kept ready in the page go on while the network does not answer.
const place = document.querySelector("[data-voting]");
const kept = `votes ${place?.dataset.voting ?? ""}`;
const AGAIN = 5000;
let busy = false;

const read = () => JSON.parse(localStorage.getItem(kept) ?? "[]");
const write = (queue) => (queue.length ? localStorage.setItem(kept, JSON.stringify(queue)) : localStorage.removeItem(kept));
const cards = () => [...place.querySelectorAll(".card")];

function say(text, waits) {
  const line = document.createElement("p");
  line.className = waits ? "recorded waits" : "recorded";
  line.textContent = text;
  place.querySelector(".state [role=status]")?.replaceChildren(line);
}

function show(card, focus) {
  card.hidden = false;
  if (focus) card.querySelector("h2").focus();
}

// What the server answers takes the place of everything but the statement that is being read.
function take(html, focus) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("[data-voting]");
  if (!fresh) return location.reload();
  const current = cards().find((card) => !card.hidden);
  const next = [...fresh.querySelectorAll(".card")];
  next.forEach((card) => { card.hidden = true; });
  const rest = current ? next.filter((card) => card.dataset.statement !== current.dataset.statement) : next;
  place.querySelector(".state").replaceWith(fresh.querySelector(".state"));
  cards().filter((card) => card !== current).forEach((card) => card.remove());
  place.querySelector(".deck").append(...rest);
  place.querySelectorAll(":scope > :not(.state, .deck)").forEach((one) => one.remove());
  place.append(...fresh.querySelectorAll(":scope > :not(.state, .deck)"));
  if (current) place.querySelectorAll(".finished").forEach((one) => one.remove());
  else if (rest.length) show(rest[0], focus);
  else if (focus) place.querySelector(".finished b")?.focus();
}

// A session that ended has new tokens; the votes that wait take them over.
async function renew() {
  const page = await (await fetch(place.dataset.voting, { headers: { "X-Voting": "1" } })).text();
  const token = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrf_token]")?.value;
  const renewed = ([name, value]) => [name, name === "csrf_token" && token ? token : value];
  write(read().map((vote) => vote.map(renewed)));
}

async function flush() {
  if (busy) return;
  busy = true;
  let answer = "";
  let old = true;
  try {
    for (let queue = read(); queue.length; queue = read()) {
      const body = new URLSearchParams(queue[0]);
      const sent = await fetch(place.dataset.voting, { method: "POST", body, headers: { "X-Voting": "1" } });
      if (sent.status >= 500 || sent.status === 429) throw new Error(sent.statusText);
      if (sent.status === 400 && old) {
        old = false;
        await renew();
        continue;
      }
      answer = await sent.text();
      write(read().filter((one) => Object.fromEntries(one).once !== body.get("once")));
    }
  } catch {
    const left = cards().some((card) => !card.hidden);
    say(left ? place.dataset.waits : `${place.dataset.waits} ${place.dataset.allWait}`, true);
    setTimeout(flush, AGAIN);
  }
  busy = false;
  if (answer) take(answer, !cards().some((card) => !card.hidden) || document.activeElement === document.body);
  if (answer && read().length) flush();
}

place?.addEventListener("submit", (event) => {
  const card = event.target.closest(".card");
  if (!card || !event.submitter) return;
  event.preventDefault();
  const vote = [...new FormData(card, event.submitter)];
  write([...read().filter((one) => Object.fromEntries(one).statement !== card.dataset.statement), vote]);
  const following = cards()[cards().indexOf(card) + 1];
  card.remove();
  if (following) show(following, true);
  flush();
});

// Keys work only while a statement has the focus, so that they take nothing from anybody's own keys.
place?.addEventListener("keydown", (event) => {
  const card = event.target.closest(".card");
  const button = card?.querySelectorAll(".three button")[["1", "2", "3"].indexOf(event.key)];
  if (button && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    button.click();
  }
});

if (place) {
  document.querySelector(".keys")?.removeAttribute("hidden");
  addEventListener("online", flush);
  const waiting = read().map((one) => Object.fromEntries(one).statement);
  cards().filter((card) => waiting.includes(card.dataset.statement)).forEach((card) => card.remove());
  if (cards().length && !cards().some((card) => !card.hidden)) show(cards()[0], false);
  if (waiting.length) flush();
}

document.querySelector("[data-finished]")?.addEventListener("submit", () => localStorage.clear());
