/**
 * Show the fields that belong to a choice only while it is taken.
 *
 * Not GOV.UK's own: that puts aria-expanded on a radio, which ARIA does not allow.
 * The fields stand right after their choice, so reading order tells the same.
 */

/** Fold or unfold what one choice marked `data-reveals` belongs to. */
function update(choice) {
  const fields = document.getElementById(choice.dataset.reveals);
  // A field in error stays in sight, whatever is chosen.
  const isWrong = fields?.querySelector(".govuk-error-message");
  if (fields) fields.hidden = !choice.checked && !isWrong;
}

/** Set every choice inside `scope` to its state. */
export function foldReveals(scope) {
  scope.querySelectorAll("[data-reveals]").forEach(update);
}

/** Follow every choice on the page; a radio's neighbours change with it. */
export function followReveals() {
  foldReveals(document);
  document.addEventListener("change", (event) => {
    if (event.target.form) foldReveals(event.target.form);
  });
  // The browser puts back what was chosen only after this script ran.
  window.addEventListener("pageshow", () => foldReveals(document));
}
