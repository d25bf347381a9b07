/**
 * Says that the session is about to end, without taking the focus or anything typed.
 *
 * Asking how much is left is marked as not being activity; "Stay signed in" is.
 */
const WARNED = 120;
const box = document.createElement("div");
box.className = "govuk-notification-banner";
box.setAttribute("role", "region");
box.setAttribute("aria-live", "polite");
box.setAttribute("aria-label", "Your session");
box.style.cssText = "position:sticky;top:0;z-index:9";

/** Ask how many seconds are left; none where the session is over. */
async function left(headers) {
  try {
    const answer = await fetch("/sessions/left/", { headers, redirect: "manual" });
    return answer.ok ? (await answer.json()).seconds : 0;
  } catch {
    return WARNED; // no network: ask again later
  }
}

/** Show a sentence and, where it can still be done, what keeps the session. */
function say(text, label, act) {
  const content = document.createElement("div");
  content.className = "govuk-notification-banner__content";
  const sentence = document.createElement("p");
  sentence.className = "govuk-notification-banner__heading";
  sentence.textContent = text;
  content.append(sentence);
  if (label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-!-margin-bottom-0";
    button.textContent = label;
    button.addEventListener("click", act);
    content.append(button);
  }
  box.replaceChildren(content);
  if (!box.isConnected) document.getElementById("main-content").before(box);
}

/** Keep the session, and ask again when it is next about to end. */
async function stay() {
  const seconds = await left({});
  if (!seconds) return over();
  box.remove();
  later(seconds);
}

function over() {
  say(
    "You have been signed out. What you typed is still on this page: send it, sign in when asked, and it goes on.",
  );
}

function later(seconds) {
  setTimeout(ask, Math.max(1, seconds - WARNED) * 1000);
}

/** Warn if little is left; another tab may have kept the session meanwhile. */
async function ask() {
  const seconds = await left({ "HX-Request": "true" });
  if (seconds <= 0) return over();
  if (seconds > WARNED) {
    box.remove();
    return later(seconds);
  }
  if (!box.isConnected) {
    say(
      "You will be signed out in about two minutes, as nothing was done here.",
      "Stay signed in",
      stay,
    );
  }
  setTimeout(ask, (seconds + 1) * 1000);
}

ask();
