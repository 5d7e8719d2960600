// The bars of the date histogram: one stop of the Tab key, arrow keys between them, and a range drawn by pointer or Shift.

/** Selects a range of bars and submits it through the form of the dates, whose fields are always there. */
export class Histogram {
  /**
   * @param {HTMLElement} list the list of bars
   * @param {HTMLFormElement} form the form with the fields date_from and date_to
   * @param {HTMLOutputElement} output shows the range that is drawn
   */
  constructor(list, form, output) {
    this.list = list;
    this.form = form;
    this.output = output;
    this.bars = [...list.children];
    this.start = this.end = -1; // of the range that is drawn; -1 for none
    this.dragging = false;
    const format = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: list.dataset.digits });
    this.number = (count) => format.format(count);
    this.rove(this.links().find((link) => link.ariaCurrent) ?? this.links()[0]);
    this.listen();
  }

  listen() {
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("focusout", (event) => {
      if (!this.list.contains(event.relatedTarget)) this.draw(-1, -1);
    });
    this.list.addEventListener("pointerdown", (event) => this.press(event));
    this.list.addEventListener("pointermove", (event) => this.drag(event));
    this.list.addEventListener("pointerup", (event) => this.release(event));
    this.list.addEventListener("pointercancel", () => this.cancel());
    this.list.addEventListener("dragstart", (event) => event.preventDefault()); // links would be dragged instead
    this.list.addEventListener("click", (event) => {
      if (this.suppressClick) event.preventDefault();
      this.suppressClick = false;
    });
  }

  links() {
    return this.bars.map((bar) => bar.querySelector("a")).filter(Boolean);
  }

  /** Makes one link the stop of the Tab key. */
  rove(link) {
    for (const other of this.links()) other.tabIndex = other === link ? 0 : -1;
  }

  key(event) {
    const links = this.links();
    const at = links.indexOf(document.activeElement);
    if (at < 0) return;
    const forward = getComputedStyle(this.list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const link = links[Math.max(0, Math.min(to, links.length - 1))];
      const from = this.start < 0 ? this.place(links[at]) : this.start;
      this.rove(link);
      link.focus();
      if (event.shiftKey) this.draw(from, this.place(link));
      else this.draw(-1, -1);
    } else if (event.key === "Enter" && this.start >= 0) {
      event.preventDefault();
      this.apply();
    } else if (event.key === "Escape") this.draw(-1, -1);
  }

  place(link) {
    return this.bars.indexOf(link.closest("li"));
  }

  /** Returns the bar at a horizontal position, the nearest one outside of the list. */
  at(x) {
    const distance = (bar) => {
      const { left, right } = bar.getBoundingClientRect();
      return Math.max(left - x, x - right, 0);
    };
    const distances = this.bars.map(distance);
    return distances.indexOf(Math.min(...distances));
  }

  press(event) {
    if (event.button) return;
    this.dragging = true;
    this.anchor = this.at(event.clientX);
  }

  drag(event) {
    if (!this.dragging) return;
    const to = this.at(event.clientX);
    if (to === this.anchor && this.start < 0) return;
    this.list.setPointerCapture(event.pointerId);
    this.draw(this.anchor, to);
  }

  release() {
    if (!this.dragging) return;
    this.dragging = false;
    if (this.start < 0) return; // a click on one bar follows its link
    this.suppressClick = true;
    setTimeout(() => { this.suppressClick = false; }); // if no click follows, a later one counts
    this.apply();
  }

  cancel() {
    this.dragging = false;
    this.draw(-1, -1);
  }

  /** Shows a range of bars with its number of documents; -1 removes it. */
  draw(start, end) {
    this.start = start;
    this.end = end;
    const [first, last] = [Math.min(start, end), Math.max(start, end)];
    this.bars.forEach((bar, place) => bar.classList.toggle("brushed", start >= 0 && place >= first && place <= last));
    if (start < 0) {
      this.output.textContent = "";
      return;
    }
    const drawn = this.bars.slice(first, last + 1);
    const count = drawn.reduce((sum, bar) => sum + Number(bar.dataset.count), 0);
    const labels = first === last ? [drawn[0]] : [drawn[0], drawn[drawn.length - 1]];
    this.output.textContent = `${labels.map((bar) => bar.dataset.label).join(" – ")}: ${this.number(count)}`;
  }

  apply() {
    const [first, last] = [Math.min(this.start, this.end), Math.max(this.start, this.end)];
    this.form.elements.date_from.value = this.bars[first].dataset.first;
    this.form.elements.date_to.value = this.bars[last].dataset.last;
    this.form.requestSubmit();
  }
}
