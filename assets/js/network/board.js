/** What is drawn, what is chosen and hidden, and every state to go back to. */

const RIM = 19;
// Below it the words of a picture of some dozen nodes cannot be read.
const LEAST_SCALE = 0.45;

export class Board {
  constructor(view) {
    this.view = view;
    this.svg = view.querySelector("[data-net]");
    this.words = view.querySelector("[data-net-words]");
    this.nodes = new Map(
      [...this.svg.querySelectorAll("[data-key]")].map((item) => [
        item.dataset.key,
        { item, key: item.dataset.key, ...placeOf(item) },
      ]),
    );
    const keys = [...this.nodes.keys()];
    this.lines = [...this.svg.querySelectorAll("[data-a]")].map((item, index) => ({
      item,
      text: this.words.children[index],
      a: keys[item.dataset.a],
      b: keys[item.dataset.b],
    }));
    this.hidden = new Set();
    this.chosen = new Set();
    this.past = [];
    this.future = [];
    this.listeners = [];
    const [, , width, height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    this.paper = { x: 0, y: 0, width, height };
    this.svg.removeAttribute("width");
    this.svg.removeAttribute("height");
    view.classList.add("app-net-view--live");
    // The nodes take the focus; one stop brings it among them.
    view.removeAttribute("tabindex");
    for (const { item } of this.nodes.values()) item.setAttribute("tabindex", "-1");
    this.start();
    this.takeFocus(this.shown()[0]);
  }

  /** Tell whoever asks that something has changed; in words, if there is anything new. */
  onChange(listener) {
    this.listeners.push(listener);
  }

  tell(text) {
    for (const listener of this.listeners) listener(text);
  }

  shown() {
    return [...this.nodes.values()].filter(({ key }) => !this.hidden.has(key));
  }

  // Where one looks.

  /** The whole paper, or on a small screen what is round the centre, to be read. */
  start() {
    this.fit();
    const size = this.view.clientWidth;
    const [centre] = this.nodes.values();
    if (!centre || !size || size / this.paper.width > LEAST_SCALE) return;
    const width = size / LEAST_SCALE;
    const height = (width * this.svg.clientHeight) / size;
    this.look({ x: centre.x - width / 2, y: centre.y - height / 2, width, height });
  }

  fit() {
    this.look({ ...this.paper });
  }

  zoom(factor, at) {
    const { x, y, width, height } = this.window;
    const middle = at ?? { x: x + width / 2, y: y + height / 2 };
    const least = this.paper.width / 12;
    const wide = Math.min(Math.max(width * factor, least), this.paper.width * 2);
    const scale = wide / width;
    this.look({
      x: middle.x - (middle.x - x) * scale,
      y: middle.y - (middle.y - y) * scale,
      width: wide,
      height: height * scale,
    });
  }

  pan(across, down) {
    const { x, y, width, height } = this.window;
    this.look({ x: x + across, y: y + down, width, height });
  }

  look(window) {
    this.window = window;
    const { x, y, width, height } = window;
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  }

  /** The place on the paper that a pointer is over. */
  at(event) {
    const point = new DOMPoint(event.clientX, event.clientY);
    return point.matrixTransform(this.svg.getScreenCTM().inverse());
  }

  // Which node has the focus, and which are chosen.

  takeFocus(node, { move = false } = {}) {
    if (!node) return;
    this.focused?.item.setAttribute("tabindex", "-1");
    this.focused = node;
    node.item.setAttribute("tabindex", "0");
    if (!move) return;
    node.item.focus({ preventScroll: true });
    const { x, y, width, height } = this.window;
    const isOut = node.x < x || node.y < y || node.x > x + width || node.y > y + height;
    if (isOut) this.look({ x: node.x - width / 2, y: node.y - height / 2, width, height });
  }

  choose(keys, { add = false } = {}) {
    if (!add) this.chosen.clear();
    for (const key of keys) this.chosen.add(key);
    this.drawChosen();
  }

  toggle(key) {
    if (!this.chosen.delete(key)) this.chosen.add(key);
    this.drawChosen();
  }

  neighbours(keys) {
    const found = new Set(keys);
    for (const { a, b } of this.lines) {
      if (keys.has(a) && !this.hidden.has(b)) found.add(b);
      if (keys.has(b) && !this.hidden.has(a)) found.add(a);
    }
    return found;
  }

  /** Show what links say, or not. Of a large chart the words are made when asked for. */
  showWords(isShown) {
    if (!isShown) return this.words.setAttribute("display", "none");
    for (const line of this.lines) {
      if (line.text) continue;
      line.text = document.createElementNS(this.svg.namespaceURI, "text");
      line.text.textContent = line.item.textContent.split(/[,;]/)[0];
      this.words.append(line.text);
    }
    this.words.removeAttribute("display");
    this.drawPlaces(new Set(this.nodes.keys()));
    this.drawHidden();
  }

  drawChosen() {
    for (const { item, key } of this.nodes.values()) {
      item.classList.toggle("app-net__node--on", this.chosen.has(key));
    }
    for (const { item, a, b } of this.lines) {
      item.classList.toggle("app-net__line--on", this.chosen.has(a) || this.chosen.has(b));
    }
    this.tell(`${this.chosen.size} chosen`);
  }

  // What changes, and can be undone.

  hide(keys) {
    this.remember();
    for (const key of keys) this.hidden.add(key);
    for (const key of keys) this.chosen.delete(key);
    this.drawHidden();
    if (this.focused && this.hidden.has(this.focused.key)) this.takeFocus(this.shown()[0]);
    this.drawChosen();
    this.tell(`${keys.size} hidden`);
  }

  showAll() {
    if (!this.hidden.size) return;
    this.remember();
    this.hidden.clear();
    this.drawHidden();
    this.tell("All shown");
  }

  move(keys, across, down, { remember = true } = {}) {
    if (remember) this.remember();
    for (const key of keys) {
      const node = this.nodes.get(key);
      node.x += across;
      node.y += down;
      node.isPinned = true;
    }
    this.drawPlaces(keys);
  }

  state() {
    const places = [...this.nodes.values()].map(({ key, x, y, isPinned }) => ({
      key,
      x,
      y,
      isPinned,
    }));
    return { places, hidden: new Set(this.hidden) };
  }

  remember() {
    this.past.push(this.state());
    this.future = [];
    this.tell("");
  }

  undo() {
    this.goTo(this.past, this.future, "Undone");
  }

  redo() {
    this.goTo(this.future, this.past, "Done again");
  }

  goTo(from, to, text) {
    const state = from.pop();
    if (!state) return;
    to.push(this.state());
    for (const { key, ...place } of state.places) Object.assign(this.nodes.get(key), place);
    this.hidden = new Set(state.hidden);
    this.drawPlaces(new Set(this.nodes.keys()));
    this.drawHidden();
    this.tell(text);
  }

  drawHidden() {
    for (const { item, key } of this.nodes.values()) {
      item.classList.toggle("app-net--gone", this.hidden.has(key));
    }
    for (const { item, text, a, b } of this.lines) {
      const isGone = this.hidden.has(a) || this.hidden.has(b);
      item.classList.toggle("app-net--gone", isGone);
      text?.classList.toggle("app-net--gone", isGone);
    }
  }

  drawPlaces(keys) {
    for (const key of keys) {
      const { item, x, y } = this.nodes.get(key);
      item.setAttribute("transform", `translate(${round(x)} ${round(y)})`);
    }
    for (const line of this.lines) {
      if (keys.has(line.a) || keys.has(line.b)) this.drawLine(line);
    }
  }

  drawLine({ item, text, a, b }) {
    const start = this.nodes.get(a);
    const end = this.nodes.get(b);
    const across = end.x - start.x;
    const down = end.y - start.y;
    const part = RIM / Math.max(Math.hypot(across, down), 2 * RIM);
    item.setAttribute("x1", round(start.x + across * part));
    item.setAttribute("y1", round(start.y + down * part));
    item.setAttribute("x2", round(end.x - across * part));
    item.setAttribute("y2", round(end.y - down * part));
    if (!text) return;
    text.setAttribute("x", round((start.x + end.x) / 2));
    text.setAttribute("y", round((start.y + end.y) / 2));
  }
}

function placeOf(item) {
  const [x, y] = item.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
  return { x, y, isPinned: false };
}

function round(value) {
  return Math.round(value * 10) / 10;
}
