/**
 * Two guards for forms: typed text is not lost by leaving, and one press of a
 * button is one submission.
 */

const dirty = new Set();

/** Tell whether a guarded form on this page holds text that was not sent. */
export function hasUnsavedText() {
  return [...dirty].some((form) => form.isConnected);
}

/**
 * Warn before leaving a form marked `data-guard-unsaved` that was typed in.
 *
 * `data-guard-unsaved="dirty"` counts as typed in from the start: the server
 * sends it back so when it refused what was typed.
 */
export function guardUnsavedForms() {
  for (const form of document.querySelectorAll('[data-guard-unsaved="dirty"]')) {
    dirty.add(form);
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("[data-guard-unsaved]");
    if (form) dirty.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) dirty.delete(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    if (hasUnsavedText()) event.preventDefault();
  });
}

/**
 * Let a form marked `data-submit-once` be sent once.
 *
 * The mark is lifted when the page is shown again (back button), else the form
 * could never be sent a second time after a correction.
 */
export function submitOnce() {
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-submit-once]")) return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-submit-once]")) {
      sent.delete(form);
    }
  });
}
