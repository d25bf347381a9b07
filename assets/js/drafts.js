/**
 * Drafts that save themselves: a form marked `data-draft="<address>"` is sent there in
 * the background after typing stops. Without scripts its button "Save draft" does.
 * The first saving of a form that has no draft yet begins one: the page takes its id,
 * and its address, so that a reload shows what was typed.
 */

const WAIT_MS = 1500;
const AGAIN_MS = 15_000;

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

/** Put into a hidden field what the server said of the draft. */
function take(form, field, value) {
  const hidden = form.querySelector(field);
  if (hidden && value !== undefined) hidden.value = value;
}

/** Send the form to its draft; return "saved", "later" where no one answers, or "over". */
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
    return "later";
  }
  const isOurs = response.headers.get("Content-Type")?.startsWith("application/json");
  if (!isOurs) {
    say(form, "Not saved: your session has ended or the draft is gone. What you typed is kept when you send this page.", true);
    return "over";
  }
  const answer = await response.json();
  if (!response.ok) {
    say(form, answer.message, true);
    return "over";
  }
  take(form, "[data-draft-version]", answer.version);
  take(form, "[data-draft-id]", answer.draft);
  if (answer.address) history.replaceState(history.state, "", answer.address);
  say(form, `Saved ${answer.saved}`);
  return "saved";
}

/** Save a form after typing stops, one at a time, until it is sent. */
function watch(form) {
  let timer;
  let isSaving = false;
  let isOver = false;
  let again = false;
  // Whether the page holds words that no draft holds yet.
  let isTyped = "draftUnsaved" in form.dataset;

  async function run() {
    if (isSaving) {
      again = true;
      return;
    }
    isSaving = true;
    again = false;
    isTyped = false;
    const end = await save(form);
    isSaving = false;
    if (end === "over") isOver = true;
    if (end === "later") isTyped = true;
    if (again) soon();
    else if (end === "later") soon(AGAIN_MS);
  }

  function soon(wait = WAIT_MS) {
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(run, wait);
  }

  function typed() {
    isTyped = true;
    soon();
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isOver = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isOver = false;
  });
  // Leaving in the middle of a pause loses nothing.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || isOver || isSaving || !isTyped) return;
    clearTimeout(timer);
    navigator.sendBeacon?.(form.dataset.draft, new URLSearchParams(new FormData(form)));
  });
  if (isTyped) soon();
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
