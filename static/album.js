/* The photos of a form: added, made smaller, shown, sent ahead one by one, tried again, dropped.
   They are kept beside the form's draft until the form itself is received. Needs drafts.js and photos.js.

   A place for photos in the page:
     <ul data-photos="PLACE" data-kind="KIND"> … <li data-add-photo><label><input type="file"></label></li></ul> <input type="hidden" data-ids>
   The hidden field holds the client ids of the photos that the server has, joined by commas. */
self.Album = (function () {
  "use strict";
  const MOST = 9;

  class Album {
    /* url: where photos go; thumbs: where small pictures come from, with a nil UUID in it; draft: the key they are kept under; extra(): fields sent with each; tell(words, tone) and
       askToSignIn() speak to the person; changed() is called whenever something moved. */
    constructor(form, { url, thumbs, draft, extra, tell, askToSignIn, changed }) {
      Object.assign(this, { form, url, thumbs, draft, extra, tell, askToSignIn, changed, running: null });
      form.addEventListener("change", (event) => event.target.type === "file" && this.add(event.target));
      form.addEventListener("click", (event) => {
        const item = event.target.closest("[data-photo]");
        if (item && event.target.closest("[data-drop]")) this.drop(item);
        if (item && event.target.closest("[data-again]")) this.tryAgain();
      });
      addEventListener("online", () => this.tryAgain());
    }

    /* Shows what is kept in this browser, and what only the server has: a correction, a browser that keeps nothing. */
    async restore() {
      const sent = this.sent(), kept = await drafts.photos(this.draft).catch(() => []);
      const known = new Set(kept.map((photo) => photo.id));
      sent.filter((photo) => !known.has(photo.id)).forEach((photo) => this.show(photo));
      kept.sort((one, other) => one.at - other.at).forEach((photo) => this.show(photo));
      await this.send();
    }

    sent() {
      const all = [];
      for (const ids of this.form.querySelectorAll("[data-ids]")) {
        const place = ids.parentElement.querySelector("[data-photos]").dataset.photos;
        for (const id of ids.value.split(",").filter(Boolean)) {
          all.push({ id, place, server: true, url: this.thumbs.replace("00000000-0000-0000-0000-000000000000", id) });
        }
      }
      return all;
    }

    /* -- what there is -- */

    items(within = this.form) {
      return [...within.querySelectorAll("[data-photo]")];
    }

    place(name) {
      return this.form.querySelector(`[data-photos="${CSS.escape(name)}"]`);
    }

    waiting() {
      return this.items().filter((item) => !item.photo.server && !item.photo.refused);
    }

    failed() {
      return this.items().filter((item) => item.failed || item.photo.refused);
    }

    /* The form's fields with every photo named, those not yet sent too: what a queue sends later. */
    fieldsWithAll(fields) {
      const named = new Map([...this.form.querySelectorAll("[data-ids]")].map((ids) => [ids.name, ids.parentElement]));
      const all = (field) => this.items(field.querySelector("[data-photos]")).map((item) => item.photo.id).join(",");
      return fields.map(([name, value]) => [name, named.has(name) ? all(named.get(name)) : value]);
    }

    /* -- adding and dropping -- */

    async add(input) {
      const place = input.closest("[data-photos]"), chosen = [...input.files];
      const files = chosen.slice(0, MOST - this.items(place).length);
      input.value = "";
      this.changed();
      for (const file of files) await this.addOne(place, file);
      if (chosen.length > files.length) this.tell(`一个问题最多 ${MOST} 张照片，多的没有加。`, "warn");
      this.send();
    }

    async addOne({ dataset: { photos: place, kind } }, file) {
      const photo = { id: drafts.uuid(), draft: this.draft, place, kind, at: Date.now(), ...(await photos.prepare(file)) };
      this.show(photo);
      await this.keep(photo).catch(() => this.tell("手机空间满了，照片存不下。有信号时等它传完再离开这一页；没有信号时先删掉些别的照片、视频，再拍一次。", "warn"));
    }

    async drop(item) {
      const place = item.closest("[data-photos]");
      item.photo.dropped = true;
      item.remove();
      this.refresh(place);
      await drafts.removePhoto(item.photo.id);
      this.changed();
    }

    /* The places within got other names; what is kept follows. */
    moved(within) {
      for (const item of this.items(within)) {
        item.photo.place = item.closest("[data-photos]").dataset.photos;
        this.keep(item.photo);
      }
    }

    /* A photo that only the server has is not kept here. */
    keep(photo) {
      return photo.blob ? drafts.putPhoto(photo) : Promise.resolve();
    }

    /* All of them once more, before the page is left: what did not fit at first must fit now, or the page stays. */
    async keepAll() {
      for (const item of this.items()) await this.keep(item.photo);
    }

    dropAll(within) {
      return Promise.all(this.items(within).map((item) => this.drop(item)));
    }

    /* -- showing -- */

    show(photo) {
      const place = this.place(photo.place);
      if (!place) return;
      const item = document.createElement("li");
      item.dataset.photo = photo.id;
      item.photo = photo;
      item.append(Album.preview(photo, this.items(place).length + 1));
      item.insertAdjacentHTML("beforeend",
        '<progress max="1" value="0" aria-label="上传进度"></progress><span class="c" data-said></span>' +
        '<button type="button" class="btn btn-link" data-again>再传一次</button>' +
        '<button type="button" class="btn btn-link" data-drop>删掉</button>');
      place.insertBefore(item, place.querySelector("[data-add-photo]"));
      this.label(item);
    }

    label(item) {
      const { photo, failed } = item, said = item.querySelector("[data-said]");
      said.textContent = photo.server ? "已传好" : photo.refused || (failed ? "没传上" : "等着传");
      said.classList.toggle("bad", Boolean(failed || photo.refused));
      item.querySelector("progress").hidden = Boolean(photo.server || photo.refused || failed);
      item.querySelector("[data-again]").hidden = !failed;
      this.refresh(item.closest("[data-photos]"));
    }

    refresh(place) {
      const items = this.items(place);
      place.classList.toggle("full", items.length >= MOST);
      place.parentElement.querySelector("[data-ids]").value =
        items.filter((item) => item.photo.server).map((item) => item.photo.id).join(",");
    }

    static preview(photo, number) {
      const picture = new Image();
      picture.alt = `第 ${number} 张照片`;
      picture.src = photo.blob ? URL.createObjectURL(photo.blob) : photo.url;
      picture.onerror = () => {
        const words = document.createElement("div");
        words.className = "none";
        words.textContent = "加上了，这里看不了预览";
        picture.replaceWith(words);
      };
      return picture;
    }

    /* -- sending, one after the other; whoever calls while it runs waits for the same run -- */

    send() {
      this.running ||= this.sendAll().finally(() => { this.running = null; });
      return this.running;
    }

    async sendAll() {
      const next = () => this.waiting().find((one) => !one.failed);
      if (!next()) return;
      for (let item; (item = next()); ) await this.sendOne(item);
      this.changed();
    }

    async sendOne(item) {
      const { photo } = item;
      item.querySelector("[data-said]").textContent = "正在传";
      try {
        await photos.send(this.url, {
          ...(await this.extra()), kind: photo.kind, client_id: photo.id, taken_on: photo.takenOn || "", sha256: photo.sha256,
          name: photo.name, file: photo.blob,
        }, (part) => { item.querySelector("progress").value = part; });
        photo.server = true;
      } catch (error) {
        if (error instanceof photos.Refused) photo.refused = error.message;
        else item.failed = true;
        if (error instanceof photos.SignedOut) this.askToSignIn();
      }
      if (photo.dropped) return;
      this.label(item);
      await this.keep(photo).catch(() => {});
    }

    tryAgain() {
      for (const item of this.waiting()) {
        item.failed = false;
        this.label(item);
      }
      return this.send();
    }
  }

  return Album;
})();
