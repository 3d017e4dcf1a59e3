// On the merge page: under each amendment, which of those ticked it contradicts. The server says the same by its button.
const form = document.querySelector("[data-rivalries]");
const boxes = [...form.querySelectorAll("input[name=a]")];

function update() {
  const ticked = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  for (const line of form.querySelectorAll("[data-rivals]")) {
    const names = line.dataset.rivals.split(" ").filter((name) => ticked.has(name));
    line.textContent = names.length ? line.dataset.says.replace("{names}", names.join(", ")) : "";
    line.hidden = !names.length;
  }
}

form.addEventListener("change", update);
update();
