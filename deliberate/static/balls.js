// One ball, one box: a digit typed leads to the next box, the backspace to the one before.
document.querySelectorAll("[data-balls]").forEach((row) => {
  const boxes = [...row.querySelectorAll("input")];
  boxes.forEach((box, place) => {
    box.addEventListener("input", () => {
      if (/^[0-9]$/.test(box.value)) boxes[place + 1]?.focus();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && !box.value) boxes[place - 1]?.focus();
    });
    box.addEventListener("focus", () => box.select());
    box.addEventListener("paste", (event) => {
      const digits = event.clipboardData.getData("text").replace(/[^0-9]/g, "");
      if (digits.length !== boxes.length) return;
      event.preventDefault();
      boxes.forEach((one, index) => { one.value = digits[index] });
      boxes.at(-1).focus();
    });
  });
});
