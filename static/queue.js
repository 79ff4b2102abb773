/* What waits in this browser for a signal, and its way to the office: patrols of whoever is signed in, complaints of
   anybody. Needs drafts.js, photos.js and phone.js, and the strip in the page (includes/queue.html), which names for each
   kind where its records and its photos go.

     queue.add(user, from, to)   a draft that was checked waits from now on
     queue.flush()               sends what waits, one after the other; another tab that sends already is let alone
     queue.csrf(user)            what a page without its own token must send with a POST
     queue.progress(key)         how far a sending is, 0 to 1; undefined where nothing is being sent

   A record goes so: each photo by itself with its SHA-256; then the record, which lists them. It carries the number that
   the phone gave it, so that it may be sent any number of times. What stands in the phone is erased only after the
   receipt stands there. The page hears "queue" on the document whenever something changed, in other tabs too. */
self.queue = (function () {
  "use strict";
  const KEPT = 7 * 86_400_000;            // how long a receipt stays in the list
  const AGAIN = 30_000, SOON = 1_000, LEASE = 20_000, KIT_LASTS = 600_000;
  const strip = document.querySelector("[data-strip]");
  const tabs = "BroadcastChannel" in self ? new BroadcastChannel("linzhi-queue") : null;
  const sending = new Map();
  const WORDS = {
    noSignal: "还没有信号。写的都在这部手机里，有信号会自动上传。",
    signedOut: "登录过期了。重新登录后自动接着传，写的都在这部手机里。",
    otherAccount: "这部手机现在登录的是另一个账号。换回写这一份的账号，才会上传。",
    trouble: "镇物业办的服务器这会儿收不下。写的都在这部手机里，过一会儿自动再试。",
    updated: "门户刚更新过。写的都在这部手机里，请重新打开这一页再试。",
    photoGone: "有照片已经不在这部手机里了，请补拍或者去掉，再传。",
    notKept: "这个窗口存不住东西，可能是无痕窗口。请换普通窗口，或者有信号时一次写完就交。",
  };

  const ANYONE = "anyone";                 // whose complaints need no account: they go whoever is signed in, or nobody

  class Stop extends Error {              // nothing more can be sent now; words say why
    constructor(why) { super(WORDS[why]); this.why = why; }
  }

  class Refused extends Error {}          // this record must be mended first

  const user = () => strip?.dataset.user || phone.user();
  const kinds = () => JSON.parse(strip.dataset.kinds);

  /* -- what there is -- */

  async function add(someone, from, to) {
    const written = new Date().toISOString();
    await drafts.move(someone, from, to, { state: "waiting", writtenAt: written, said: "" });
    phone.stays();
    changed();
  }

  async function here() {
    return [...(user() ? await drafts.list(user()) : []), ...(await drafts.list(ANYONE))];
  }

  async function waiting() {
    return (await here()).filter((draft) => draft.state === "waiting").sort((one, other) => one.startedAt - other.startedAt);
  }

  /* Receipts that came before the phone was switched off, and old ones. */
  async function tidy() {
    for (const draft of await here()) {
      if (draft.state !== "received") continue;
      if (draft.fields) await drafts.received(draft.user, draft.community, draft);
      if (Date.now() - draft.receivedAt > KEPT) await drafts.remove(draft.user, draft.community);
    }
  }

  /* -- what the browser took away -- */

  /* How many are not sent yet is noted in a place that a browser short of room does not clear with the others. */
  const LEFT = "linzhi-left", LOST = "linzhi-lost";

  function note(name, number) {
    try {
      if (number) localStorage.setItem(`${name}-${user()}`, number);
      else localStorage.removeItem(`${name}-${user()}`);
    } catch { /* a window that keeps nothing says so itself */ }
  }

  function noted(name) {
    try { return Number(localStorage.getItem(`${name}-${user()}`)); } catch { return 0; }
  }

  async function missLost() {
    const had = user() && noted(LEFT), anew = await drafts.madeAnew();
    if (had && anew) note(LOST, had);
  }

  const lost = () => (user() ? noted(LOST) : 0);

  function lostSeen() {
    note(LOST, 0);
    hear();
  }

  /* -- sending -- */

  let running = null, soon = 0;

  function flush({ asked = false } = {}) {
    running ||= alone(() => sendAll(asked)).catch(() => {}).finally(() => { running = null; changed(); });
    return running;
  }

  /* One tab at a time. Without locks a lease that runs out by itself: of two that take it at once, the later one keeps
     it, and the earlier sees so a moment after. Whoever goes without looks again soon: the other tab may be gone, or each
     may have seen the other's. The server takes a record once anyway. */
  async function alone(work) {
    if (navigator.locks) return navigator.locks.request("linzhi-queue", { ifAvailable: true }, (lock) => lock && work());
    if (!(await waiting()).length) return work();
    const tab = drafts.uuid(), held = () => (localStorage.getItem("linzhi-lease") || "0 nobody").split(" ");
    if (Number(held()[0]) > Date.now()) return later(SOON);
    const renew = () => localStorage.setItem("linzhi-lease", `${Date.now() + LEASE} ${tab}`);
    const release = () => held()[1] === tab && localStorage.removeItem("linzhi-lease");
    addEventListener("pagehide", release);
    renew();
    await new Promise((done) => setTimeout(done, 400));
    if (held()[1] !== tab) return later(SOON);
    const timer = setInterval(renew, LEASE / 4);
    await work().finally(() => { clearInterval(timer); removeEventListener("pagehide", release); release(); });
  }

  async function sendAll(asked) {
    await tidy();
    const rows = await waiting();
    if (!rows.length || (!navigator.onLine && !asked)) return;
    let sent = 0;
    try {
      for (const draft of rows) sent += await sendOne(draft, await ticket(draft.user));
    } catch (error) {
      await sayOnAll(error instanceof Stop ? error : new Stop("noSignal"));
      if (navigator.onLine && error.why !== "signedOut") later();
    }
    if (sent) sayArrived(sent);
  }

  function later(wait = AGAIN) {
    clearTimeout(soon);
    soon = setTimeout(() => flush(), wait * (1 + Math.random() / 2));   // two tabs do not keep step
  }

  async function sayOnAll(error) {
    for (const draft of await waiting()) await drafts.put({ ...draft, said: error.message, why: error.why });
  }

  /* Who is signed in here now, and a fresh token. */
  async function ticket(someone) {
    const answer = await fetch(strip.dataset.token, { headers: { Accept: "application/json" }, cache: "no-store" })
      .catch(() => { throw new Stop("noSignal"); });
    if (answer.status >= 500) throw new Stop("trouble");
    const { user: now, csrf } = await answer.json().catch(() => { throw new Stop("noSignal"); });
    if (someone === ANYONE) return csrf;
    if (now === null) throw new Stop("signedOut");
    if (String(now) !== someone) throw new Stop("otherAccount");
    return csrf;
  }

  async function sendOne(draft, csrf) {
    step(draft, 0);
    try {
      const receipt = await deliver(draft, csrf);
      const whole = { ...draft, ...receipt, state: "received", receivedAt: Date.now(), said: "" };
      await drafts.put(whole).catch(() => {});            // a full phone: then with the erasing, in one step
      sending.delete(draft.key);
      await shown();
      await drafts.received(draft.user, draft.community, receipt);
      return 1;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await drafts.put({ ...draft, state: "refused", said: error.message });
      return 0;
    } finally {
      sending.delete(draft.key);
      changed();
    }
  }

  /* The receipt stands on the screen before the phone forgets what it is for. */
  async function shown() {
    changed();
    await new Promise((done) => setTimeout(done, 50));
  }

  async function deliver(draft, csrf) {
    for (let times = 0; times < 3; times++) {
      const pictures = (await drafts.photos(draft.key)).sort((one, other) => one.at - other.at);
      await sendPhotos(draft, pictures, csrf);
      const answer = await sendRecord(draft, pictures, csrf);
      if (!answer.missing) return { number: answer.number, url: answer.url };
      await askAgain(pictures, answer.missing);
    }
    throw new Stop("trouble");
  }

  async function sendPhotos(draft, pictures, csrf) {
    const left = pictures.filter((photo) => !photo.server), url = kinds()[draft.kind].photos;
    for (const [at, photo] of left.entries()) {
      const { kind, id, takenOn, sha256, name, blob } = photo;
      const fields = { csrfmiddlewaretoken: csrf, patrol: draft.uuid, kind, client_id: id, taken_on: takenOn || "", sha256, name };
      await photos.send(url, { ...fields, file: blob }, (part) => step(draft, (at + part) / (left.length + 1)))
        .catch((error) => { throw reason(error); });
      await drafts.putPhoto({ ...photo, server: true }).catch(() => {});     // a full phone: it only goes twice
      step(draft, (at + 1) / (left.length + 1));
    }
  }

  function reason(error) {
    if (error instanceof photos.Refused) return new Refused(error.message);
    if (error instanceof photos.SignedOut) return new Stop("signedOut");
    return new Stop(error instanceof photos.Trouble ? "trouble" : "noSignal");
  }

  async function sendRecord(draft, pictures, csrf) {
    const body = new FormData();
    for (const [name, value] of draft.fields) body.append(name, value);
    body.set("csrfmiddlewaretoken", csrf);
    body.set("client_id", draft.uuid);
    body.set("c", draft.place);
    body.set("written_at", draft.writtenAt);
    body.set("sent_at", new Date().toISOString());
    body.set("manifest", JSON.stringify(Object.fromEntries(pictures.map(({ id, sha256 }) => [id, sha256]))));
    const cut = new AbortController(), timer = setTimeout(() => cut.abort(), 60_000);
    try {
      const answer = await fetch(kinds()[draft.kind].records, { method: "POST", body, headers: { Accept: "application/json" },
                                                                signal: cut.signal });
      return await settled(answer);
    } catch (error) {
      throw error instanceof Stop || error instanceof Refused ? error : new Stop("noSignal");
    } finally {
      clearTimeout(timer);
    }
  }

  async function settled(answer) {
    const said = await answer.json().catch(() => null);
    if (answer.ok && said?.number) return said;
    if (answer.status === 409 && said?.missing) return said;
    if (answer.status === 401) throw new Stop("signedOut");
    if (answer.status >= 500) throw new Stop("trouble");
    if (said?.error) throw new Refused((said.errors || [said.error]).join(" "));
    throw new Stop("updated");
  }

  /* The office has them no more, or never had them: from this phone once again. */
  async function askAgain(pictures, missing) {
    const here = pictures.filter((photo) => missing.includes(photo.id) && photo.blob);
    if (here.length < missing.length) throw new Refused(WORDS.photoGone);
    for (const photo of here) await drafts.putPhoto({ ...photo, server: false });
  }

  /* -- what others hear of it -- */

  function step(draft, part) {
    sending.set(draft.key, part);
    changed({ key: draft.key, part });
  }

  const hear = (news = {}) => document.dispatchEvent(new CustomEvent("queue", { detail: news }));

  function changed(news = {}) {
    hear(news);
    tabs?.postMessage(news);
  }

  if (tabs) tabs.onmessage = ({ data }) => {
    if (data.key) sending.set(data.key, data.part);
    else sending.clear();
    hear({ ...data, elsewhere: true });
  };

  /* -- the strip under the head -- */

  let arrived = 0;

  function sayArrived(number) {
    arrived = number;
    setTimeout(() => { arrived = 0; paint(); }, 5000);
  }

  async function paint() {
    if (!strip) return;
    const mine = user() ? await drafts.list(user()).catch(() => null) : null;
    await missLost().catch(() => {});                        // cleared while this page stood open: before it is noted that none are left
    if (mine && user()) note(LEFT, mine.filter((draft) => draft.state !== "received").length);
    const number = (mine || []).filter((draft) => draft.state === "waiting").length, form = document.querySelector("form[data-patrol]");
    const silence = navigator.onLine ? "" : form ? "没有信号，照常填" : "没有信号";
    const gone = lost() ? `有 ${lost()} 份被浏览器清掉了` : "";
    const words = [gone, silence, number ? `${number} 份${sending.size ? "正在上传" : "等信号"}` : ""].filter(Boolean).join("，");
    const said = arrived ? `${arrived} 份已送到` : words;
    const line = strip.querySelector(".p-queue");
    line.hidden = !said;
    line.dataset.tone = arrived ? "good" : "warn";
    line.querySelector("span").textContent = said;
    line.querySelector("a").hidden = !(number || arrived || gone) || "here" in strip.dataset;
  }

  /* -- beginning -- */

  async function csrf(someone) {
    return ticket(someone).catch((error) => {
      throw error.why === "signedOut" || error.why === "otherAccount" ? new photos.SignedOut(error.message) : error;
    });
  }

  async function refreshKit() {
    const { kit, user: mine } = strip.dataset;
    if (!kit || !mine || !navigator.onLine) return;
    const have = await phone.kit(mine).catch(() => null);
    if (have && !("fresh" in strip.dataset) && Date.now() - Date.parse(have.made) < KIT_LASTS) return;
    const answer = await fetch(kit, { headers: { Accept: "application/json" } });
    if (answer.ok) await phone.keepKit(mine, await answer.json());
  }

  function begin() {
    if (strip.dataset.user) phone.signedIn(strip.dataset.user);
    if (strip.dataset.worker) navigator.serviceWorker?.register(strip.dataset.worker).catch(() => {});
    document.addEventListener("queue", paint);
    for (const event of ["online", "offline"]) addEventListener(event, paint);
    addEventListener("online", () => flush());
    addEventListener("submit", (event) => "signOut" in event.target.dataset && phone.signedOut());
    refreshKit().catch(() => {});
    missLost().catch(() => {}).then(() => { hear(); flush(); });
  }

  if (strip) begin();
  return { add, flush, csrf, waiting, user, lost, lostSeen, WORDS, progress: (key) => sending.get(key) };
})();
