// The map of the area editor: a click or a drawn box moves municipalities. Everything is also a plain form below.
"use strict";

const form = document.querySelector("[data-editor-form]");
const map = document.getElementById("area-map");
const NS = "http://www.w3.org/2000/svg";
if (form && map && "editable" in map.dataset) start();

function start() {
  const shapes = [...map.querySelectorAll("[data-code]")];
  const message = document.querySelector("[data-message]");
  const box = map.querySelector("[data-box]");
  let waiting = Promise.resolve();
  let origin = null;
  for (const part of document.querySelectorAll("[data-modes], [data-map-hint]")) part.hidden = false;

  form.addEventListener("submit", (event) => {
    if (!event.submitter?.value || form.dataset.plain) return;
    event.preventDefault();
    send(event.submitter.value, checked());
  });
  form.addEventListener("change", showSelection);
  document.addEventListener("click", jump);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input[type=text], textarea")) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    send(key === "y" || event.shiftKey ? "redo" : "undo", []);
  });
  map.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    origin = place(event);
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => origin && drawBox(place(event)));
  map.addEventListener("pointerup", (event) => {
    if (!origin) return;
    const end = place(event);
    const isBox = Math.hypot(end.x - origin.x, end.y - origin.y) > 6;
    const chosen = isBox ? inBox(origin, end) : at(event);
    cancelBox();
    if (chosen.length) take(chosen);
  });
  map.addEventListener("pointercancel", cancelBox);
  map.addEventListener("click", (event) => event.pointerType === "touch" && take(at(event)));

  // What stands under the pointer; while the pointer is captured the event's target is the map itself.
  function at(event) {
    const found = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-code]");
    return found ? [found] : [];
  }

  function take(chosen) {
    const codes = unitsOf(chosen);
    if (!codes.length) return;
    if (document.querySelector("[name=mode]:checked").value === "paint") {
      send("assign", codes);
      return;
    }
    const boxes = codes.map((code) => document.getElementById(`pick-${code}`)).filter(Boolean);
    const on = !boxes.every((one) => one.checked);
    for (const one of boxes) one.checked = on;
    showSelection();
  }

  function unitsOf(chosen) {
    const codes = new Set(chosen.flatMap((shape) => shape.dataset.units.split(" ")));
    if (document.querySelector("[data-whole-city]").checked) {
      for (const code of [...codes]) for (const ward of wardsBeside(code)) codes.add(ward);
    }
    return [...codes];
  }

  // The rows of a city's wards follow its own row; the city is named by the row's class.
  function wardsBeside(code) {
    const row = document.getElementById(`unit-${code}`);
    const city = row?.dataset.city;
    if (!city) return [];
    return [...document.querySelectorAll(`[data-city="${city}"]`)].map((one) => one.id.slice("unit-".length));
  }

  function checked() {
    return [...form.querySelectorAll("[name=units]:checked")].map((one) => one.value);
  }

  // One change after the other: each needs the version that the one before made.
  function send(action, units) {
    waiting = waiting.then(() => change(action, units)).catch(() => {
      message.textContent = "通信できませんでした。接続を確かめて、もう一度操作してください。変更は保存されていません。";
    });
  }

  async function change(action, units) {
    const data = new FormData(form);
    data.delete("units");
    for (const unit of units) data.append("units", unit);
    data.set("action", action);
    map.setAttribute("aria-busy", "true");
    // form.action is the button of that name, not the address.
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, headers: { Accept: "application/json" } });
    map.removeAttribute("aria-busy");
    if (answer.status === 409) return sendPlainly(action, units);
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json(), action);
  }

  // Somebody else changed the same: the page that asks what to do is reached by sending the form itself.
  function sendPlainly(action, units) {
    for (const one of form.querySelectorAll("[name=units]")) one.checked = units.includes(one.value);
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "action";
    field.value = action;
    form.append(field);
    form.dataset.plain = "yes";
    form.submit();
  }

  function show(state, action) {
    form.elements.version.value = state.version;
    for (const shape of shapes) {
      shape.setAttribute("fill", state.map.fills[shape.dataset.code]);
      shape.firstElementChild.textContent = state.map.texts[shape.dataset.code];
    }
    map.querySelector("[data-borders]").setAttribute("d", state.map.borders);
    map.querySelector("[data-labels]").replaceChildren(...state.map.labels.map(label));
    for (const [code, name] of Object.entries(state.areas)) {
      const cell = document.querySelector(`[data-area-of="${code}"]`);
      if (cell) cell.textContent = name;
    }
    // The server writes these parts with the templates of the page itself, every text escaped.
    document.querySelector("[data-palette]").innerHTML = state.palette;
    document.querySelector("[data-results]").innerHTML = state.results;
    document.querySelector("[data-summary]").innerHTML = state.summary;
    document.querySelector("[data-into]")?.replaceChildren(...state.choices.map(choice));
    document.querySelector("[data-steps]").textContent = state.steps;
    document.querySelector("[data-undo]").disabled = !state.canUndo;
    document.querySelector("[data-redo]").disabled = !state.canRedo;
    message.textContent = state.message || `保存しました。未割当は${state.unassigned}です。`;
    if (!state.isError && action !== "undo" && action !== "redo") clearSelection();
  }

  function label([text, x, y]) {
    const element = document.createElementNS(NS, "text");
    element.setAttribute("x", x);
    element.setAttribute("y", y);
    element.textContent = text;
    return element;
  }

  function choice([number, name]) {
    const option = document.createElement("option");
    option.value = number;
    option.textContent = name;
    return option;
  }

  function clearSelection() {
    for (const one of form.querySelectorAll("[name=units]:checked")) one.checked = false;
    showSelection();
  }

  function showSelection() {
    const codes = new Set(checked());
    document.querySelector("[data-selected]").textContent = codes.size;
    mark(shapes.filter((shape) => shape.dataset.units.split(" ").some((code) => codes.has(code))));
  }

  function mark(chosen) {
    const outlines = chosen.map((shape) => {
      const outline = document.createElementNS(NS, "path");
      outline.setAttribute("d", shape.getAttribute("d"));
      return outline;
    });
    map.querySelector("[data-marks]").replaceChildren(...outlines);
  }

  // 「場所を見る」: the place is outlined on the map; the link itself leads to its row in the table.
  function jump(event) {
    const link = event.target.closest("[data-jump]");
    if (!link) return;
    const codes = link.dataset.jump.split(" ");
    mark(shapes.filter((shape) => shape.dataset.units.split(" ").some((code) => codes.includes(code))));
    event.preventDefault();
    map.scrollIntoView({ block: "center" });
    message.textContent = `地図に青い線で示しました：${link.closest("li")?.dataset.names ?? ""}`;
    const box = document.getElementById(`pick-${codes[0]}`);
    box?.focus({ preventScroll: true });
  }

  function place(event) {
    const at = new DOMPoint(event.clientX, event.clientY);
    return at.matrixTransform(map.getScreenCTM().inverse());
  }

  function drawBox(end) {
    box.setAttribute("x", Math.min(origin.x, end.x));
    box.setAttribute("y", Math.min(origin.y, end.y));
    box.setAttribute("width", Math.abs(origin.x - end.x));
    box.setAttribute("height", Math.abs(origin.y - end.y));
    box.setAttribute("visibility", "visible");
  }

  function cancelBox() {
    origin = null;
    box.setAttribute("visibility", "hidden");
  }

  function inBox(one, other) {
    const [left, right] = [Math.min(one.x, other.x), Math.max(one.x, other.x)];
    const [top, bottom] = [Math.min(one.y, other.y), Math.max(one.y, other.y)];
    return shapes.filter((shape) => {
      const size = shape.getBBox();
      const x = size.x + size.width / 2;
      const y = size.y + size.height / 2;
      return x >= left && x <= right && y >= top && y <= bottom;
    });
  }
}
