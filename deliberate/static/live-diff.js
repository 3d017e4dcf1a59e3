// Shows what a text being typed changes against its base: at once from its first to its last changed word, then as the
// server compares words (data-address), so that there is one rule. Without a connection the first view stays.
const TOKEN = /\s+|(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=[\p{L}\p{N}])|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\p{L}\p{N}])(?:[.,]\d+)?|\d+(?:[.,]\d+)*(?![\p{L}\p{N}])|[\p{L}\p{N}\p{M}_]+(?:[-‐‑'’·][\p{L}\p{N}\p{M}_]+)*|\S/giu;
const WAIT = 350;

function roughly(base, text) {
  const [before, after] = [base, text].map((words) => words.match(TOKEN) || []);
  let start = 0, end = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const part = (kind, words) => [kind, words.join("")];
  return [part("equal", before.slice(0, start)), part("delete", before.slice(start, before.length - end)),
    part("insert", after.slice(start, after.length - end)), part("equal", before.slice(before.length - end))];
}

async function compared(box, base, text) {
  const body = new FormData();
  body.set("csrf_token", box.closest("form").elements.csrf_token.value);
  body.set("before", base);
  body.set("after", text);
  const answer = await fetch(box.dataset.address, { method: "POST", body });
  return answer.ok ? answer.json() : null;
}

function said(text) {
  const span = document.createElement("span");
  span.className = "said";
  span.textContent = text;
  return span;
}

function draw(target, parts) {
  target.replaceChildren();
  for (const [kind, text] of parts.filter((part) => part[1])) {
    if (kind === "equal") { target.append(text); continue }
    const node = document.createElement(kind === "insert" ? "ins" : "del");
    node.append(said(kind === "insert" ? target.dataset.added : target.dataset.removed), text, said(target.dataset.end));
    target.append(node);
  }
}

for (const box of document.querySelectorAll("[data-diff]")) {
  const field = document.getElementById(box.dataset.diff);
  const target = box.querySelector(".diff");
  const typed = () => field.value.replace(/\r\n/g, "\n");
  let waiting;
  const ask = async (text) => {
    const parts = await compared(box, box.dataset.base, text).catch(() => null);
    if (parts && typed() === text) draw(target, parts);
  };
  const update = () => {
    clearTimeout(waiting);
    draw(target, roughly(box.dataset.base, typed()));
    box.hidden = typed() === box.dataset.base;
    if (!box.hidden) waiting = setTimeout(ask, WAIT, typed());
  };
  field.addEventListener("input", update);
  update();
}
