// The one way in which text becomes part of the page: as HTML that the desk sent (htmx puts it there). Without any more
// in this policy, browsers with Trusted Types refuse to make scripts, and addresses of scripts, out of text.
window.trustedTypes?.createPolicy("default", { createHTML: (text) => text });
