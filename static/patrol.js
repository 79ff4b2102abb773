/* The patrol form in the browser: every keystroke is kept, photos go ahead, nothing is sent twice. Without scripts the
   form works too, without photos. Without signal it is checked here and waits in the queue. Needs drafts.js, photos.js,
   phone.js, queue.js, album.js and patrol_check.js.

   Form page   <form data-patrol data-user data-place data-community …> (the community, with ":UUID" behind it for a
               draft out of the queue), categories .p-check[data-asked], a category's findings
               [data-findings=CODE] with a <template>, their fields named as a Django formset: CODE-0-item
   Check page  <form data-once>; [data-draft-photos=CODE-0] shows the photos kept here
   Done page   [data-sent=UUID] forgets the draft, because the office has it */
(function () {
  "use strict";

  class PatrolForm {
    constructor(form) {
      const { user, community, photosUrl, thumbsUrl } = form.dataset;
      Object.assign(this, { form, user, community, ready: false, touched: false, waiting: false, startedAt: null });
      this.notice = document.querySelector("[data-notice]");
      form.autocomplete = "off"; // the draft brings back what was typed; the browser would bring back what was sent
      this.album = new Album(form, {
        url: photosUrl,
        thumbs: thumbsUrl,
        draft: drafts.key(user, community),
        extra: async () => ({ csrfmiddlewaretoken: await this.token(), patrol: form.elements.client_id.value }),
        tell: (words, tone) => this.tell(words, tone),
        askToSignIn: () => this.askToSignIn(),
        changed: () => this.keep(),
      });
      this.listen();
      form.querySelectorAll("[data-findings]").forEach((findings) => this.number(findings));
      this.restore().finally(() => (this.touched ? this.keep() : this.count()));
    }

    /* A page out of the phone's own store has none. */
    token() {
      return this.form.elements.csrfmiddlewaretoken?.value || queue.csrf(this.user);
    }

    listen() {
      this.form.addEventListener("input", () => this.keep());
      this.form.addEventListener("change", () => this.keep());
      this.form.addEventListener("submit", (event) => this.submit(event));
      addEventListener("online", () => { this.notice.hidden = true; });
      document.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        if ("rest" in button.dataset) this.markRestAsFine();
        if ("add" in button.dataset) this.addFocused(button.dataset.add);
        if ("remove" in button.dataset) this.remove(button.closest(".p-find"));
        if ("afresh" in button.dataset) this.startAfresh(button);
        if ("editHere" in button.dataset) this.showForm(button.dataset.editHere);
        if ("sendHere" in button.dataset) this.sendHere();
      });
    }

    /* -- the draft -- */

    fields() {
      const all = [...new FormData(this.form)];
      return all.filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
    }

    keep() {
      this.count();
      this.touched = true;
      if (!this.ready) return;
      this.startedAt ||= Date.now();
      return drafts.put({ ...this.draft(), fields: this.fields() })
        .catch((error) => this.tell(cannotKeep(error), "warn"));
    }

    draft() {
      const { user, community, startedAt, form } = this, { title, place } = form.dataset;
      const page = location.pathname + location.search;
      return { kind: "patrol", user, community, place, page, startedAt, uuid: form.elements.client_id.value, title };
    }

    async restore() {
      const kept = await drafts.get(this.user, this.community).catch(() => null);
      const draft = kept?.state === "received" ? null : kept;
      const bound = "bound" in this.form.dataset;             // the server sent back what was typed: that stands
      if (draft) this.takeUp(draft, bound);
      else if (!bound && !("correction" in this.form.dataset)) this.form.elements.client_id.value = drafts.uuid();
      this.ready = true;
      await this.album.restore();
    }

    takeUp(draft, bound) {
      this.startedAt = draft.startedAt;
      this.form.elements.client_id.value = draft.uuid;
      if (bound) return;
      this.refill(draft.fields);
      this.count();
      this.sayRestored();
    }

    refill(fields) {
      fields.forEach(([name]) => this.makeRoom(name));
      for (const [name, value] of fields) {
        if (name === "client_id" || name.endsWith("_FORMS")) continue;
        for (const input of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
          if (input.type === "radio" || input.type === "checkbox") input.checked ||= input.value === value;
          else input.value = value;
        }
      }
      this.openWhatIsFilled();
    }

    openWhatIsFilled() {
      for (const details of this.form.querySelectorAll("details")) details.open ||= details.querySelector(":checked[type=radio]") !== null;
    }

    sayRestored() {
      const line = document.querySelector("[data-restored]");
      const when = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
      line.querySelector("span").textContent = `接着 ${when.format(this.startedAt)} 没交的那份写。`;
      line.hidden = false;
    }

    async startAfresh(button) {
      if (!button.dataset.sure) {
        button.dataset.sure = "1";
        button.textContent = "真的清空？再点一次";
        return;
      }
      this.ready = false;
      await drafts.remove(this.user, this.community);
      location.replace(location.pathname + location.search);
    }

    /* -- answers -- */

    unanswered(kind = "[data-asked]") {
      return [...this.form.querySelectorAll(`.p-check${kind}`)].filter((item) => !item.querySelector(".p-seg :checked"));
    }

    count() {
      if (this.waiting) return;
      const left = this.unanswered().length, all = this.form.querySelectorAll(".p-check[data-asked]").length;
      document.querySelector("[data-count]").textContent = left ? `填了 ${all - left} 项，还有 ${left} 项` : `${all} 项都填了`;
    }

    markRestAsFine() {
      for (const item of this.unanswered("[data-asked]:not([data-own])")) item.querySelector(".fine input").checked = true;
      this.unanswered("[data-own]")[0]?.scrollIntoView({ block: "center" });
      this.keep();
    }

    /* -- several findings in a category -- */

    findings(code) {
      return this.form.querySelector(`[data-findings="${CSS.escape(code)}"]`);
    }

    total(code) {
      return this.form.elements[`${code}-TOTAL_FORMS`];
    }

    add(code) {
      const findings = this.findings(code), at = Number(this.total(code).value);
      const holder = document.createElement("div");
      holder.innerHTML = findings.querySelector("template").innerHTML.replaceAll("__prefix__", at);
      const finding = holder.firstElementChild;
      finding.querySelector("[name$=client_id]").value = drafts.uuid();
      findings.append(finding);
      this.total(code).value = at + 1;
      this.number(findings);
      return finding;
    }

    addFocused(code) {
      this.add(code).querySelector("select,input:not([type=hidden]),textarea").focus();
      this.keep();
    }

    async remove(finding) {
      const findings = finding.closest("[data-findings]");
      await this.album.dropAll(finding);
      finding.remove();
      this.closeGaps(findings);
      this.number(findings);
      this.keep();
    }

    /* The server reads findings by number from 0 on, so those after a removed one move up. */
    closeGaps(findings) {
      const code = findings.dataset.findings, all = [...findings.querySelectorAll(".p-find")];
      all.forEach((finding, at) => {
        const was = finding.querySelector("[data-photos]").dataset.photos;
        if (was !== `${code}-${at}`) this.rename(finding, new RegExp(`${was}(?!\\d)`, "g"), `${code}-${at}`);
      });
      this.total(code).value = all.length;
    }

    rename(finding, was, now) {
      for (const element of finding.querySelectorAll("*")) {
        for (const attribute of element.attributes) attribute.value = attribute.value.replace(was, now);
      }
      this.album.moved(finding);
    }

    number(findings) {
      const all = [...findings.querySelectorAll(".p-find")];
      all.forEach((finding, at) => {
        finding.querySelector("[data-number]").textContent = all.length > 1 ? `第 ${at + 1} 个问题` : "";
        finding.querySelector(".h").hidden = all.length === 1;
      });
    }

    makeRoom(name) {
      const [, code, at] = name.match(/^(\w+)-(\d+)-/) || [];
      while (code && this.findings(code) && Number(at) >= Number(this.total(code).value)) this.add(code);
    }

    /* -- going on -- */

    submit(event) {
      if (!navigator.onLine && "correction" in this.form.dataset) {
        event.preventDefault();
        return this.tell("没有信号。写的和照片都存在这部手机里，有信号了再提交更正。", "warn");
      }
      if (!navigator.onLine || "patrolShell" in this.form.dataset) {
        event.preventDefault();
        return this.checkHere();
      }
      if (!this.album.waiting().length && !this.album.failed().length) return once(event, this.form);
      event.preventDefault();
      if (!this.waiting) this.waitForPhotos(event.submitter);
    }

    /* -- without signal -- */

    checkHere() {
      if (patrolCheck.faults(this.form)) return this.tell("没有信号，先在手机上检查：有几处要补一下。", "warn");
      patrolCheck.sum(this.form);
      this.showForm("", false);
    }

    /* The form, or what was checked in its place. */
    showForm(code, form = true) {
      for (const part of document.querySelectorAll("[data-writing],.p-sticky")) part.hidden = !form;
      const check = document.querySelector("[data-check-here]");
      check.hidden = form;
      if (form) document.getElementById(code)?.scrollIntoView();
      else check.querySelector("h1").focus();
      if (!form) scrollTo(0, 0);
    }

    async sendHere() {
      const { user, community } = this, { place, queue: next } = this.form.dataset;
      const fields = this.album.fieldsWithAll(this.fields());
      this.ready = false;
      try {
        await this.album.keepAll();
        await drafts.put({ ...this.draft(), fields });
        await queue.add(user, community, `${place}:${this.form.elements.client_id.value}`);
        location.assign(next);
      } catch (error) {
        this.ready = true;
        document.querySelector("[data-said-here]").textContent = cannotKeep(error);
      }
    }

    async waitForPhotos(button) {
      this.waiting = true;
      document.querySelector("[data-count]").textContent = "照片还在传，传完自动到下一步";
      await this.album.tryAgain();
      this.waiting = false;
      this.count();
      const [stuck] = this.album.failed();
      if (!stuck) return this.form.requestSubmit(button);
      if (this.notice.hidden) this.tell("有照片没传上。点照片下面的“再传一次”，或者删掉，再点“下一步”。", "bad");
      stuck.scrollIntoView({ block: "center" });
    }

    askToSignIn() {
      this.tell("登录过期了。写的和照片都存在这部手机里，", "warn");
      const link = document.createElement("a");
      link.href = this.form.dataset.signIn;
      link.textContent = "重新登录后接着写";
      this.notice.append(link);
    }

    tell(words, tone) {
      this.notice.dataset.tone = tone;
      this.notice.textContent = words;
      this.notice.hidden = false;
    }
  }

  /* Why something was not kept, and what to do. */
  function cannotKeep(error) {
    return error?.name === "QuotaExceededError"
      ? "手机空间满了，存不下。这一页先不要关：删掉些别的照片、视频，再点一次。"
      : "这个窗口存不住草稿，可能是无痕窗口。请一次写完就交，先不要离开这一页。";
  }

  /* The server's own check page, when the signal went away meanwhile: what was checked waits. */
  async function queueInstead(form) {
    const { user, community, place, queue: next } = form.dataset;
    const draft = await drafts.get(user, community);
    const photos = await drafts.photos(drafts.key(user, community));
    if (!draft || photos.some((photo) => !photo.server)) {
      form.querySelector("[data-said-here]").textContent = "没有信号，这一页交不上。请返回修改，再点“下一步”，就能先存在手机里。";
      return;
    }
    await queue.add(user, community, `${place}:${draft.uuid}`);
    location.assign(next);
  }

  /* A second tap on the same button is not a second record; coming back by the back button makes it work again. */
  function once(event, form) {
    if (form.dataset.gone) return event.preventDefault();
    if (!navigator.onLine && event.submitter?.value === "submit" && form.dataset.queue) {
      event.preventDefault();
      return queueInstead(form);
    }
    form.dataset.gone = "1";
    addEventListener("pageshow", () => { delete form.dataset.gone; }, { once: true });
  }

  async function showKept(album) {
    const kept = await drafts.photos(drafts.key(album.dataset.user, album.dataset.community));
    kept.filter((photo) => photo.place === album.dataset.draftPhotos && photo.server).forEach((photo, at) => {
      const item = document.createElement("li");
      item.append(Album.preview(photo, at + 1));
      album.append(item);
    });
  }

  async function forget({ dataset: { user, community, sent } }) {
    for (const name of [community, `${community}:${sent}`]) {
      const draft = await drafts.get(user, name);
      if (draft?.uuid === sent && draft.state !== "received") await drafts.remove(user, name);
    }
  }

  /* The form out of the browser's memory after its record was sent: begin a new one. */
  addEventListener("pageshow", async (event) => {
    const form = document.querySelector("form[data-patrol]");
    if (event.persisted && form && !(await drafts.get(form.dataset.user, form.dataset.community))) location.reload();
  });

  PatrolForm.start = (form) => new PatrolForm(form);
  self.PatrolForm = PatrolForm;
  document.querySelectorAll("form[data-patrol]").forEach(PatrolForm.start);
  document.querySelectorAll("form[data-once]").forEach((form) => form.addEventListener("submit", (event) => once(event, form)));
  document.querySelectorAll("[data-draft-photos]").forEach(showKept);
  document.querySelectorAll("[data-sent]").forEach(forget);
})();
