// Rows that are ticked, to be acted on together.
import { count } from "./words.js";

const ticks = () => [...document.querySelectorAll("#rows .row:not([hidden]) .row-tick")];

export const chosenIds = () => ticks().filter((box) => box.checked).map((box) => box.value);

export function tick(row, on = null) {
  const box = row?.querySelector(".row-tick");
  if (!box) return false;
  box.checked = on ?? !box.checked;
  told();
  return true;
}

// The rows that are shown; what is further down has to be brought first.
export function chooseAll() {
  for (const box of ticks()) box.checked = true;
  told();
}

export function chooseNone() {
  for (const box of document.querySelectorAll(".row-tick")) box.checked = false;
  told();
}

export function told() {
  const word = document.getElementById("bulk-count");
  if (word) word.textContent = count("triage.js.chosen", chosenIds().length);
}
