/* Solves the puzzle of a form before it is sent: <form data-puzzle="CHALLENGE"> with <input type="hidden" name="solution">;
   a button with data-free needs none.
   A number is looked for so that SHA-256 of "CHALLENGE~NUMBER" begins with 17 zero bits; the page stays usable meanwhile.
   Without this script the page names the telephone instead. */
(function () {
  "use strict";
  const BITS = 17, A_TURN = 2000, encoder = new TextEncoder();

  async function isEnough(words) {
    const digest = new DataView(await crypto.subtle.digest("SHA-256", encoder.encode(words)));
    return digest.getUint32(0) >>> (32 - BITS) === 0;
  }

  async function solve(challenge) {
    for (let number = 0; ; number += 1) {
      if (await isEnough(`${challenge}~${number}`)) return `${challenge}~${number}`;
      if (number % A_TURN === 0) await new Promise((done) => setTimeout(done));
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    for (const form of document.querySelectorAll("form[data-puzzle]")) {
      if (!self.crypto?.subtle) continue;
      const solved = solve(form.dataset.puzzle).then((solution) => { form.elements.solution.value = solution; });
      form.addEventListener("submit", async function (event) {
        if (form.elements.solution.value || "free" in (event.submitter?.dataset || {})) return;
        event.preventDefault();
        const button = event.submitter;
        await solved;
        form.requestSubmit(button);
      });
    }
  });
})();
