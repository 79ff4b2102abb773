/* What is not sent yet, kept in this browser: one draft a user and community, its photos beside it as blobs.
   Pages and a service worker may load it alike. Nothing here knows what the fields mean, and nobody else's data
   belongs in it: only what this user typed.

     drafts.put({user, community, uuid, fields, …})   drafts.get(user, community)
     drafts.list(user)                                drafts.remove(user, community)   with its photos
     drafts.putPhoto({id, draft, place, blob, …})     drafts.photos(key)               drafts.removePhoto(id)
     drafts.move(user, from, to, changes)             under another name, with its photos
     drafts.received(user, community, {number, url})  only the receipt stays
     drafts.othersCount(user)                         how many are other accounts'
     drafts.madeAnew()                                whether nothing at all was found kept since this was last asked
     drafts.key(user, community)                      drafts.uuid()

   A draft that waits for its sending stands under "COMMUNITY:UUID", so that the community is free for the next one. Its
   state: none (being written), waiting, refused, received.
*/
self.drafts = (function () {
  "use strict";
  const NAME = "linzhi", VERSION = 1;
  const ANEW = "linzhi-made-anew";        // beside the store, for the page that found it empty may be gone when it is asked
  let opened, isNew = false;

  function open() {
    opened ||= new Promise((done, fail) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => {
        isNew = true;
        try { localStorage.setItem(ANEW, "1"); } catch { /* then only this page knows */ }
        request.result.createObjectStore("drafts", { keyPath: "key" }).createIndex("user", "user");
        request.result.createObjectStore("photos", { keyPath: "id" }).createIndex("draft", "draft");
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opened = undefined; };   // a newer page needs it
        done(request.result);
      };
      request.onerror = () => { opened = undefined; fail(request.error); };
    });
    return opened;
  }

  /* One step in one transaction; done when it is on the disk, not when it was asked for. */
  async function step(stores, mode, work) {
    const database = await open();
    return new Promise((done, fail) => {
      const transaction = database.transaction(stores, mode);
      const request = work(transaction);
      transaction.oncomplete = () => done(request?.result);
      transaction.onabort = transaction.onerror = () => fail(transaction.error);
    });
  }

  const key = (user, community) => `${user}:${community}`;

  /* Also on a page without https, where crypto.randomUUID does not exist. */
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  const put = (draft) => step("drafts", "readwrite", (t) =>
    t.objectStore("drafts").put({ ...draft, key: key(draft.user, draft.community), savedAt: Date.now() }));

  const get = (user, community) => step("drafts", "readonly", (t) => t.objectStore("drafts").get(key(user, community)));

  const list = (user) => step("drafts", "readonly", (t) => t.objectStore("drafts").index("user").getAll(user));

  const photos = (draft) => step("photos", "readonly", (t) => t.objectStore("photos").index("draft").getAll(draft));

  const putPhoto = (photo) => step("photos", "readwrite", (t) => t.objectStore("photos").put(photo));

  const removePhoto = (id) => step("photos", "readwrite", (t) => t.objectStore("photos").delete(id));

  const remove = (user, community) => step(["drafts", "photos"], "readwrite", (t) => {
    const pictures = t.objectStore("photos");
    pictures.index("draft").getAllKeys(key(user, community)).onsuccess = (event) =>
      event.target.result.forEach((id) => pictures.delete(id));
    t.objectStore("drafts").delete(key(user, community));
  });

  /* All or nothing: where there is no room for it, everything stays as it was. */
  const move = (user, from, to, changes) => step(["drafts", "photos"], "readwrite", (t) => {
    const rows = t.objectStore("drafts"), was = key(user, from), now = key(user, to);
    rows.get(was).onsuccess = ({ target: { result: draft } }) => {
      if (!draft) return t.abort();
      if (was !== now) rows.delete(was);
      rows.put({ ...draft, ...changes, community: to, key: now, savedAt: Date.now() });
    };
    t.objectStore("photos").index("draft").openCursor(was).onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      cursor.update({ ...cursor.value, draft: now });
      if (was !== now) cursor.continue();
    };
  });

  const received = (user, community, { number, url }) => step(["drafts", "photos"], "readwrite", (t) => {
    const rows = t.objectStore("drafts"), pictures = t.objectStore("photos");
    rows.get(key(user, community)).onsuccess = ({ target: { result: draft } }) => {
      const { kind, title, startedAt, uuid } = draft;
      rows.put({ key: key(user, community), user, community, kind, title, startedAt, uuid, state: "received", number, url,
                 receivedAt: draft.receivedAt || Date.now(), savedAt: Date.now() });
    };
    pictures.index("draft").getAllKeys(key(user, community)).onsuccess = ({ target: { result: ids } }) =>
      ids.forEach((id) => pictures.delete(id));
  });

  /* Counted without being read but for its state. */
  async function othersCount(user) {
    const database = await open();
    return new Promise((done, fail) => {
      let count = 0;
      const request = database.transaction("drafts").objectStore("drafts").openCursor();
      request.onerror = () => fail(request.error);
      request.onsuccess = () => {
        const cursor = request.result;
        if (!cursor) return done(count);
        if (cursor.value.user !== user && cursor.value.state !== "received") count += 1;
        cursor.continue();
      };
    });
  }

  /* Whether nothing at all was found kept, not even an empty store. */
  async function madeAnew() {
    await open();
    const told = isNew || localStorage.getItem(ANEW) !== null;
    isNew = false;
    localStorage.removeItem(ANEW);
    return told;
  }

  return { key, uuid, madeAnew, put, get, list, remove, move, received, othersCount, photos, putPhoto, removePhoto };
})();
