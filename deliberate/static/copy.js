// Shows the buttons that copy an address or a code, where the browser allows it.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
    });
  }
}
