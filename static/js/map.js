// Recolours the map of an indicator when its year, measure or order changes, instead of drawing 1,900 shapes anew.
// Without this file the form loads the page. The map comes first, as data; table, notes and links follow as a page.
"use strict";

const REDRAWN = ["year", "measure", "order"]; // what changes colours and figures, but no shape
const map = document.querySelector("[data-map] figure.map");
const form = document.querySelector("form.view-controls");
if (map && form) follow(document.querySelector("[data-map]").dataset.map);

function follow(address) {
  const shapes = new Map();
  for (const shape of map.querySelectorAll("[data-code]")) {
    shapes.set(shape.dataset.code, { shape, fill: shape.getAttribute("fill"), told: shape.firstElementChild.firstChild });
  }
  const status = document.querySelector("[data-map-status]");
  let newest = 0;

  form.addEventListener("change", (event) => {
    if (!REDRAWN.includes(event.target.name)) return;
    const wanted = new URL(location.pathname, location.href);
    wanted.search = new URLSearchParams(new FormData(form));
    show(wanted, { push: true });
  });
  window.addEventListener("popstate", () => show(new URL(location.href), { push: false }));

  async function show(wanted, { push }) {
    const turn = ++newest;
    try {
      const data = await (await good(fetch(address + wanted.search))).json();
      if (turn !== newest) return;
      recolour(data);
      if (push) history.pushState(null, "", wanted);
      await painted(); // neither the words nor the long table hold up the colours
      if (turn !== newest) return;
      retell(data);
      const text = await (await good(fetch(wanted))).text();
      if (turn === newest) exchange(new DOMParser().parseFromString(text, "text/html"));
      status.textContent = `地図を「${data.title}」に塗り替えました。`;
    } catch {
      location.assign(wanted); // the page itself says what is wrong
    }
  }

  function recolour({ title, finding, legend, shapes: wanted }) {
    performance.mark("recolour-start");
    for (const code in wanted) {
      const known = shapes.get(code);
      const [fill] = wanted[code];
      if (!known || known.fill === fill) continue;
      known.shape.setAttribute("fill", fill);
      known.fill = fill;
    }
    map.querySelector("svg.map-sheet > title").textContent = title;
    document.getElementById("figure-title").textContent = title;
    document.querySelector(".finding").textContent = finding;
    const entries = map.querySelector(".map-legend ul");
    const model = entries.firstElementChild;
    entries.replaceChildren(...legend.map((entry) => legendEntry(model, entry)));
    performance.measure("recolour", "recolour-start");
    map.dataset.shows = title;
  }

  // What a pointer or a screen reader is told of each shape.
  function retell({ shapes: wanted }) {
    for (const code in wanted) {
      const known = shapes.get(code);
      if (known) known.told.data = wanted[code][1];
    }
  }
}

function legendEntry(model, [fill, label]) {
  const entry = model.cloneNode(true);
  entry.querySelector("rect").setAttribute("fill", fill);
  entry.lastChild.textContent = ` ${label}`;
  return entry;
}

// Everything marked data-part, from the page as the server would have sent it.
function exchange(page) {
  document.title = page.title;
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!other) continue;
    if (part.open) other.open = true;
    part.replaceWith(document.adoptNode(other));
  }
  for (const name of REDRAWN) {
    const chosen = page.querySelector(`form.view-controls select[name="${name}"]`);
    if (chosen) form.elements[name].value = chosen.value;
  }
  for (const link of document.querySelectorAll("[data-copy-link]")) link.href = location.href;
}

function painted() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

async function good(answer) {
  const response = await answer;
  if (!response.ok) throw new Error(response.statusText);
  return response;
}
