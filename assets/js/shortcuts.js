/**
 * "/" moves to the search field.
 *
 * A single-key shortcut must be able to be turned off (WCAG 2.1.4): by the
 * server with `data-shortcuts="off"` on the body, or by the reader with the
 * switch that this module puts into the footer.
 */

const KEY = "ocgmap-shortcuts";
const TYPING = "input, select, textarea, [contenteditable]";

/** Tell whether the reader switched shortcuts off in this browser. */
function isOff() {
  try {
    return localStorage.getItem(KEY) === "off";
  } catch {
    return false; // storage is refused in some locked-down browsers
  }
}

/** Remember the reader's choice in this browser. */
function remember(off) {
  try {
    localStorage.setItem(KEY, off ? "off" : "on");
  } catch {
    // nothing to keep it in: it holds until the next page
  }
}

/** Put the switch into the footer; return a function that tells its state. */
function offerSwitch() {
  let off = isOff();
  const place = document.querySelector("[data-shortcut-switch]");
  if (!place) return () => off;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "app-link-button";
  const label = () => {
    button.textContent = off
      ? "Turn on the keyboard shortcut “/” for search"
      : "Turn off the keyboard shortcut “/” for search";
  };
  button.addEventListener("click", () => {
    off = !off;
    remember(off);
    label();
  });
  label();
  place.append(button);
  place.hidden = false;
  return () => off;
}

/** Listen for "/" where the page has a field marked `data-search-shortcut`. */
export function listenForShortcuts() {
  // A page's own field comes before the one that every page has in its head.
  const field =
    document.querySelector("main [data-search-shortcut]") ??
    document.querySelector("[data-search-shortcut]");
  if (!field || document.body.dataset.shortcuts === "off") return;
  const switchedOff = offerSwitch();
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (switchedOff() || event.target.closest?.(TYPING)) return;
    event.preventDefault();
    field.focus();
  });
}
