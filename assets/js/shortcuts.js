/**
 * Single keys: "/" to the search field, "?" to the list of shortcuts, "j" and
 * "k" through the rows of a list, and those that links carry as
 * `data-shortcut="g h"` (one key after the other) or `data-shortcut="n"`.
 *
 * Single-key shortcuts must be able to be turned off (WCAG 2.1.4): by the account
 * (`data-shortcuts="off"` on the body) or, in this browser only, with the switch
 * that this module puts into the footer. They never act while typing.
 */
import { openList } from "./shortcut_list.js";

const KEY = "ocgmap-shortcuts";
const TYPING = "input, select, textarea, [contenteditable], dialog";
const SEQUENCE_MS = 1500;
const ROW_LINKS = "main tbody tr";

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
  const button = place.querySelector("button");
  const label = () => {
    button.textContent = off
      ? "Turn on single-key shortcuts in this browser"
      : "Turn off single-key shortcuts in this browser";
  };
  button.addEventListener("click", () => {
    off = !off;
    remember(off);
    label();
  });
  label();
  place.hidden = false;
  return () => off;
}

/** Move to the search field; a page's own comes before the one in the head. */
function toSearch() {
  const field =
    document.querySelector("main [data-search-shortcut]") ??
    document.querySelector("[data-search-shortcut]");
  field?.focus();
  return Boolean(field);
}

/** Return the first link of each row of the lists on the page. */
function rowLinks() {
  return [...document.querySelectorAll(ROW_LINKS)]
    .map((row) => row.querySelector("a[href]"))
    .filter((link) => link?.checkVisibility?.() ?? link);
}

/** Move to the next row's link, or the one before; Enter then opens it. */
function toRow(step) {
  const links = rowLinks();
  if (!links.length) return false;
  const row = document.activeElement?.closest?.("tr");
  const at = links.findIndex((link) => row?.contains(link));
  const next = at < 0 ? (step > 0 ? 0 : -1) : at + step;
  const link = at < 0 ? links.at(next) : links[next];
  link?.focus();
  return Boolean(link);
}

/** Follow the link that carries these keys. */
function follow(keys) {
  const link = document.querySelector(`[data-shortcut="${keys}"]`);
  link?.click();
  return Boolean(link);
}

const DEEDS = {
  "/": toSearch,
  "?": openList,
  j: () => toRow(1),
  k: () => toRow(-1),
};

/** Tell whether a key is pressed for something else than a shortcut. */
function isOther(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) {
    return true;
  }
  // A held key repeats only where it moves through rows.
  if (event.repeat && !"jk".includes(event.key)) return true;
  return event.key.length !== 1 || Boolean(event.target.closest?.(TYPING));
}

/** Listen for the shortcuts, unless the account has them off. */
export function listenForShortcuts() {
  if (document.body.dataset.shortcuts === "off") return;
  const switchedOff = offerSwitch();
  let first = "";
  let pressedAt = 0;
  document.addEventListener("keydown", (event) => {
    if (isOther(event) || switchedOff()) {
      if (event.key !== "Shift") first = "";
      return;
    }
    const isSecond = first && event.timeStamp - pressedAt < SEQUENCE_MS;
    const keys = isSecond ? `${first} ${event.key}` : event.key;
    first = "";
    if (!isSecond && event.key === "g") {
      first = "g";
      pressedAt = event.timeStamp;
      return;
    }
    if (!/^[a-z]( [a-z])?$|^[/?]$/.test(keys)) return;
    if (isSecond ? follow(keys) : (DEEDS[keys] ?? (() => follow(keys)))()) {
      event.preventDefault();
    }
  });
}
