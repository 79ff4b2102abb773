/* 复制到群: opens with the text selected; the button copies it. Without the clipboard the selected text is left for the
   person's own copying. Without this script the text stands in its field as well. */
(function () {
  "use strict";
  const DONE = "已复制，到群里粘贴就行。";
  const SELECTED = "这段话已经选中：长按选“复制”，电脑上按 Ctrl+C。";

  function select(field) {
    field.focus();
    field.select();
    field.setSelectionRange(0, field.value.length);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      try { return document.execCommand("copy"); } catch { return false; }
    }
  }

  for (const box of document.querySelectorAll(".p-copy")) {
    const field = box.querySelector("[data-copy-text]");
    const said = box.querySelector("[data-copy-said]");
    box.addEventListener("toggle", () => { if (box.open) select(field); });
    box.querySelector("[data-copy]").addEventListener("click", async () => {
      select(field);
      said.textContent = (await copy(field.value)) ? DONE : SELECTED;
    });
  }
})();
