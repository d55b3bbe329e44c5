// What was typed goes along when the language changes: kept for the next page of this tab, never a password.
const KEY = "watchfire-typed";
const FIELDS = "main input:not([type=password], [type=file], [type=hidden], [type=submit]), main textarea, main select";

const nameOf = (field) => `${field.form?.getAttribute("action") ?? ""}|${field.name}|${["checkbox", "radio"].includes(field.type) ? field.value : ""}`;
const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);

// Fields of one name in one form are told apart by their place.
function each(act) {
  const seen = new Map();
  for (const field of document.querySelectorAll(FIELDS)) {
    if (!field.name) continue;
    const place = seen.get(nameOf(field)) ?? 0;
    seen.set(nameOf(field), place + 1);
    act(field, `${nameOf(field)}|${place}`);
  }
}

const changed = (field) => {
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.selectedIndex > 0;
  return field.value !== field.defaultValue;
};

export function keepTyped() {
  const values = {};
  each((field, name) => { if (changed(field)) values[name] = valueOf(field); });
  if (Object.keys(values).length) sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, values }));
}

const kept = sessionStorage.getItem(KEY);
if (kept) {
  sessionStorage.removeItem(KEY);
  const { path, values } = JSON.parse(kept);
  if (path === location.pathname) {
    each((field, name) => {
      if (!(name in values)) return;
      if (typeof values[name] === "boolean") field.checked = values[name];
      else field.value = values[name];
      field.closest("details")?.setAttribute("open", "");
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
