/** What leaves the picture: places into the form that saves them, and a PNG. */

/** Put what was moved and hidden into a form as it is sent. */
export function sendPlaces(board, forms) {
  for (const form of forms) {
    form.addEventListener("submit", () => {
      const moved = [...board.nodes.values()].filter(({ isPinned }) => isPinned);
      const places = moved.map(({ key, x, y }) => [key, [Math.round(x), Math.round(y)]]);
      fill(form, "places", JSON.stringify(Object.fromEntries(places)));
      fill(form, "gone", JSON.stringify([...board.hidden]));
    });
  }
}

function fill(form, name, value) {
  const field = form.elements.namedItem(name);
  if (field) field.value = value;
}

/** Draw the server's own SVG, which bears the marking and is recorded, as a PNG. */
export function savePng(link) {
  if (!link) return;
  link.hidden = false;
  link.addEventListener("click", () => {
    const picture = new Image();
    picture.addEventListener("load", () => draw(picture, link.dataset.name));
    picture.src = link.dataset.netPng;
  });
}

function draw(picture, name) {
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * 2;
  canvas.height = picture.naturalHeight * 2;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    const file = document.createElement("a");
    file.href = URL.createObjectURL(blob);
    file.download = name;
    file.click();
    URL.revokeObjectURL(file.href);
  }, "image/png");
}
