// One sentence at the foot of the page, read out by screen readers.
const STAYS = 4000;
const STAYS_PROBLEM = 12000;

export function toast(text, { problem = false } = {}) {
  const box = document.createElement("p");
  box.className = problem ? "toast toast-problem" : "toast";
  box.textContent = text;
  const room = document.getElementById("toasts");
  room.replaceChildren(box);
  setTimeout(() => box.remove(), problem ? STAYS_PROBLEM : STAYS);
}
