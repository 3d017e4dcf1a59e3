// A long list is narrowed by what is typed above it; without a script the list is whole, and its letters lead into it.
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

for (const list of document.querySelectorAll("select[data-narrow]")) {
  const options = [...list.options].map((option) => [option, folded(option.label)]);
  if (options.length < 12) continue;
  const search = document.createElement("input");
  search.type = "search";
  search.setAttribute("aria-label", list.dataset.narrow);
  search.placeholder = list.dataset.narrow;
  search.addEventListener("input", () => {
    const words = folded(search.value).split(/\s+/).filter(Boolean);
    for (const [option, text] of options) {
      const found = option.selected || !option.value || words.every((word) => text.includes(word));
      option.hidden = option.disabled = !found;
    }
    for (const group of list.querySelectorAll("optgroup"))
      group.hidden = [...group.children].every((option) => option.hidden);
  });
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  list.before(search);
}
