/** Drag the paper to pan, a node to pin it; in lasso mode draw round nodes. */

// A click that trembles is still a click.
const STILL = 4;

export function followPointer(board) {
  const { svg } = board;
  let drag = null;

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const item = event.target.closest("[data-key]");
    const key = item?.dataset.key;
    const kind = key ? "node" : board.isLasso ? "lasso" : "pan";
    drag = { kind, key, x: event.clientX, y: event.clientY, isMoved: false, points: [] };
  });

  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y);
    if (!drag.isMoved && far < STILL) return;
    if (!drag.isMoved) start(event);
    const here = board.at(event);
    if (drag.kind === "lasso") return draw(here);
    const across = here.x - drag.last.x;
    const down = here.y - drag.last.y;
    if (drag.kind === "pan") {
      board.pan(-across, -down);
      drag.last = board.at(event);
    } else {
      board.move(drag.keys, across, down, { remember: false });
      drag.last = here;
    }
  });

  function start(event) {
    drag.isMoved = true;
    drag.last = board.at(event);
    svg.setPointerCapture(event.pointerId);
    if (drag.kind === "node") {
      drag.keys = board.chosen.has(drag.key) ? new Set(board.chosen) : new Set([drag.key]);
      board.remember();
    }
    if (drag.kind === "lasso") {
      drag.rope = document.createElementNS(svg.namespaceURI, "polygon");
      drag.rope.setAttribute("class", "app-net__rope");
      svg.append(drag.rope);
      draw(board.at({ clientX: drag.x, clientY: drag.y }));
    }
  }

  function draw(here) {
    drag.points.push(here);
    drag.rope.setAttribute("points", drag.points.map(({ x, y }) => `${x},${y}`).join(" "));
  }

  function end(event) {
    if (drag?.kind === "lasso" && drag.isMoved) {
      const inside = board.shown().filter((node) => isWithin(node, drag.points));
      board.choose(inside.map(({ key }) => key), { add: event.shiftKey });
      drag.rope.remove();
    }
    wasMoved = drag?.isMoved ?? false;
    drag = null;
  }

  let wasMoved = false;
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", end);
  // A link would be dragged as such, and a drag is no click on it.
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("click", (event) => {
    const item = event.target.closest("[data-key]");
    if (!item) return;
    // A first click chooses; a double click, or Enter, opens the page of the node.
    if (event.detail > 0) event.preventDefault();
    if (event.detail === 0 || wasMoved) return;
    board.takeFocus(board.nodes.get(item.dataset.key), { move: true });
    if (event.shiftKey) board.toggle(item.dataset.key);
    else board.choose([item.dataset.key]);
  });
  svg.addEventListener("dblclick", (event) => {
    const item = event.target.closest("[data-key]");
    if (item) window.location.assign(item.getAttribute("href"));
  });
  svg.addEventListener(
    "wheel",
    (event) => {
      // The wheel alone scrolls the page.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      board.zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, board.at(event));
    },
    { passive: false },
  );
}

/** Whether a point lies within a polygon: an odd number of its sides to the right. */
function isWithin({ x, y }, points) {
  let isIn = false;
  points.forEach((one, index) => {
    const other = points[(index + 1) % points.length];
    if (one.y > y === other.y > y) return;
    const side = ((other.x - one.x) * (y - one.y)) / (other.y - one.y) + one.x;
    if (x < side) isIn = !isIn;
  });
  return isIn;
}
