/**
 * Fold the filter panel where it would push the list off a small screen.
 *
 * The panel is an open `details` element, so that without scripts it is whole.
 */
export function foldFiltersOnSmallScreens() {
  if (window.matchMedia("(min-width: 48.0625em)").matches) return;
  for (const panel of document.querySelectorAll("details[data-filter-panel]")) {
    if (!panel.querySelector(".govuk-error-message")) panel.open = false;
  }
}
