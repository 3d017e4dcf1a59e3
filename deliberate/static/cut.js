// On the page that splits a clause: a button puts the line of three hyphens where the cursor stands.
for (const field of document.querySelectorAll("textarea[data-cut]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "do second";
  button.textContent = field.dataset.cut;
  button.addEventListener("click", () => {
    const at = field.selectionStart;
    field.setRangeText(`${at ? "\n" : ""}---\n`, at, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  field.after(button);
}
