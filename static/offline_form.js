/* The patrol form without signal: the blank form of the shell becomes the form of one community, from the kit that this
   browser keeps for whoever signed in last. Needs phone.js and patrol.js.

   The page: [data-no-kit], [data-where] with its list, [data-writing] with form[data-patrol-shell]. */
(async function () {
  "use strict";
  const form = document.querySelector("form[data-patrol-shell]");
  const asked = new URLSearchParams(location.search);
  const user = phone.user();
  const kit = user ? await phone.kit(user).catch(() => null) : null;
  const mine = kit?.communities || [];
  const community = mine.find(({ id }) => String(id) === asked.get("c")) || (asked.has("c") || mine.length !== 1 ? null : mine[0]);

  if (!mine.length) return show("[data-no-kit]");
  if (!community) return choose();
  fill();
  show("[data-writing]");
  document.querySelector(".p-sticky").hidden = false;
  PatrolForm.start(form);

  function show(part) {
    document.querySelector(part).hidden = false;
  }

  function choose() {
    const list = document.querySelector("[data-where] ul"), row = list.firstElementChild;
    list.replaceChildren(...mine.map(({ id, name, kind }) => {
      const one = row.cloneNode(true);
      one.querySelector("a").href = `${form.dataset.page}?c=${id}`;
      one.querySelector(".t").textContent = name;
      one.querySelector(".s").textContent = kind;
      return one;
    }));
    show("[data-where]");
  }

  function fill() {
    const title = `${community.name}巡查`;
    document.title = document.title.replace(/^[^-]*/, `${title} `);
    document.querySelector("[data-writing] h1").textContent = title;
    const draft = asked.get("d");
    Object.assign(form.dataset, { patrol: "", user, place: community.id, title: community.name,
                                  community: draft ? `${community.id}:${draft}` : community.id });
    for (const findings of form.querySelectorAll("[data-findings]")) fillFindings(findings);
    form.querySelectorAll("[data-day]").forEach((button, ago) => { button.dataset.day = dayInBeijing(ago); });
    form.elements.occurred_on.value ||= dayInBeijing(0);
    fillKnown(community.known || []);                          // a kit of before the update has none
    offerRechecks((kit.rechecks || []).filter(({ community: place }) => place === community.id));
  }

  function fillKnown(findings) {
    const box = document.querySelector("[data-known]");
    box.hidden = !findings.length;
    box.querySelector("[data-known-count]").textContent = `，${findings.length} 个`;
    box.querySelector("ul").replaceChildren(...findings.map(({ what, facts, open }) => {
      const row = document.createElement("li"), title = document.createElement("span"), more = document.createElement("span");
      row.className = open ? "now" : "ok";
      Object.assign(title, { className: "t", textContent: what });
      Object.assign(more, { className: "p-sub small", textContent: facts });
      row.append(title, more);
      return row;
    }));
  }

  function offerRechecks(rechecks) {
    const part = document.querySelector("[data-rechecks]"), row = part.querySelector("li");
    part.hidden = !rechecks.length;
    part.querySelector("ul").replaceChildren(...rechecks.map(({ id, number, text, reply }) => {
      const one = row.cloneNode(true), link = one.querySelector("a");
      link.href = `${link.getAttribute("href")}?n=${id}`;
      one.querySelector(".t").textContent = text;
      one.querySelector(".s").textContent = `${number}，${reply}`;
      return one;
    }));
  }

  function dayInBeijing(ago) {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(Date.now() - ago * 86_400_000);
  }

  function fillFindings(findings) {
    const items = kit.items.filter(({ category }) => category === findings.dataset.findings);
    for (const part of [findings, findings.querySelector("template").content]) {
      part.querySelectorAll("select[name$='-item']").forEach((select) => items.forEach((item) => offer(select, item.id, item.label, item.severity)));
      part.querySelectorAll("select[name$='-building']").forEach((select) => community.buildings.forEach(({ id, name }) => offer(select, id, name)));
      part.querySelectorAll("[name$='-handling'][value=notice]").forEach((input) => {
        input.parentElement.querySelector("span").textContent = `抄告${community.responsible}`;
      });
    }
  }

  function offer(select, value, label, severity) {
    const option = new Option(label, value);
    if (severity) option.dataset.severity = severity;
    select.append(option);
  }
})();
