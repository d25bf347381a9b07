/**
 * The list of shortcuts in a dialog over the page, so that nothing typed is left.
 *
 * It is the list of the page /shortcuts/, fetched; where that fails, the page.
 */

const LIST = "[data-shortcut-list]";

/** Return the dialog with the list in it, and a button that closes it. */
function build(list) {
  const dialog = document.createElement("dialog");
  dialog.className = "app-dialog";
  dialog.setAttribute("aria-labelledby", "shortcut-dialog-title");
  const title = document.createElement("h2");
  title.className = "govuk-heading-m";
  title.id = "shortcut-dialog-title";
  title.textContent = "Keyboard shortcuts";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "govuk-button govuk-button--secondary";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(title, list, close);
  return { dialog, close };
}

/** Fetch the list; none where the session ended or nothing answers. */
async function fetched(url) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(LIST);
}

/** Show the list of shortcuts; false where the page offers none. */
export function openList() {
  const link = document.querySelector("[data-shortcut-page]");
  if (!link) return false;
  if (document.querySelector(LIST)) return true; // it is this page already
  fetched(link.href)
    .catch(() => null)
    .then((list) => {
      if (!list) {
        link.click();
        return;
      }
      const { dialog, close } = build(document.importNode(list, true));
      document.body.append(dialog);
      dialog.showModal();
      close.focus();
    });
  return true;
}
