/**
 * A slider beside a field for a day: one step a day, from the first that has a picture.
 *
 * It only writes into the field; the form's own button asks for the day, so nothing on
 * the page moves meanwhile. The last step is now, for which the field is empty. The
 * range says the day by `aria-valuetext`, since a count of days would mean nothing.
 */
const DAY = 24 * 60 * 60 * 1000;

const LONG = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});
const SHORT = new Intl.DateTimeFormat("en-GB", {
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  timeZone: "UTC",
});

/** Return the milliseconds of a typed day, as 27/3/2026 or 2026-03-27; NaN if none. */
function typedDay(text) {
  const british = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim());
  if (british) return Date.UTC(british[3], british[2] - 1, british[1]);
  return /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? Date.parse(text.trim()) : NaN;
}

function startSlider(part) {
  const field = document.getElementById(part.dataset.days);
  const range = part.querySelector("input[type=range]");
  const told = part.querySelector("output");
  const first = Date.parse(part.dataset.first);
  const steps = Math.round((Date.parse(part.dataset.last) - first) / DAY);
  if (!field || !(steps > 0)) return;

  const say = () => {
    const step = Number(range.value);
    const text =
      step === steps ? "Now" : `End of ${LONG.format(first + step * DAY)}`;
    told.textContent = text;
    range.setAttribute("aria-valuetext", text);
  };
  const follow = () => {
    const day = typedDay(field.value);
    range.value = Number.isNaN(day) ? steps : Math.round((day - first) / DAY);
    say();
  };
  range.min = 0;
  range.max = steps;
  range.step = 1;
  range.addEventListener("input", () => {
    const step = Number(range.value);
    field.value = step === steps ? "" : SHORT.format(first + step * DAY);
    say();
  });
  field.addEventListener("input", follow);
  follow();
  part.hidden = false;
}

/** Start every slider of days on the page. */
export function slideDays() {
  for (const part of document.querySelectorAll("[data-days]")) startSlider(part);
}
