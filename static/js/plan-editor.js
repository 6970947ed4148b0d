// The editor of a chapter: keeps a draft on the server while somebody types, and puts marks into the text.
// Without this file the page previews and saves by its buttons.
"use strict";

const editor = document.querySelector("[data-plan-editor]");
if (editor) start(editor);

function start(form) {
  const PAUSE = 3000;
  const text = form.elements.namedItem("text");
  const state = form.querySelector("[data-state]");
  let kept = text.value;
  let timer = 0;
  let isSending = false;
  let isLeaving = false;

  for (const part of document.querySelectorAll("[data-toolbar], [data-insert]")) part.hidden = false;
  say("変更すると、自動で下書きを保存します。");

  text.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, PAUSE);
    say("未保存の変更があります。");
  });
  form.addEventListener("submit", () => {
    isLeaving = true;
    window.clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
  window.addEventListener("pagehide", leave);
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && text.value !== kept && state.dataset.problem) event.preventDefault();
  });
  window.addEventListener("online", () => text.value !== kept && keep());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert], [data-mark]");
    if (!button) return;
    if (button.dataset.insert) put(button.dataset.insert);
    else mark(button.dataset.mark);
  });

  async function keep() {
    if (isSending || isLeaving || text.value === kept) return;
    isSending = true;
    const sent = text.value;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: data(), redirect: "manual" });
      if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") {
        fail("ログインの期限が切れています。本文はこの画面に残っています。別のタブでログインし直すと、また自動で保存されます。");
      } else if (answer.ok) {
        kept = sent;
        tell(await answer.json());
        // The browser's own copy (session.js) is no longer needed.
        if (text.value === kept) form.dispatchEvent(new CustomEvent("zaitaku:saved"));
      } else {
        fail("下書きを保存できませんでした。本文はこの画面に残っています。長すぎないか確かめ、もう一度お試しください。");
      }
    } catch {
      fail("サーバーにつながりません。本文はこの画面に残っています。つながると自動で保存します。");
    }
    isSending = false;
    if (text.value !== kept && !isLeaving) timer = window.setTimeout(keep, state.dataset.problem ? 4 * PAUSE : PAUSE);
  }

  // On leaving there is no time for an answer; the browser finishes sending.
  function leave() {
    if (isLeaving || text.value === kept) return;
    fetch(form.dataset.autosave, { method: "POST", body: data(), keepalive: true }).catch(() => {});
  }

  function data() {
    const found = new FormData(form);
    // Somebody who signed in again in another tab has a new token, and the cookie knows it.
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    if (token) found.set("csrfmiddlewaretoken", token[1]);
    return found;
  }

  function tell(answer) {
    say(`下書きを保存しました ${answer.saved_at}`);
    if (!answer.newer_by) return;
    const link = document.createElement("a");
    link.href = form.dataset.conflict;
    link.textContent = "両方を並べて見る";
    state.append(`　${answer.newer_by}さんが新しい版を保存しています。`, link);
  }

  function say(words) {
    delete state.dataset.problem;
    state.textContent = words;
  }

  function fail(words) {
    state.dataset.problem = "yes";
    state.textContent = words;
  }

  function put(words, from = text.selectionStart, to = text.selectionEnd) {
    text.setRangeText(words, from, to, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function mark(kind) {
    const chosen = text.value.slice(text.selectionStart, text.selectionEnd);
    if (kind === "strong") put(`**${chosen || "大事な語"}**`);
    else if (kind === "heading") put(`${lineStart()}# ${chosen || "見出し"}\n`);
    else if (kind === "list") put(`${lineStart()}${(chosen || "項目").split("\n").map((line) => `- ${line}`).join("\n")}\n`);
    else if (kind === "table") put(`${lineStart()}| 列1 | 列2 |\n|---|---|\n| 値 | 値 |\n`);
    else footnote();
  }

  // New blocks begin on a line of their own, after an empty one.
  function lineStart() {
    const before = text.value.slice(0, text.selectionStart);
    return before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  }

  function footnote() {
    const number = 1 + Math.max(0, ...[...text.value.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1])));
    put(`[^${number}]`);
    const at = text.selectionStart;
    text.setRangeText(`\n\n[^${number}]: 説明`, text.value.length, text.value.length, "preserve");
    text.setSelectionRange(at, at);
  }
}
