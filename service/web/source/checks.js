// What is wrong with a field is told beside it, in the language of the page, as soon as it is left; and no longer, once it
// is right. What a browser says by itself would be in the browser's language, and gone after a moment.
import { say } from "./words.js";

const FIELDS = "input:not([type=hidden], [type=radio], [type=checkbox], [type=submit], [type=file]), select, textarea";
const SHUT = "details:not([open])";
let number = 0; // of the lines told so far
let first = null; // wrong field of a form that is being sent

const day = (text) => text.replace("T", " ");
const ours = (field) => field.matches?.(FIELDS) && field.closest("main form .field");
const changed = (field) => (field.tagName === "SELECT" ? field.value !== "" : field.value !== field.defaultValue);
const described = (field) => (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
const isTold = (field) => field.hasAttribute("aria-invalid");

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

// What no single field knows: two passwords that differ, an end before its beginning.
function compare(field) {
  const other = (name) => field.form?.elements[name]?.value ?? "";
  const { name, value } = field;
  const begin = other(field.dataset.after);
  let said = "";
  if (name === "again" && value && value !== other("password")) said = say("web.check.again");
  if (begin && value && value <= begin) said = say("web.check.after");
  field.setCustomValidity(said);
}

// The line describes its field; it is no part of the label that it may stand in.
function tell(field) {
  const message = wrong(field);
  const lines = described(field).map((id) => document.getElementById(id));
  const told = lines.find((line) => line?.classList.contains("field-wrong"));
  if (!message) return told && take(field, told);
  if (!told) append(field, message);
  else if (told.textContent !== message) told.textContent = message;
}

function append(field, message) {
  const line = document.createElement("span");
  number += 1;
  Object.assign(line, { className: "field-wrong", ariaHidden: "true", id: `wrong-${number}`, textContent: message });
  field.closest(".field").append(line);
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

// The field itself, and those whose rightness hangs on it.
function kin(field) {
  const hangs = (one) => one === field || one.name === "again" || one.dataset.after === field.name;
  return [...(field.form?.elements ?? [])].filter((one) => ours(one) && hangs(one));
}

document.addEventListener("focusout", ({ target }) => {
  if (!ours(target) || !(changed(target) || isTold(target))) return;
  compare(target);
  tell(target);
});

document.addEventListener("input", ({ target }) => {
  if (!ours(target)) return;
  for (const field of kin(target)) {
    compare(field);
    if (isTold(field)) tell(field);
  }
});

// On sending: every field that is wrong is told, and the first of them is gone to, once all are told.
function go() {
  for (let fold = first.closest(SHUT); fold; fold = fold.parentElement.closest(SHUT)) fold.open = true;
  first.focus();
  first = null;
}

document.addEventListener("invalid", (event) => {
  const field = event.target;
  if (!ours(field)) return;
  event.preventDefault();
  tell(field);
  if (first) return;
  first = field;
  setTimeout(go);
}, true);
