// Draws the Plotly figures that the page carries as data. The table below each chart has the same figures without this file.
"use strict";

const CONFIG = {
  locale: "ja",
  responsive: true,
  displaylogo: false,
  displayModeBar: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  scrollZoom: false,
};
const NARROW = 700; // px: below it upright names of 47 prefectures no longer fit
const A4 = 680; // px: width of the printed page inside its margins

for (const chart of document.querySelectorAll("[data-chart]")) draw(chart);

function draw(chart) {
  const canvas = chart.querySelector("[data-chart-canvas]");
  const wide = JSON.parse(chart.querySelector("[data-chart-wide]").textContent);
  const own = chart.querySelector("[data-chart-narrow]"); // absent where the chart is the same at every width
  const figures = { wide, narrow: own ? JSON.parse(own.textContent) : wide };
  let shown = "";

  function show() {
    const wanted = canvas.clientWidth < NARROW ? "narrow" : "wide";
    if (wanted === shown) return;
    shown = wanted;
    const { data, layout } = figures[wanted];
    canvas.style.minHeight = `${layout.height}px`;
    Plotly.react(canvas, data, { ...layout, autosize: true }, CONFIG).then(() => {
      chart.dataset.drawn = wanted;
    });
  }

  show();
  new ResizeObserver(show).observe(canvas);

  // A chart keeps its screen width in print and clips on A4.
  window.addEventListener("beforeprint", () => Plotly.relayout(canvas, { width: A4, autosize: false }));
  window.addEventListener("afterprint", () => Plotly.relayout(canvas, { width: null, autosize: true }));
}
