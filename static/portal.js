/* The few lines every page shares; every page works without them. Loaded in the head and not deferred, so that the
   chosen theme and letter size stand before the first paint. */
(function () {
  "use strict";
  const root = document.documentElement;

  function recall(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  }

  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch { /* private window: the choice lasts for this page */ }
  }

  /* -- large type and dark colours: light unless somebody wished otherwise -- */

  /* The account knows what its owner likes; this browser knows it for pages that know nobody: signed out, no signal. What
     was chosen there by the one who was signed in last is told to the account when there is a page of its own again. */
  const LOOKS = {
    big_text: { is: () => root.classList.contains("elder"), put: (on) => root.classList.toggle("elder", on) },
    dark: { is: () => root.dataset.bsTheme === "dark", put: (on) => { root.dataset.bsTheme = on ? "dark" : "light"; } },
  };

  function paint() {
    for (const [name, look] of Object.entries(LOOKS)) {
      if (root.dataset.kept && recall(`untold-${name}`) !== root.dataset.kept) remember(name, look.is() ? "1" : "0");
      else look.put(recall(name) === "1");
    }
  }

  function nameTheSwitches() {
    for (const part of document.querySelectorAll("[data-look]")) {
      const on = LOOKS[part.dataset.look].is(), button = part.matches("button") ? part : part.querySelector("button");
      button.querySelector("span").textContent = on ? button.dataset.on : button.dataset.off;
      button.value = on ? "0" : "1";
    }
  }

  function change(part) {
    const name = part.dataset.look, on = !LOOKS[name].is();
    LOOKS[name].put(on);
    remember(name, on ? "1" : "0");
    remember(`untold-${name}`, root.dataset.kept || recall("linzhi-user") || "");
    nameTheSwitches();
    tellTheAccount();
  }

  async function tellTheAccount() {
    for (const form of document.querySelectorAll("form[data-look]")) {
      const name = form.dataset.look;
      if (recall(`untold-${name}`) !== root.dataset.kept) continue;
      const body = new FormData(form), on = recall(name);
      body.set(name, on);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" })
        .catch(() => null);
      if (answer?.type === "opaqueredirect" && recall(name) === on) remember(`untold-${name}`, "");
    }
  }

  /* 今天 and 昨天 beside a date: no calendar need be opened. */
  function fillDay(button) {
    const field = button && document.getElementById(button.dataset.fills);
    if (!field) return;
    field.value = button.dataset.day;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* How much room a text has left, from its last fifth on: spoken text comes in whole sentences and is not cut off. */
  function countLetters(field) {
    const most = Number(field.dataset.most), left = most - [...field.value.trim()].length;
    let line = field.nextElementSibling;
    if (!line?.matches("[data-left]")) {
      line = Object.assign(document.createElement("p"), { className: "form-text mt-1", role: "status" });
      line.dataset.left = "";
      field.after(line);
    }
    line.textContent = left < 0 ? `多了 ${-left} 个字，删短一点` : left < most / 5 ? `还能写 ${left} 个字` : "";
  }

  /* Kept words go into a field, where they can be changed. */
  function fillWords(button) {
    const field = button && document.getElementById(button.dataset.fill);
    if (!field) return;
    field.value = button.dataset.words;
    field.focus();
  }

  /* Tables become cards on a phone; display:block would take their meaning from a screen reader. */
  function nameTableParts(table) {
    const roles = [
      ["thead,tbody,tfoot", "rowgroup"], ["tr", "row"], ["td", "cell"],
      ["thead th", "columnheader"], ["tbody th,tfoot th", "rowheader"],
    ];
    table.setAttribute("role", "table");
    for (const [parts, role] of roles) {
      for (const part of table.querySelectorAll(parts)) part.setAttribute("role", role);
    }
  }

  /* A block with data-poll="3" is fetched again every 3 seconds until it comes back without the mark. */
  async function poll(block) {
    await new Promise((done) => setTimeout(done, Number(block.dataset.poll) * 1000));
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(block.id);
      if (!fresh) return location.reload();
      block.replaceWith(fresh);
      block = fresh;
    } catch { /* no signal: try again */ }
    if (block.dataset.poll) poll(block);
  }

  root.classList.add("js");
  paint();
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-more-filters]")) {
      const form = event.target.closest("form");
      form.classList.add("is-open");
      form.querySelectorAll(".p-field :is(input,select)")[1].focus();
    }
    fillDay(event.target.closest("[data-day]"));
    fillWords(event.target.closest("[data-fill]"));
    if (event.target.closest("button[data-look]")) change(event.target.closest("button[data-look]"));
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("submit", function (event) {
    if (!event.target.dataset.look) return;
    event.preventDefault();
    change(event.target);
  });
  document.addEventListener("input", (event) => event.target.dataset.most && countLetters(event.target));
  document.addEventListener("DOMContentLoaded", function () {
    nameTheSwitches();
    tellTheAccount();
    document.querySelectorAll(".p-table").forEach(nameTableParts);
    document.querySelectorAll("[data-poll]").forEach(poll);
    document.querySelector(".p-errors")?.focus();
  });
})();
