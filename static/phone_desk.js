/* The telephone desk: what is typed is kept on the server while somebody talks, earlier cases of the number are shown,
   Ctrl + Enter sends. Nothing of the caller stays in this browser. */
(function () {
  "use strict";
  const PAUSE = 800;

  addEventListener("DOMContentLoaded", function () {
    const form = document.querySelector("[data-phone-desk]");
    if (!form) return;
    const list = document.querySelector("[data-earlier]"), none = document.querySelector("[data-none]");
    const kept = form.querySelector("[data-kept]");
    let timer = 0, sent = false;

    async function keep() {
      if (sent) return;
      const answer = await fetch(form.dataset.phoneDesk, { method: "POST", body: new FormData(form) }).catch(() => null);
      kept.textContent = answer?.ok ? "存好了。" : "没有存上，先别关这一页。";
      if (answer?.ok) show((await answer.json()).cases);
    }

    function show(cases) {
      none.hidden = cases.length > 0;
      none.textContent = form.elements.phone.value ? "这个号码没有别的投诉。" : "写上号码，以前的投诉显示在这里。";
      list.replaceChildren(...cases.map(row));
    }

    function row(found) {
      const item = document.createElement("li"), link = document.createElement("a"), box = document.createElement("div");
      for (const [name, words] of [["t", found.number], ["s", found.words]]) {
        const span = document.createElement("span");
        span.className = name;
        span.textContent = words;
        box.append(span);
      }
      Object.assign(link, { className: "p-row", href: found.url, target: "_blank" });
      link.append(box);
      item.append(link);
      return item;
    }

    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    });
    form.addEventListener("submit", () => {
      sent = true;
      clearTimeout(timer);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
    });
    if (form.elements.phone.value) keep();
    form.elements.phone.focus();
  });
})();
