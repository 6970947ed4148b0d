// The buttons of passkeys: asks the server for a challenge, the browser for a signature, and hands the answer back.
// Without this file a code of the authenticator app does the same.
"use strict";

for (const box of document.querySelectorAll("[data-passkey]")) {
  const button = box.querySelector("button");
  if (!button || !window.PublicKeyCredential) continue;
  box.querySelector("[data-passkey-without]").remove();
  for (const part of box.querySelectorAll("[data-passkey-part]")) part.hidden = false;
  button.addEventListener("click", () => run(box, button));
}

async function run(box, button) {
  const state = box.querySelector("[data-passkey-state]");
  button.disabled = true;
  state.textContent = "端末の案内に従ってください。";
  try {
    const options = await post(box, box.dataset.options, {});
    const credential = box.dataset.passkey === "register" ? await make(options) : await sign(options);
    const answer = await post(box, box.dataset.answer, { ...credential, ...extra(box) });
    window.location.assign(answer.next);
  } catch (error) {
    state.textContent = `＊${words(error)}`;
    button.disabled = false;
  }
}

function extra(box) {
  const name = box.querySelector("input[type=text]");
  return name ? { name: name.value } : { next: box.dataset.next };
}

async function post(box, address, content) {
  const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
    body: JSON.stringify(content),
    redirect: "manual",
  });
  if (answer.type === "opaqueredirect") throw new Refusal("時間が過ぎました。ページを開き直して、最初からやり直してください。");
  const found = await answer.json();
  if (!answer.ok) throw new Refusal(found.problem);
  return found;
}

async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return packed(made, {
    clientDataJSON: text(made.response.clientDataJSON),
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports ? made.response.getTransports() : [],
  });
}

async function sign(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: described(options.allowCredentials),
  };
  const signed = await navigator.credentials.get({ publicKey });
  const response = signed.response;
  return packed(signed, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  });
}

function packed(credential, response) {
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

function described(list) {
  return (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
}

function bytes(base64url) {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

class Refusal extends Error {}

function words(error) {
  if (error instanceof Refusal) return error.message;
  if (error.name === "InvalidStateError") return "この端末のパスキーは、すでに登録されています。";
  if (error.name === "NotAllowedError") return "取り消されたか、時間が過ぎました。もう一度ボタンを押してください。";
  return "パスキーを使えませんでした。確認コードなど、ほかの方法でお試しください。";
}
