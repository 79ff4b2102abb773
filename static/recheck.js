/* The recheck with and without signal: what was seen waits in the same queue as patrols. Without signal the page is the
   phone's own (recheck_offline.html), and the notice comes from its kit. Needs queue.js, phone.js and album_form.js.

     <form data-recheck=KEY data-title data-queue>; the shell has [data-recheck-shell] and no key */
(async function () {
  "use strict";
  const form = document.querySelector("form[data-recheck]");
  if (!form) return;
  const shell = "recheckShell" in form.dataset;
  if (shell && !(await fill())) return show("[data-no-kit]");
  const { user, recheck: key, title } = form.dataset, name = `recheck-${key}`;
  form.elements.client_id.value ||= drafts.uuid();
  await takeUpRefused();
  if (shell) AlbumForm.start(form);
  form.addEventListener("submit", submit, true);

  function show(part) {
    document.querySelector(part).hidden = false;
  }

  /* The blank form becomes the form of one notice. */
  async function fill() {
    const who = phone.user(), kit = who ? await phone.kit(who).catch(() => null) : null;
    const asked = new URLSearchParams(location.search).get("n");
    const notice = kit?.rechecks?.find(({ id }) => String(id) === asked);
    if (!notice) return false;
    Object.assign(form.dataset, { user: who, recheck: notice.id, title: notice.number, albumForm: `recheck-${notice.id}` });
    document.querySelector("[data-writing] h1").textContent = `复查：${notice.text}`;
    document.querySelector("[data-where]").textContent = notice.where;
    document.querySelector("[data-reply]").textContent = notice.reply;
    show("[data-writing]");
    return true;
  }

  /* One that the office sent back is mended here. */
  async function takeUpRefused() {
    const mine = await drafts.list(user).catch(() => []);
    const back = mine.find((draft) => draft.kind === "recheck" && draft.place === key && draft.state === "refused");
    if (!back) return;
    for (const [field, value] of back.fields) {
      for (const input of form.querySelectorAll(`[name="${CSS.escape(field)}"]`)) {
        if (input.type === "radio") input.checked = input.value === value;
        else input.value = value;
      }
    }
    await drafts.remove(user, back.community);
  }

  function submit(event) {
    if (navigator.onLine && !shell) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const passed = form.querySelector("[name=passed]:checked")?.value;
    if (!passed) return say("选合格或者不合格。");
    if (passed === "no" && !form.elements.note.value.trim()) return say("不合格要写一句哪里没好。");
    keep();
  }

  async function keep() {
    const fields = [...new FormData(form)].filter(([field, value]) => typeof value === "string" && field !== "csrfmiddlewaretoken" && field !== "photos");
    const pictures = await drafts.photos(drafts.key(user, form.dataset.albumForm));
    fields.push(["photos", pictures.map(({ id }) => id).join(",")]);
    const uuid = form.elements.client_id.value;
    try {
      await drafts.put({ kind: "recheck", user, community: name, place: key, title, uuid, fields, startedAt: Date.now(),
                         page: location.pathname + location.search });
      for (const picture of pictures) await drafts.putPhoto({ ...picture, draft: drafts.key(user, name) });
      await queue.add(user, name, `${name}:${uuid}`);
      location.assign(form.dataset.queue);
    } catch {
      say("这部手机存不下，可能是无痕窗口或空间满了。先不要离开这一页。");
    }
  }

  function say(words) {
    const line = form.querySelector("[data-notice]");
    line.dataset.tone = "warn";
    line.textContent = words;
    line.hidden = false;
    line.scrollIntoView({ block: "center" });
  }
})();
