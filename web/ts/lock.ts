/** Hides the screen after some idle time and tells the server, which then asks for the password. */
import { csrfToken } from "./page";

export function screenLock(): void {
  const seconds = Number(document.body.dataset.lockAfter);
  if (!Number.isFinite(seconds) || seconds <= 0) return;
  let last = Date.now();
  const awake = () => {
    last = Date.now();
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    document.addEventListener(kind, awake, { passive: true });
  }
  const check = window.setInterval(() => {
    if (Date.now() - last < seconds * 1000) return;
    window.clearInterval(check);
    lock();
  }, 1000);
}

function lock(): void {
  const veil = document.createElement("dialog");
  veil.className = "lock-veil";
  veil.setAttribute("aria-label", "画面をロックしました");
  const text = document.createElement("p");
  text.textContent = "操作がなかったため、画面をロックしました。入力していた内容は下書きに残っています。";
  const way = document.createElement("a");
  way.className = "button button-primary";
  way.href = `/lock?next=${encodeURIComponent(location.pathname + location.search)}`;
  way.textContent = "パスワードを入れて続ける";
  veil.append(text, way);
  veil.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(veil);
  for (const child of [...document.body.children]) if (child !== veil) child.setAttribute("inert", "");
  document.title = "ロック中 | 縁側";
  veil.showModal();
  fetch("/lock", {
    method: "POST",
    keepalive: true,
    headers: { "x-csrf-token": csrfToken(), "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ csrf: csrfToken() }),
  }).catch(() => undefined);
}
