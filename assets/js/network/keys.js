/** Keys while a node has the focus; none of them acts anywhere else on the page. */

const STEP = 20;
const WAYS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function followKeys(board) {
  board.svg.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-key]");
    if (item) board.takeFocus(board.nodes.get(item.dataset.key));
  });
  board.svg.addEventListener("keydown", (event) => {
    if (!event.target.closest("[data-key]") || event.ctrlKey || event.metaKey) return;
    if (event.altKey || !act(board, event)) return;
    event.preventDefault();
  });
}

/** Do what the key means; tell whether it means anything. */
function act(board, event) {
  const { key } = board.focused;
  const way = WAYS[event.key];
  if (way && event.shiftKey) {
    const keys = board.chosen.has(key) ? new Set(board.chosen) : new Set([key]);
    board.move(keys, way[0] * STEP, way[1] * STEP);
  } else if (way) {
    goBy(board, way[0] + way[1]);
  } else if (event.key === "Home" || event.key === "End") {
    board.takeFocus(board.shown().at(event.key === "Home" ? 0 : -1), { move: true });
  } else if (event.key === " ") {
    board.toggle(key);
  } else if (event.key === "Delete") {
    const next = board.shown().indexOf(board.focused);
    board.hide(new Set([key]));
    const left = board.shown();
    board.takeFocus(left[Math.min(next, left.length - 1)], { move: true });
  } else {
    return false;
  }
  return true;
}

function goBy(board, step) {
  const nodes = board.shown();
  const at = nodes.indexOf(board.focused);
  board.takeFocus(nodes[Math.min(Math.max(at + step, 0), nodes.length - 1)], { move: true });
}
