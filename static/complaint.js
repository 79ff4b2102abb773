/* A resident's complaint in the browser: what is typed is kept, photos are made smaller and go ahead, and without signal
   it waits in the queue. Without scripts the form works too. Needs drafts.js, photos.js, phone.js, queue.js, album.js.

   Form page   <form data-complaint="CODE" data-title …>; [data-without-signal] asks for the telephone number there
   Slip page   [data-complaint-sent=UUID] forgets the draft, because the office has it */
(function () {
  "use strict";
  const ANYONE = "anyone";

  class ComplaintForm {
    constructor(form) {
      const { complaint, photosUrl, thumbsUrl } = form.dataset;
      Object.assign(this, { form, place: `complaint-${complaint}`, ready: false, startedAt: null });
      this.notice = document.querySelector("[data-notice]");
      form.autocomplete = "off";
      this.album = new Album(form, {
        url: photosUrl,
        thumbs: thumbsUrl,
        draft: drafts.key(ANYONE, this.place),
        extra: async () => ({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value }),
        tell: (words, tone) => this.tell(words, tone),
        askToSignIn: () => {},
        changed: () => this.keep(),
      });
      form.addEventListener("input", () => this.keep());
      form.addEventListener("submit", (event) => this.submit(event));
      document.addEventListener("queue", () => this.followQueue());
      this.restore();
    }

    fields() {
      const all = [...new FormData(this.form)];
      return all.filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "step"].includes(name));
    }

    draft() {
      const { dataset, elements } = this.form;
      const { title, complaint } = dataset, page = location.pathname;
      return { kind: "complaint", user: ANYONE, community: this.place, place: complaint, page, title,
               startedAt: this.startedAt, uuid: elements.client_id.value };
    }

    keep() {
      if (!this.ready) return;
      this.startedAt ||= Date.now();
      return drafts.put({ ...this.draft(), fields: this.fields() }).catch(() => {});
    }

    async restore() {
      const kept = await drafts.get(ANYONE, this.place).catch(() => null);
      if (kept && !kept.state) this.takeUp(kept);
      this.ready = true;
      await this.album.restore();
      this.keep();
    }

    takeUp(draft) {
      this.startedAt = draft.startedAt;
      if ("bound" in this.form.dataset) return;              // the server sent back what was typed: that stands
      this.form.elements.client_id.value = draft.uuid;
      for (const [name, value] of draft.fields) {
        const input = this.form.elements[name];
        if (input && !input.value && input.tagName) input.value = value;
      }
    }

    tell(words, tone) {
      this.notice.hidden = !words;
      this.notice.dataset.tone = tone;
      this.notice.textContent = words;
    }

    /* -- going on -- */

    async submit(event) {
      if (event.submitter?.value === "keep") return this.waitForSignal(event);
      if (this.sure) return;
      event.preventDefault();
      const button = event.submitter;
      await this.keep();
      await this.album.send();
      if (!(await this.hasSignal())) return this.askHere();
      this.sure = true;
      this.form.requestSubmit(button);
    }

    async hasSignal() {
      if (!navigator.onLine) return false;
      const cut = new AbortController(), timer = setTimeout(() => cut.abort(), 8000);
      const url = document.querySelector("[data-strip]").dataset.token;
      return fetch(url, { cache: "no-store", signal: cut.signal }).then((answer) => answer.ok, () => false)
        .finally(() => clearTimeout(timer));
    }

    askHere() {
      document.querySelector("[data-without-signal]").hidden = false;
      this.tell("没有信号。写上电话，先存在这部手机里，有信号自动发出去。", "warn");
      this.form.elements.phone.focus();
    }

    async waitForSignal(event) {
      event.preventDefault();
      const said = { text: "写一句出了什么事。", phone: "写上电话，好把结果告诉您。" };
      const empty = Object.keys(said).find((name) => !this.form.elements[name].value.trim());
      if (empty) {
        this.tell(said[empty], "warn");
        return this.form.elements[empty].focus();
      }
      const fields = this.album.fieldsWithAll(this.fields()), to = `${this.place}:${this.draft().uuid}`;
      await drafts.put({ ...this.draft(), fields });
      this.ready = false;
      await queue.add(ANYONE, this.place, to).then(() => this.sayWaiting(to), () => this.tell(queue.WORDS.notKept, "warn"));
    }

    sayWaiting(to) {
      this.waitsAs = to;
      document.querySelector("[data-writing]").hidden = true;
      document.querySelector("[data-waiting]").hidden = false;
      queue.flush();
    }

    async followQueue() {
      if (!this.waitsAs) return;
      const draft = await drafts.get(ANYONE, this.waitsAs);
      const line = document.querySelector("[data-waiting] [data-said]");
      if (draft?.state === "received") location.assign(draft.url);
      else if (draft?.said) line.textContent = draft.said;
    }
  }

  async function forget(uuid) {
    const mine = (await drafts.list(ANYONE)).filter((draft) => draft.uuid === uuid);
    for (const draft of mine) await drafts.remove(ANYONE, draft.community);
  }

  addEventListener("DOMContentLoaded", function () {
    const form = document.querySelector("form[data-complaint]"), sent = document.querySelector("[data-complaint-sent]");
    if (form) new ComplaintForm(form);
    if (sent) forget(sent.dataset.complaintSent).catch(() => {});
  });
})();
