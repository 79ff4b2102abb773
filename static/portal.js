/* The few lines every page shares; every page works without them. Loaded in the head and not deferred, so that the
   chosen theme and letter size stand before the first paint. */
(function () {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function recall(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  }

  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch { /* private window: the choice lasts for this page */ }
  }

  function paint() {
    root.dataset.bsTheme = recall("theme") || (dark.matches ? "dark" : "light");
    root.classList.toggle("elder", recall("elder") === "1");
    nameTheSwitches();
  }

  function nameTheSwitches() {
    const elder = root.classList.contains("elder");
    for (const button of document.querySelectorAll("[data-toggle-elder]")) {
      button.querySelector("span").textContent = elder ? "标准字" : "长辈版";
    }
    for (const button of document.querySelectorAll("[data-toggle-theme]")) {
      button.textContent = root.dataset.bsTheme === "dark" ? "换浅色" : "换深色";
    }
  }

  function toggleElder() {
    remember("elder", root.classList.contains("elder") ? "0" : "1");
    root.classList.toggle("elder");
    nameTheSwitches();
  }

  function toggleTheme() {
    const other = root.dataset.bsTheme === "dark" ? "light" : "dark";
    remember("theme", other);
    root.dataset.bsTheme = other;
    nameTheSwitches();
  }

  /* 今天 and 昨天 beside a date: no calendar need be opened. */
  function fillDay(button) {
    const field = button && document.getElementById(button.dataset.fills);
    if (!field) return;
    field.value = button.dataset.day;
    field.dispatchEvent(new Event("input", { bubbles: true }));
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
  dark.addEventListener?.("change", paint);
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-more-filters]")) {
      const form = event.target.closest("form");
      form.classList.add("is-open");
      form.querySelectorAll(".p-field :is(input,select)")[1].focus();
    }
    fillDay(event.target.closest("[data-day]"));
    if (event.target.closest("[data-toggle-elder]")) toggleElder();
    if (event.target.closest("[data-toggle-theme]")) toggleTheme();
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("DOMContentLoaded", function () {
    nameTheSwitches();
    document.querySelectorAll(".p-table").forEach(nameTableParts);
    document.querySelectorAll("[data-poll]").forEach(poll);
    document.querySelector(".p-errors")?.focus();
  });
})();
