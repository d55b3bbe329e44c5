// The field to search with: the page's own where it has one, else that of the page for searching.
export function find() {
  if (!document.body.classList.contains("inside")) return false;
  const field = [...document.querySelectorAll("#main input[type=search][name=q]")].find((one) => one.checkVisibility());
  if (field) {
    field.focus();
    field.select();
  } else location.assign("/search");
  return true;
}
