// Among the changes of a comparison, j leads to the next one and k to the one before.
for (const list of document.querySelectorAll("[data-changes]")) {
  const changes = [...list.querySelectorAll("[data-change]")];
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !"jk".includes(event.key)) return;
    const here = changes.indexOf(document.activeElement.closest("[data-change]"));
    const next = changes[here + (event.key === "j" ? 1 : -1)];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "start" });
  });
}
