/* An album in any form that is sent with signal: photos go ahead one by one, the form waits for them. What was sent is
   forgotten on the page that follows. Needs drafts.js, photos.js and album.js (the last only where there is a form).

     <form data-album-form=NAME data-user data-photos-url data-thumbs-url data-sign-in> … [data-notice]
     <div data-forget=NAME data-user>     the office has it */
(function () {
  "use strict";

  class AlbumForm {
    constructor(form) {
      const { user, albumForm, photosUrl, thumbsUrl } = form.dataset;
      Object.assign(this, { form, waiting: false, gone: false });
      this.album = new Album(form, {
        url: photosUrl, thumbs: thumbsUrl, draft: drafts.key(user, albumForm),
        extra: async () => ({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken?.value || (await queue.csrf(user)) }),
        tell: (words, tone) => this.tell(words, tone),
        askToSignIn: () => this.askToSignIn(),
        changed: () => {},
      });
      form.addEventListener("submit", (event) => this.submit(event));
      addEventListener("pageshow", () => { this.gone = false; });
      this.album.restore();
    }

    submit(event) {
      if (event.defaultPrevented) return;
      if (!this.album.waiting().length && !this.album.failed().length) {
        if (this.gone) event.preventDefault();
        this.gone = true;
        return;
      }
      event.preventDefault();
      if (!this.waiting) this.waitForPhotos(event.submitter);
    }

    async waitForPhotos(button) {
      this.waiting = true;
      this.tell("照片还在传，传完自动提交。", "info");
      await this.album.tryAgain();
      this.waiting = false;
      const [stuck] = this.album.failed();
      if (!stuck) return this.form.requestSubmit(button);
      this.tell("有照片没传上。点照片下面的“再传一次”，或者删掉，再提交。", "bad");
      stuck.scrollIntoView({ block: "center" });
    }

    askToSignIn() {
      this.tell("登录过期了。照片存在这部手机里，", "warn");
      const link = document.createElement("a");
      link.href = this.form.dataset.signIn;
      link.textContent = "重新登录后接着写";
      this.form.querySelector("[data-notice]").append(link);
    }

    tell(words, tone) {
      const line = this.form.querySelector("[data-notice]");
      line.dataset.tone = tone;
      line.textContent = words;
      line.hidden = false;
    }
  }

  AlbumForm.start = (form) => new AlbumForm(form);
  self.AlbumForm = AlbumForm;
  document.querySelectorAll("form[data-album-form]").forEach(AlbumForm.start);
  document.querySelectorAll("[data-forget]").forEach(({ dataset: { user, forget } }) => drafts.remove(user, forget).catch(() => {}));
})();
