/** The buttons above the picture; each does what a drag or a key does. */

const STEP = 40;
const MOVES = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

export function followTools(board, tools) {
  if (!tools) return;
  const said = tools.querySelector("[data-net-said]");
  const counts = document.querySelectorAll("[data-net-shown]");
  const first = Number(counts[0]?.textContent ?? 0);
  const actions = {
    in: () => board.zoom(1 / 1.4),
    out: () => board.zoom(1.4),
    fit: () => board.fit(),
    all: () => board.choose(board.shown().map(({ key }) => key)),
    near: () => board.choose(board.neighbours(board.chosen)),
    none: () => board.choose([]),
    hide: () => board.hide(new Set(board.chosen)),
    show: () => board.showAll(),
    undo: () => board.undo(),
    redo: () => board.redo(),
    expand: () => expand(board),
    lasso: (button) => {
      board.isLasso = press(button);
      board.view.classList.toggle("app-net-view--lasso", board.isLasso);
    },
    words: (button) => board.showWords(press(button)),
  };
  for (const [name, [across, down]] of Object.entries(MOVES)) {
    actions[name] = () => board.move(new Set(board.chosen), across * STEP, down * STEP);
  }
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-net-do]");
    if (button) actions[button.dataset.netDo](button);
    settle();
  });

  /** A button that would do nothing says so, and stays where it is. */
  function settle() {
    const able = {
      undo: board.past.length > 0,
      redo: board.future.length > 0,
      show: board.hidden.size > 0,
    };
    for (const button of tools.querySelectorAll("[data-net-do]")) {
      const needs = "netNeeds" in button.dataset;
      const isAble = able[button.dataset.netDo] ?? (!needs || board.chosen.size > 0);
      button.setAttribute("aria-disabled", String(!isAble));
    }
    const gone = [...board.hidden].filter((key) => !board.nodes.get(key).item.dataset.sum);
    for (const count of counts) count.textContent = String(first - gone.length);
  }

  board.onChange((text) => {
    if (text) said.textContent = text;
    settle();
  });
  const words = tools.querySelector("[data-net-do=words]");
  words.setAttribute("aria-pressed", String(!board.words.hasAttribute("display")));
  tools.hidden = false;
  settle();
}

function press(button) {
  const isOn = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(isOn));
  return isOn;
}

/** Ask the server for the links of what is chosen: it knows who may see which. */
function expand(board) {
  const address = new URL(window.location.href);
  const known = new Set(address.searchParams.getAll("expand"));
  const keys = [...board.chosen].filter((key) => /^[0-9a-f-]{36}$/.test(key));
  for (const key of keys) {
    if (!known.has(key)) address.searchParams.append("expand", key);
  }
  if (keys.length) window.location.assign(address);
}
