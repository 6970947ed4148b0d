// Choosing files by dropping them, and saying before sending what is too large. The form works without this file.
"use strict";

for (const form of document.querySelectorAll("[data-upload]")) {
  const zone = form.querySelector("[data-drop-zone]");
  const input = zone.querySelector("input[type=file]");
  const chosen = zone.querySelector("[data-chosen]");
  zone.querySelector("[data-drop-hint]").hidden = false;

  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("drop-zone--over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("drop-zone--over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    show(form, input, chosen);
  });
  input.addEventListener("change", () => show(form, input, chosen));
}

function show(form, input, chosen) {
  const files = [...input.files];
  const list = document.createElement("ul");
  for (const file of files) {
    const item = document.createElement("li");
    item.textContent = `${file.name}（${readable(file.size)}）`;
    list.append(item);
  }
  chosen.replaceChildren(list, ...complaints(form, files));
}

function complaints(form, files) {
  const limits = form.dataset;
  const found = files
    .filter((file) => file.size > Number(limits.maxFile))
    .map((file) => `＊「${file.name}」は大きすぎます（1ファイル${readable(limits.maxFile)}まで）。`);
  if (files.reduce((sum, file) => sum + file.size, 0) > Number(limits.maxRequest)) {
    found.push(`＊合計が大きすぎます（1回に${readable(limits.maxRequest)}まで）。分けて送ってください。`);
  }
  if (files.length > Number(limits.maxFiles)) {
    found.push(`＊1回に送れるのは${limits.maxFiles}個までです。分けて送ってください。`);
  }
  return found.map((text) => {
    const line = document.createElement("p");
    line.className = "field__error";
    line.textContent = text;
    return line;
  });
}

function readable(bytes) {
  if (Number(bytes) < 1e5) return `${Math.ceil(Number(bytes) / 1e3)}KB`;
  return `${(Number(bytes) / 1e6).toLocaleString("ja-JP", { maximumFractionDigits: 1 })}MB`;
}
