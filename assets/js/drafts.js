/**
 * Drafts that save themselves: a form marked `data-draft="<address>"` is sent there in
 * the background after typing stops. Without scripts its button "Save draft" does.
 */

const WAIT_MS = 1500;

/** Say how the draft stands, where screen readers hear it too. */
function say(form, text, isFault = false) {
  const state = form.querySelector("[data-draft-state]");
  if (!state) return;
  state.textContent = text;
  state.classList.toggle("app-draft-state--fault", isFault);
  // While nothing is saved, leaving the page asks first.
  if (isFault) form.dataset.guardUnsaved = "";
  else delete form.dataset.guardUnsaved;
}

/** Send the form to its draft; return whether saving may go on. */
async function save(form) {
  let response;
  try {
    response = await fetch(form.dataset.draft, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      credentials: "same-origin",
      redirect: "manual",
    });
  } catch {
    say(form, "Not saved: the service does not answer. It is tried again.", true);
    return true;
  }
  const isOurs = response.headers.get("Content-Type")?.startsWith("application/json");
  if (!isOurs) {
    say(form, "Not saved: your session has ended or the draft is gone. What you typed is kept when you send this page.", true);
    return false;
  }
  const answer = await response.json();
  if (!response.ok) {
    say(form, answer.message, true);
    return false;
  }
  const version = form.querySelector("[data-draft-version]");
  if (version) version.value = answer.version;
  say(form, `Saved ${answer.saved}`);
  return true;
}

/** Save a form after typing stops, one at a time, until it is sent. */
function watch(form) {
  let timer;
  let isSaving = false;
  let isOver = false;
  let again = false;

  async function run() {
    if (isSaving) {
      again = true;
      return;
    }
    isSaving = true;
    again = false;
    const goOn = await save(form);
    isSaving = false;
    if (!goOn) isOver = true;
    if (again && !isOver) soon();
  }

  function soon() {
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(run, WAIT_MS);
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isOver = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isOver = false;
  });
  // Leaving in the middle of a pause loses nothing.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || isOver || isSaving) return;
    clearTimeout(timer);
    navigator.sendBeacon?.(form.dataset.draft, new URLSearchParams(new FormData(form)));
  });
}

/** Start every draft of the page; Enter in its search looks, and does not send. */
export function saveDrafts() {
  for (const form of document.querySelectorAll("[data-draft]")) {
    watch(form);
    for (const field of form.querySelectorAll("[data-draft-look]")) {
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        document.getElementById(field.dataset.draftLook)?.click();
      });
    }
  }
}
