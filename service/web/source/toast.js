// One sentence at the foot of the page, read out by screen readers.
const STAYS = 4000;
const STAYS_PROBLEM = 12000;

// With a `label` it has a button beside it that does `run`.
export function toast(text, { problem = false, stays = problem ? STAYS_PROBLEM : STAYS, label = "", run = null } = {}) {
  const box = document.createElement("p");
  box.className = problem ? "toast toast-problem" : "toast";
  box.textContent = text;
  if (run) box.append(button(label, run));
  document.getElementById("toasts").replaceChildren(box);
  setTimeout(() => box.remove(), stays);
}

function button(label, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "toast-button";
  made.textContent = label;
  made.addEventListener("click", run);
  return made;
}
