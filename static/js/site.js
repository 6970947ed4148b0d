// Small helps on every page. Each page works without this file.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const link of document.querySelectorAll("[data-copy-link]")) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const result = link.parentElement.querySelector("[data-copy-result]");
    result.textContent = (await copied(link.href)) ? "コピーしました" : link.href;
  });
}

for (const opener of document.querySelectorAll("[data-opens]")) {
  const dialog = document.getElementById(opener.dataset.opens);
  if (!dialog) continue;
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}

// Closed <details> marked for print are opened while the page is printed and closed again afterwards.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details[data-print-open]:not([open])")) {
    details.open = true;
    details.dataset.openedForPrint = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const details of document.querySelectorAll("details[data-opened-for-print]")) {
    details.open = false;
    delete details.dataset.openedForPrint;
  }
});

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // plain HTTP in a closed network has no clipboard: the address is shown to be copied by hand
  }
}
