/* What this browser knows of whoever used it last: which account, and the kit to write a patrol without signal. It
   speaks of no other people. Needs nothing.

     phone.user()          the account seen last, as a string; "" after signing out
     phone.signedIn(user)  phone.signedOut()
     phone.kit(user)       phone.keepKit(user, kit)
     phone.stays()         whether the browser promised not to clear by itself what is kept; asks for it once
*/
self.phone = (function () {
  "use strict";
  const WHO = "linzhi-user";
  let opened;

  function user() {
    try { return localStorage.getItem(WHO) || ""; } catch { return ""; }
  }

  function remember(value) {
    try { localStorage.setItem(WHO, value); } catch { /* a window that keeps nothing: the page itself says who it is */ }
  }

  function open() {
    opened ||= new Promise((done, fail) => {
      const request = indexedDB.open("linzhi-kit", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("kits");
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opened = undefined; };
        done(request.result);
      };
      request.onerror = () => { opened = undefined; fail(request.error); };
    });
    return opened;
  }

  async function step(mode, work) {
    const transaction = (await open()).transaction("kits", mode);
    return new Promise((done, fail) => {
      const request = work(transaction.objectStore("kits"));
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = transaction.onerror = () => fail(transaction.error);
    });
  }

  async function stays() {
    try { return (await navigator.storage.persisted()) || (await navigator.storage.persist()); } catch { return false; }
  }

  return {
    user,
    signedIn: (someone) => remember(someone),
    signedOut: () => remember(""),
    kit: (someone) => step("readonly", (kits) => kits.get(someone)),
    keepKit: (someone, kit) => step("readwrite", (kits) => kits.put(kit, someone)),
    stays,
  };
})();
