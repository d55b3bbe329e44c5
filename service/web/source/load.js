// A part of the page brought anew. The element that is replaced is the one that asks: so the desk knows which part is
// wanted, and parts wait for nobody but themselves.
import htmx from "htmx.org";

export function load(element, address, options = {}) {
  return htmx.ajax("GET", address, { source: element, target: element, swap: "outerHTML", ...options });
}
