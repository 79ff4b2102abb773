/* A patrol checked in the browser, where no server can be asked: what is missing, in the server's own words, and
   everything once more before it goes. The server checks again. Needs nothing but the form.

     patrolCheck.faults(form)   shows what is missing; how many there are
     patrolCheck.sum(form)      fills [data-check-here] */
self.patrolCheck = (function () {
  "use strict";
  const chosen = (box, name) => box.querySelector(`[name="${name}"]:checked`);
  const label = (category) => category.querySelector("legend").firstChild.textContent.trim();
  const answered = (form) => [...form.querySelectorAll("fieldset.p-check")].map((category) => [category, chosen(category, category.id)?.value]);

  function part(finding, name) {
    return finding.querySelector(`[name$="-${name}"]`);
  }

  function picked(finding, name) {
    return finding.querySelector(`[name$="-${name}"]:checked`);
  }

  function photosIn(finding, after) {
    return finding.querySelectorAll(`[data-photos${after ? "$=-after" : ""}] [data-photo]`).length;
  }

  function touched(finding) {
    const typed = ["item", "text", "building", "severity_reason"].some((name) => part(finding, name)?.value.trim());
    return typed || picked(finding, "handling") || finding.querySelector("[data-photo]");
  }

  function findingsOf(category) {
    return [...category.querySelectorAll(".p-find")].filter(touched);
  }

  function* problems(form) {
    let seen = 0;
    for (const [category, answer] of answered(form)) {
      if (!answer && "asked" in category.dataset) yield [category, `“${label(category)}”还没选：没问题、有问题，或者这次没看。`];
      if (answer && answer !== "not_seen") seen += 1;
      if (answer !== "finding") continue;
      const found = findingsOf(category);
      if (!found.length) yield [category, `“${label(category)}”选了有问题，请写一句是什么问题，在哪里。`];
      for (const finding of found) yield* problemsOf(finding);
    }
    if (!seen && !form.querySelector("[data-asked] .p-seg:not(:has(:checked))")) {
      yield [form.querySelector("fieldset.p-check"), "每一项都是“这次没看”，这次就不算巡查。至少看一项再提交。"];
    }
    for (const field of form.querySelectorAll("[data-most]")) {
      const many = [...field.value.trim()].length, most = Number(field.dataset.most);
      if (many > most) yield [field, `写长了：最多 ${most} 个字，现在有 ${many} 个。删短一点再提交，写的都还在。`];
    }
    if (!form.elements.occurred_on.value) yield [form.elements.occurred_on, "写上哪一天去的，比如 2026-11-18。"];
    if (form.querySelector("[data-said].bad:not(:empty)")) {
      const bad = [...form.querySelectorAll("[data-photo]")].find((item) => item.photo?.refused);
      if (bad) yield [bad.closest(".p-field"), "有一张照片不能用，删掉它再提交。"];
    }
  }

  function* problemsOf(finding) {
    const item = part(finding, "item");
    if (!item.value) yield [item, "选一下是哪一种。"];
    if (!part(finding, "text").value.trim()) yield [part(finding, "text"), "写一句是什么问题，在哪里，比如“3幢1单元楼道堆纸箱”。"];
    const handling = picked(finding, "handling");
    if (!handling) yield [part(finding, "handling"), "选一下怎么处理。"];
    if (handling?.value === "on_the_spot" && !photosIn(finding, true)) yield [handling, "当场处理好的，再拍一张处理后的照片。"];
    if (picked(finding, "dissuaded") && !photosIn(finding)) yield [picked(finding, "dissuaded"), "勾了“物业已劝阻、已报告”，要有照片。"];
    const severity = part(finding, "severity"), usual = item.selectedOptions[0]?.dataset.severity;
    if (severity?.value && usual && severity.value !== usual && !part(finding, "severity_reason").value.trim()) {
      yield [part(finding, "severity_reason"), "等级改了，写一句为什么。"];
    }
  }

  function faults(form) {
    form.querySelectorAll("[data-fault]").forEach((words) => words.remove());
    form.querySelectorAll(".is-err").forEach((field) => field.classList.remove("is-err"));
    const box = document.querySelector("[data-faults]"), found = [...problems(form)];
    box.hidden = !found.length;
    box.querySelector("ul").replaceChildren(...found.map(([where, words]) => link(where, words)));
    if (found.length) box.focus();
    return found.length;
  }

  /* The same words at the field and in the list above. */
  function link(where, words) {
    const field = where.closest(".p-field") || where.closest("fieldset"), said = document.createElement("p");
    said.className = "p-err";
    said.dataset.fault = "";
    said.textContent = words;
    field.classList.toggle("is-err", field.matches(".p-field"));
    (field.querySelector("legend,.form-label") || field).after(said);
    for (let details = field.closest("details"); details; details = details.parentElement.closest("details")) details.open = true;
    const item = document.createElement("li"), anchor = document.createElement("a");
    anchor.href = `#${where.id || field.id}`;
    anchor.textContent = words;
    anchor.addEventListener("click", () => (where.matches("input,select,textarea") ? where : where.querySelector("input")).focus());
    item.append(anchor);
    return item;
  }

  /* -- everything once more -- */

  function sum(form) {
    const list = document.querySelector("[data-check-here] dl");
    const rows = answered(form).filter(([category, answer]) => answer || "asked" in category.dataset);
    const day = form.elements.occurred_on.value.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, "$1年$2月$3日");
    list.replaceChildren(
      row("小区和日期", `${form.dataset.title}，${day}`),
      ...rows.map(([category]) => rowOf(category)),
      ...["places", "note"].filter((name) => form.elements[name].value.trim())
        .map((name) => row(name === "note" ? "说明" : "看了哪里", form.elements[name].value)),
    );
  }

  function rowOf(category) {
    const choice = chosen(category, category.id), one = row(label(category), choice.closest("label").textContent.trim(), category.id);
    if (choice.value !== "finding") return one;
    for (const finding of findingsOf(category)) one.querySelector("dd").append(findingWords(finding));
    return one;
  }

  function findingWords(finding) {
    const box = document.createElement("div"), pictures = finding.querySelectorAll("[data-photo]").length;
    const building = part(finding, "building")?.selectedOptions[0];
    const lines = [
      [part(finding, "item").selectedOptions[0].textContent, building?.value ? building.textContent : ""].filter(Boolean).join("，"),
      part(finding, "text").value,
      picked(finding, "handling").closest("label").textContent.trim() + (pictures ? `，${pictures} 张照片` : ""),
    ];
    box.className = "p-find mt-2";
    box.append(...lines.flatMap((words) => [words, document.createElement("br")]));
    return box;
  }

  function row(title, words, code) {
    const one = document.querySelector("[data-check-here] template").content.firstElementChild.cloneNode(true);
    one.querySelector("dt").textContent = title;
    one.querySelector("dd").textContent = words;
    const act = one.querySelector(".act");
    if (!code) act.remove();
    else {
      act.querySelector("button").dataset.editHere = code;
      act.querySelector(".visually-hidden").textContent = title;
    }
    return one;
  }

  return { faults, sum };
})();
