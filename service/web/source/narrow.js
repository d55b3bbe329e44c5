// A long page narrowed, as somebody types, to the lines that hold every word. Chapters without one go with them.
function narrow(field) {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const lines = [...document.querySelectorAll(field.dataset.narrow)];
  for (const line of lines) {
    const text = line.textContent.toLowerCase();
    line.hidden = !words.every((word) => text.includes(word));
  }
  for (const part of document.querySelectorAll("[data-narrowed]")) {
    part.hidden = words.length > 0 && !part.querySelector(`:is(${field.dataset.narrow}):not([hidden])`);
  }
  const left = lines.filter((line) => !line.hidden).length;
  const told = field.closest(".narrow").querySelector("output");
  told.value = words.length === 0 ? "" : left ? `${left} / ${lines.length}` : told.dataset.none;
}

document.addEventListener("input", (event) => event.target.matches?.("[data-narrow]") && narrow(event.target));
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("[data-narrow]")) if (field.value) narrow(field); // come back to
});
