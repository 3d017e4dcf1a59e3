// Shows what a text being typed changes against its base, word by word (longest common subsequence).
const TOKEN = /\s+|(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\p{L})|[\p{L}\p{N}]+(?:[-'’·.,][\p{L}\p{N}]+)*|\S/giu;
const words = (text) => text.match(TOKEN) || [];
const LIMIT = 1e6;

function segments(before, after) {
  let start = 0, end = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const a = before.slice(start, before.length - end), b = after.slice(start, after.length - end);
  const all = (kind, tokens) => tokens.map((token) => [kind, token]);
  const changed = a.length * b.length > LIMIT ? [...all("del", a), ...all("ins", b)] : middle(a, b);
  return [...all("", before.slice(0, start)), ...changed, ...all("", before.slice(before.length - end))];
}

function middle(a, b) {
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  const out = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { out.push(["", a[i]]); i++; j++ }
    else if (j >= b.length || (i < a.length && best[i + 1][j] >= best[i][j + 1])) out.push(["del", a[i++]]);
    else out.push(["ins", b[j++]]);
  }
  return out;
}

function said(text) {
  const span = document.createElement("span");
  span.className = "said";
  span.textContent = text;
  return span;
}

function draw(target, parts) {
  target.replaceChildren();
  for (let at = 0; at < parts.length;) {
    const kind = parts[at][0];
    let text = "";
    while (at < parts.length && parts[at][0] === kind) text += parts[at++][1];
    if (!kind) { target.append(text); continue }
    const node = document.createElement(kind);
    node.append(said(kind === "ins" ? target.dataset.added : target.dataset.removed), text, said(target.dataset.end));
    target.append(node);
  }
}

for (const box of document.querySelectorAll("[data-diff]")) {
  const field = document.getElementById(box.dataset.diff);
  const update = () => {
    draw(box.querySelector(".diff"), segments(words(box.dataset.base), words(field.value.replace(/\r\n/g, "\n"))));
    box.hidden = field.value === box.dataset.base;
  };
  field.addEventListener("input", update);
  update();
}
