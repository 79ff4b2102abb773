/* Scored on the spot without signal: what was seen, and what was decided of each proposal, waits in the same queue as
   patrols. With signal the form is sent as it is. Needs queue.js; a form with an album also album_form.js.

     <form data-on-site=KEY data-kind="on-site" | "verdicts" data-title data-queue data-user data-album-form> */
(function () {
  "use strict";
  const form = document.querySelector("form[data-on-site]");
  if (!form) return;
  const { user, kind, onSite: key, title } = form.dataset;
  form.addEventListener("submit", submit, true);

  function submit(event) {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (kind === "verdicts") return keep([], drafts.uuid());
    if (!form.elements.item.value) return say("选一个考核项。");
    if (!form.elements.text.value.trim()) return say("写一句什么问题，在哪里。");
    keepWithPhotos();
  }

  async function keepWithPhotos() {
    const pictures = await drafts.photos(drafts.key(user, form.dataset.albumForm));
    if (!pictures.length && !form.elements.document.value.trim()) return say("现场扣分要有照片，或者写上文件的名称、文号。");
    keep(pictures, form.elements.client_id.value);
  }

  async function keep(pictures, uuid) {
    const left = new Set(["csrfmiddlewaretoken", "photos"]), name = `${kind}-${key}`;
    const fields = [...new FormData(form)].filter(([field, value]) => typeof value === "string" && !left.has(field));
    fields.push(["photos", pictures.map(({ id }) => id).join(",")]);
    try {
      await drafts.put({ kind, user, community: name, place: key, title, uuid, fields, startedAt: Date.now(),
                         page: location.pathname });
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
