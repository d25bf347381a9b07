/**
 * Fold the filter panel where it would push the list off a small screen.
 *
 * The panel is an open `details` element, so that without scripts it is whole. The
 * styles hide what is in it until it says that it was folded.
 */
export function foldFiltersOnSmallScreens() {
  if (window.matchMedia("(min-width: 48.0625em)").matches) return;
  for (const panel of document.querySelectorAll("details[data-filter-panel]")) {
    if (!panel.querySelector(".govuk-error-message")) panel.open = false;
    panel.dataset.folded = "";
  }
}
