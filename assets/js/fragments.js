/**
 * htmx, tied down: fragments of our own server only, no code from attributes.
 *
 * What the meta tag in base.html sets cannot forbid evaluation, so it is taken
 * away here; the content security policy would refuse it anyway.
 */
import htmx from "htmx.org";

import { hasUnsavedText } from "./forms.js";

/** Stand in for `Function`: code in an attribute is never run. */
class Refused {
  constructor() {
    throw new Error("htmx: code in attributes is switched off");
  }
}

htmx.registerExtension("ocgmap", {
  init: (api) => api.initSecurity(null, Refused, Refused),
  // A page that nobody looks at does not ask; it asks again once it is looked at.
  htmx_before_request: (element) =>
    !(document.hidden && /^every /.test(element.getAttribute?.("hx-trigger") ?? "")),
  // A redirect on the way means that the session ended: the sign-in page must
  // not appear in the middle of another page.
  htmx_before_response: (_element, { ctx }) => {
    if (!ctx.response.raw.redirected) return true;
    if (!hasUnsavedText()) window.location.reload();
    return false;
  },
});

/** Call `start` with each part of the page that htmx put in. */
export function onFragment(start) {
  document.addEventListener("htmx:after:process", (event) => {
    if (event.target !== document.body) start(event.target);
  });
}
