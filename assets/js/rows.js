/**
 * "Add another" without a round trip.
 *
 * The button is a submit button that the server answers too, so the same form
 * works without scripts. Markup: `_components/formset.html`.
 */

/** Put a new empty row at the end of `list`; return it. */
function addRow(list, total) {
  const index = Number(total.value);
  const template = list.querySelector("template[data-add-row-template]");
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML
    .replaceAll("__prefix__", String(index))
    .replaceAll("__number__", String(index + 1));
  const row = holder.content.firstElementChild;
  list.querySelector("[data-add-row-rows]").append(row);
  total.value = String(index + 1);
  return row;
}

/** Move the keyboard into the new row and say that it is there. */
function present(list, row) {
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  const status = list.querySelector("[data-add-row-status]");
  const count = list.querySelectorAll("[data-add-row-rows] > *").length;
  if (status) status.textContent = `Row ${count} added`;
}

/** Answer every button marked `data-add-row-button` inside a `data-add-row` list. */
export function addRows() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-add-row-button]");
    const list = button?.closest("[data-add-row]");
    if (!list) return;
    const prefix = list.dataset.addRow;
    const total = list.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    const most = list.querySelector(`[name="${prefix}-MAX_NUM_FORMS"]`);
    // At the limit the server explains; without a template it adds the row.
    if (!total || !list.querySelector("template[data-add-row-template]")) return;
    if (most && Number(total.value) >= Number(most.value)) return;
    event.preventDefault();
    present(list, addRow(list, total));
  });
}
