/* Desks by keyboard: J and K walk the rows of [data-key-rows], / goes to the search, and each [data-key=K] is followed on
   its key. Keys are let alone while somebody types or holds Ctrl, Alt or Meta. */
(function () {
  "use strict";
  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]");

  function walk(step) {
    const rows = [...document.querySelectorAll("[data-key-rows] a.p-row")];
    const at = rows.indexOf(document.activeElement);
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
    next?.focus();
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "j") return walk(1);
    if (key === "k") return walk(-1);
    const search = key === "/" && document.querySelector("form[role=search] input:not([type=hidden])");
    const target = search || document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (search) search.focus();
    else target.click();
  });
})();
