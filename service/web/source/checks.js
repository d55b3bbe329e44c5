// What is wrong with a field is told beside it, in the language of the page, as soon as it is left; and no longer, once it
// is right. What a browser says by itself would be in the browser's language, and gone after a moment.
import { say } from "./words.js";

const FIELDS = "input:not([type=hidden], [type=radio], [type=checkbox], [type=submit]), select, textarea";
const day = (text) => text.replace("T", " ");

const wrong = (field) => {
  const is = field.validity;
  if (is.customError) return field.validationMessage;
  if (is.valueMissing) return say("web.check.missing");
  if (is.tooShort) return say("web.check.short", { least: field.minLength });
  if (is.rangeUnderflow) return say("web.check.early", { least: day(field.min) });
  if (is.rangeOverflow) return say("web.check.late", { most: day(field.max) });
  if (is.patternMismatch && field.inputMode === "numeric") return say("web.check.number");
  return is.valid ? "" : say("web.check.form");
};

// What no single field knows: two passwords that differ, an end before its beginning, a zone that nobody has.
function compare(field) {
  const other = (name) => field.form?.elements[name]?.value ?? "";
  let said = "";
  if (field.name === "again" && field.value && field.value !== other("password")) said = say("web.check.again");
  if (field.dataset.after && field.value && other(field.dataset.after) && field.value <= other(field.dataset.after)) said = say("web.check.after");
  if (field.list && field.hasAttribute("data-listed") && field.value && ![...field.list.options].some((one) => one.value === field.value)) said = say("web.check.listed");
  field.setCustomValidity(said);
}

const ours = (field) => field.matches?.(FIELDS) && field.closest("main form .field") && field.type !== "file";
const box = (field) => field.closest(".field");

// The line describes its field; it is no part of the label that it may stand in.
function tell(field) {
  const message = wrong(field);
  const told = described(field).map((id) => document.getElementById(id)).find((one) => one?.classList.contains("field-wrong"));
  if (!message) return told && take(field, told);
  const line = told ?? Object.assign(document.createElement("span"), { className: "field-wrong", ariaHidden: "true", id: `wrong-${(number += 1)}` });
  if (line.textContent !== message) line.textContent = message;
  if (told) return;
  box(field).append(line);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [...described(field), line.id].join(" "));
}

function take(field, line) {
  line.remove();
  field.removeAttribute("aria-invalid");
  const rest = described(field).filter((id) => id !== line.id);
  if (rest.length) field.setAttribute("aria-describedby", rest.join(" "));
  else field.removeAttribute("aria-describedby");
}

const described = (field) => (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
let number = 0;

const changed = (field) => (field.tagName === "SELECT" ? field.value !== "" : field.value !== field.defaultValue);

document.addEventListener("focusout", ({ target }) => {
  if (!ours(target) || !(changed(target) || target.hasAttribute("aria-invalid"))) return;
  compare(target);
  tell(target);
});

document.addEventListener("input", ({ target }) => {
  if (!ours(target)) return;
  const kin = [...(target.form?.elements ?? [])].filter((one) => ours(one) && (one === target || one.name === "again" || one.dataset.after === target.name));
  for (const field of kin) {
    compare(field);
    if (field.hasAttribute("aria-invalid")) tell(field);
  }
});

// On sending: every field that is wrong is told, and the first of them is gone to.
let first = null;
document.addEventListener("invalid", (event) => {
  const field = event.target;
  if (!ours(field)) return;
  event.preventDefault();
  tell(field);
  if (first) return;
  first = field;
  setTimeout(() => { // once all of them are told, one after the other
    for (let fold = first.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
    first.focus();
    first = null;
  });
}, true);
