/** A slider over the days on which links held: letting go asks for that day. */

const DAY = 86_400_000;

export function followTime(part) {
  if (!part) return;
  const slider = part.querySelector("input");
  const said = part.querySelector("output");
  const start = Date.parse(part.dataset.from);
  slider.max = String(Math.round((Date.parse(part.dataset.to) - start) / DAY));
  const asked = part.dataset.at ? Date.parse(part.dataset.at) : start + slider.max * DAY;
  slider.value = String(Math.round((asked - start) / DAY));
  const day = () => new Date(start + Number(slider.value) * DAY);
  const tell = () => {
    const text = day().toLocaleDateString("en-GB", {
      day: "numeric",
      month: "long",
      year: "numeric",
      timeZone: "UTC",
    });
    said.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  };
  slider.addEventListener("input", tell);
  part.querySelector("button").addEventListener("click", () => {
    const address = new URL(window.location.href);
    address.searchParams.set("at", day().toISOString().slice(0, 10));
    window.location.assign(address);
  });
  tell();
  part.hidden = false;
}
