// Says when the sign-in is about to end, and keeps in this browser what is being written, until it is saved.
// Without this file the sign-in ends all the same; a form that was sent too late is kept by the server.
"use strict";

const MINUTE = 60_000;
const dialog = document.querySelector("[data-session]");
if (dialog) {
  watchTime(dialog);
  keepTexts(dialog.dataset.user);
}

function watchTime(box) {
  const WARN = 5 * MINUTE;
  const words = box.querySelector("[data-session-words]");
  const title = box.querySelector("h2");
  const goOn = box.querySelector("[data-session-go-on]");
  const again = box.querySelector("[data-session-again]");
  let endsAt = Date.now() + Number(box.dataset.session) * 1000;
  let touchedAt = Date.now();
  let timer = 0;

  goOn.addEventListener("click", () => ask("POST"));
  box.querySelector("[data-session-close]").addEventListener("click", () => box.close());
  // Whoever writes is there: an action is noted although no page is asked for.
  document.addEventListener("input", () => Date.now() - touchedAt > 5 * MINUTE && ask("POST"));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && plan());
  plan();

  function plan() {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => ask("GET"), Math.max(1000, endsAt - WARN - Date.now()));
  }

  // Another tab may have gone on: the server knows.
  async function ask(method) {
    if (method === "POST") touchedAt = Date.now();
    const token = document.querySelector("[data-sign-out] [name=csrfmiddlewaretoken]").value;
    try {
      const headers = { "X-CSRFToken": cookieToken() || token, Accept: "application/json" };
      const answer = await fetch(box.dataset.sessionUrl, { method, headers });
      if (answer.status === 401) ended();
      else if (answer.ok) tell(await answer.json());
    } catch {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => ask("GET"), MINUTE);
    }
  }

  function tell(state) {
    endsAt = Date.now() + state.seconds * 1000;
    if (state.seconds * 1000 > WARN) {
      if (box.open) box.close();
      return plan();
    }
    const minutes = Math.max(1, Math.ceil(state.seconds / 60));
    title.textContent = "まもなくログインの期限が切れます";
    words.textContent = state.can_go_on
      ? `しばらく操作がないため、あと${minutes}分ほどでログアウトします。`
      : `ログインから12時間たつため、あと${minutes}分ほどでログアウトします。書いているものを保存してください。`;
    goOn.hidden = !state.can_go_on;
    again.hidden = true;
    if (!box.open) box.showModal();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => ask("GET"), Math.min(MINUTE, state.seconds * 1000 + 1000));
  }

  function ended() {
    title.textContent = "ログインの期限が切れました";
    words.textContent = "書いたものは、この画面とこのブラウザーに残っています。別のタブでログインしてからこの画面に戻ると、続けて保存できます。";
    goOn.hidden = true;
    again.hidden = false;
    if (!box.open) box.showModal();
  }
}

function cookieToken() {
  const found = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  return found ? found[1] : "";
}

// Texts under way, by account, page and form. They go when the server has them, at sign-out, and after three days.
function keepTexts(user) {
  const PREFIX = `zaitaku-kept:${user}:`;
  const LASTS = 3 * 24 * 60 * MINUTE;
  const cameFrom = document.referrer ? new URL(document.referrer).pathname : "";
  const wasRedirected = (performance.getEntriesByType("navigation")[0] || {}).redirectCount > 0;
  if (!available()) return;

  tidy();
  const forms = [...document.querySelectorAll("form[method=post]")].filter((form) => form.querySelector("textarea"));
  forms.forEach(follow);
  for (const form of document.querySelectorAll("[data-sign-out]")) form.addEventListener("submit", () => mine().forEach(drop));

  function follow(form) {
    const key = `${PREFIX}${location.pathname}:${form.getAttribute("action") || ""}`;
    let timer = 0;
    offer(form, key);
    form.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => write(key, { at: Date.now(), sent: false, fields: values(form) }), 400);
    });
    form.addEventListener("submit", () => {
      window.clearTimeout(timer);
      write(key, { at: Date.now(), sent: true, fields: values(form) });
    });
    form.addEventListener("zaitaku:saved", () => drop(key));
  }

  function offer(form, key) {
    const kept = read(key);
    if (!kept) return;
    // What the server answered with is what was sent, or it was taken and led somewhere.
    if (same(kept.fields, values(form)) || (kept.sent && wasRedirected)) return drop(key);
    const at = new Date(kept.at);
    const box = document.createElement("div");
    box.className = "notice notice--warning";
    box.setAttribute("role", "status");
    const words = document.createElement("p");
    const time = `${at.getMonth() + 1}月${at.getDate()}日 ${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
    words.textContent = `このブラウザーに、${time}に書いて保存されていなかった文章があります。`;
    const row = document.createElement("div");
    row.className = "cluster";
    row.append(
      button("保存されていなかった文章を戻す", "button button--small", () => put(form, kept.fields)),
      button("捨てる", "button button--outline button--small", () => drop(key)),
    );
    box.append(words, row);
    form.before(box);

    function button(text, look, act) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = look;
      made.textContent = text;
      made.addEventListener("click", () => {
        act();
        box.remove();
      });
      return made;
    }
  }

  function put(form, fields) {
    const left = [...fields];
    for (const control of written(form)) {
      const at = left.findIndex(([name]) => name === control.name);
      if (at < 0) continue;
      control.value = left.splice(at, 1)[0][1];
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function written(form) {
    const controls = form.querySelectorAll("textarea[name], input[type=text][name], input:not([type])[name]");
    return [...controls].filter((control) => control.autocomplete !== "one-time-code" && !control.readOnly);
  }

  function values(form) {
    return written(form).map((control) => [control.name, control.value]);
  }

  function same(one, other) {
    const plain = (fields) => JSON.stringify(fields.map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]));
    return plain(one) === plain(other);
  }

  function tidy() {
    for (const key of mine()) {
      const kept = read(key);
      if (!kept || Date.now() - kept.at > LASTS) drop(key);
      else if (kept.sent && cameFrom.startsWith("/accounts/")) write(key, { ...kept, sent: false });
      else if (kept.sent && !key.startsWith(`${PREFIX}${location.pathname}:`)) drop(key);
    }
  }

  function mine() {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  }

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function write(key, kept) {
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // A full or closed store: the page itself still holds the text.
    }
  }

  function drop(key) {
    localStorage.removeItem(key);
  }

  function available() {
    try {
      return Boolean(localStorage);
    } catch {
      return false;
    }
  }
}
