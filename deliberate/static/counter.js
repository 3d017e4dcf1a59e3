// Says how many characters are left in a field marked data-counter, in the note that it already describes.
for (const field of document.querySelectorAll("[data-counter]")) {
  const note = document.getElementById(field.id + "-note");
  const limit = Number(field.dataset.counter);
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const say = () => {
    const left = limit - [...field.value].length;
    note.textContent = (left < 0 ? note.dataset.over : note.dataset.left).replace("{n}", number.format(Math.abs(left)));
    note.classList.toggle("error", left < 0);
  };
  field.addEventListener("input", say);
  say();
}
