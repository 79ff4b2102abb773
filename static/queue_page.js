/* The page of what is still in this phone: each record with its state, the button, and what keeps the phone from
   sending. Needs queue.js.

   Parts of the page: [data-head=STATE], ul[data-list] with <template> for a row, [data-badge=STATE] templates. */
(function () {
  "use strict";
  const page = document.querySelector("[data-queue-page]");
  const list = page.querySelector("[data-list]"), row = list.querySelector("template").content.firstElementChild;
  const when = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
  const STATES = { sending: "sending", waiting: "waiting", refused: "writing", received: "received" };

  async function paint() {
    const user = queue.user();
    let all, others;
    try {
      all = user ? await drafts.list(user) : [];
      others = await drafts.othersCount(user);
    } catch { return say(queue.WORDS.notKept); }
    all.sort((one, other) => other.startedAt - one.startedAt);
    const rows = await Promise.all(all.map(describe));
    list.replaceChildren(list.querySelector("template"), ...rows);
    paintHead(all, others);
  }

  function paintHead(all, others) {
    const left = all.filter((draft) => draft.state !== "received");
    const waiting = left.filter((draft) => draft.state === "waiting");
    const head = waiting.length ? (waiting.some((d) => queue.progress(d.key) !== undefined) ? "sending" : "waiting")
      : all.some((draft) => draft.state === "received") && !left.length ? "received" : left.length ? "writing" : "empty";
    for (const one of page.querySelectorAll("[data-head]")) one.hidden = one.dataset.head !== head;
    page.querySelector("#q").textContent = left.length ? `这部手机里还有 ${left.length} 份` : "这部手机里没有没上传的";
    const theirs = page.querySelector("[data-others]");
    theirs.hidden = !others;
    theirs.textContent = `${others} 份属于另一账号，用那个账号登录才看得到、传得出。`;
    const lost = page.querySelector("[data-lost]");
    lost.hidden = !queue.lost();
    lost.querySelector("span").textContent = `这部手机里原来有 ${queue.lost()} 份没送到的，浏览器把它们清掉了，找不回来。请凭记忆再记一次；以后当天就找有信号的地方传完。`;
    page.querySelector("[data-now]").hidden = !waiting.length;
    page.querySelector("[data-sign-in]").hidden = !waiting.some((draft) => draft.why === "signedOut" || draft.why === "otherAccount");
    say(waiting.map((draft) => draft.said).find(Boolean) || "");
  }

  function say(words) {
    const line = page.querySelector("[data-said]");
    line.hidden = !words;
    if (line.textContent !== words) line.textContent = words;
  }

  async function describe(draft) {
    const one = row.cloneNode(true), part = queue.progress(draft.key);
    const state = draft.state === "waiting" && part !== undefined ? "sending" : STATES[draft.state] || "writing";
    const pictures = draft.state === "received" ? [] : await drafts.photos(draft.key);
    one.dataset.key = draft.key;
    one.querySelector(".t").textContent = draft.kind === "recheck" ? `${draft.title}复查` : draft.kind === "on-site" ? `${draft.title}现场扣分` : draft.kind === "verdicts" ? `${draft.title}认定` : draft.place ? `${draft.title}巡查` : draft.title;
    one.querySelector("[data-facts]").textContent = facts(draft, pictures);
    one.querySelector("[data-state]").append(page.querySelector(`template[data-badge=${state}]`).content.cloneNode(true));
    const why = one.querySelector("[data-why]");
    why.textContent = draft.state === "refused" ? draft.said : "";
    why.hidden = !why.textContent;
    const bar = one.querySelector("progress");
    bar.hidden = state !== "sending";
    bar.value = part || 0;
    bar.setAttribute("aria-label", `${draft.title}上传进度`);
    openWith(one.querySelector("a"), draft);
    return one;
  }

  function facts(draft, pictures) {
    const words = [when.format(draft.startedAt)];
    if (draft.number) words.push(`编号 ${draft.number}`);
    if (pictures.length) {
      const size = pictures.reduce((sum, { blob }) => sum + (blob?.size || 0), 0) / 1_048_576;
      words.push(`${pictures.length} 张照片（${Math.max(0.1, size).toFixed(1)} MB）`);
    }
    return words.join("，");
  }

  function openWith(link, draft) {
    const words = { refused: "改一下再传", received: "看这份记录" }[draft.state] || "接着写";
    const [place, uuid] = draft.community.split(":");
    const form = draft.kind === "recheck" ? `${page.dataset.recheck}?n=${draft.place}`
      : `${page.dataset.form}?c=${draft.place || place}${uuid ? `&d=${uuid}` : ""}`;
    link.href = draft.state === "received" ? draft.url : draft.page || form;
    if (draft.state === "refused") link.href = form;
    link.hidden = draft.state === "waiting";
    link.textContent = words;
    link.insertAdjacentHTML("beforeend", '<span class="visually-hidden"></span>');
    link.lastElementChild.textContent = `：${draft.title}`;
  }

  function progress({ detail: { key, part } }) {
    const bar = key && list.querySelector(`[data-key="${CSS.escape(key)}"] progress:not([hidden])`);
    if (bar) bar.value = part;
    else paint();
  }

  async function now(button) {
    button.disabled = true;
    await queue.flush({ asked: true });
    button.disabled = false;
    paint();
  }

  page.addEventListener("click", (event) => event.target.closest("[data-now]") && now(event.target.closest("[data-now]")));
  page.querySelector("[data-lost] button").addEventListener("click", queue.lostSeen);
  document.addEventListener("queue", progress);
  navigator.storage?.persisted?.().then((stays) => { page.querySelector("[data-may-go]").hidden = stays; });
  paint();
})();
