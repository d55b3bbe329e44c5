// The report form on a bad line: what was typed outlives a failed sending, and files that are too large are told at once.
const EACH = 10 * 2 ** 20;
const TOGETHER = 25 * 2 ** 20;
const KEPT = "watchfire-report";
const FIELDS = ["text", "country", "place", "when", "category"];

const form = document.querySelector("[data-report-form]");
if (form) {
  restore();
  form.addEventListener("input", () => remember());
  const files = form.elements.files;
  files.addEventListener("change", () => {
    const sizes = [...files.files].map((file) => file.size);
    const heavy = sizes.some((size) => size > EACH) || sizes.reduce((sum, size) => sum + size, 0) > TOGETHER;
    files.setCustomValidity(heavy ? form.dataset.heavy : "");
    files.reportValidity();
  });
} else if (document.querySelector(".report-sent")) {
  sessionStorage.removeItem(KEPT);
}

// In this tab only, and no longer: somebody else may use the same phone. Nothing is kept where nobody wants to be named.
function remember() {
  const anonymous = form.elements.anonymous;
  if (!anonymous || anonymous.checked) return sessionStorage.removeItem(KEPT);
  sessionStorage.setItem(KEPT, JSON.stringify(FIELDS.map((name) => form.elements[name].value)));
}

function restore() {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept || form.elements.text.value) return;
  JSON.parse(kept).forEach((value, place) => { form.elements[FIELDS[place]].value = value; });
}
