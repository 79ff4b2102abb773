/* Photos before they leave the phone: when taken, made smaller, sent one by one.

     photos.prepare(file) → {blob, name, takenOn, sha256}   at most 1600 px, JPEG; a format this browser cannot read stays as it is
     photos.send(url, fields, progress) → the server's answer   
     raises photos.Refused with the server's sentence, photos.SignedOut, photos.Trouble where the server failed,
     or Error where there was no signal
*/
self.photos = (function () {
  "use strict";
  const LONGEST = 1600, QUALITY = 0.8;
  const TAKEN = 0x9003, CHANGED = 0x0132, MORE = 0x8769;

  class Refused extends Error {}      // the server says why; sending again is no use
  class SignedOut extends Error {}    // the session is over; after signing in it goes on
  class Trouble extends Error {}      // the server is there and cannot take it now

  async function prepare(file) {
    const bytes = await file.arrayBuffer();
    const takenOn = dayTaken(bytes);
    const blob = (await shrink(file)) || file;
    const name = blob === file ? file.name : file.name.replace(/\.\w+$/, "") + ".jpg";
    return { blob, name, takenOn, sha256: await digest(blob) };
  }

  async function shrink(file) {
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch { return null; }
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  }

  /* Empty where the browser gives no digest, that is without https: the server then compares nothing. */
  async function digest(blob) {
    if (!self.crypto?.subtle) return "";
    const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* The camera's own date, "2026-11-18", or null. JPEG and HEIC alike hold it in a block that begins with Exif. */
  function dayTaken(buffer) {
    try {
      const view = new DataView(buffer), start = findTiff(view);
      if (start === null) return null;
      const little = view.getUint16(start) === 0x4949;
      const first = directory(view, start, view.getUint32(start + 4, little), little);
      const more = first[MORE] ? directory(view, start, first[MORE].number, little) : {};
      const text = words(view, start, more[TAKEN] || first[CHANGED]);
      return /^[12]\d{3}:[01]\d:[0-3]\d/.test(text) ? text.slice(0, 10).replaceAll(":", "-") : null;
    } catch { return null; }
  }

  function findTiff(view) {
    const bytes = new Uint8Array(view.buffer);
    for (let at = bytes.indexOf(0x45); at >= 0 && at + 14 < bytes.length; at = bytes.indexOf(0x45, at + 1)) {
      if (view.getUint32(at) !== 0x45786966 || view.getUint16(at + 4) !== 0) continue;          // "Exif", 0, 0
      const magic = view.getUint32(at + 6);
      if (magic === 0x49492a00 || magic === 0x4d4d002a) return at + 6;
    }
    return null;
  }

  function directory(view, start, offset, little) {
    const entries = {}, count = view.getUint16(start + offset, little);
    for (let i = 0; i < count; i++) {
      const at = start + offset + 2 + i * 12;
      entries[view.getUint16(at, little)] = { number: view.getUint32(at + 8, little), length: view.getUint32(at + 4, little) };
    }
    return entries;
  }

  function words(view, start, entry) {
    if (!entry || entry.length < 10) return "";
    return String.fromCharCode(...new Uint8Array(view.buffer, start + entry.number, 10));
  }

  function send(url, fields, progress) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (value instanceof Blob) body.append(name, value, fields.name || "photo.jpg");
      else if (value !== null && value !== undefined) body.append(name, value);
    }
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();                     // fetch cannot say how far an upload is
      request.open("POST", url);
      request.responseType = "json";
      request.timeout = 120_000;
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onload = () => settle(request, done, fail);
      request.onerror = request.ontimeout = request.onabort = () => fail(new Error("没有信号"));
      request.send(body);
    });
  }

  function settle(request, done, fail) {
    const answer = request.response;
    if (request.status < 300 && answer) return done(answer);
    if (request.status === 401) return fail(new SignedOut(answer?.error || "登录过期了"));
    if (request.status >= 500) return fail(new Trouble("没有送到"));
    fail(answer?.error ? new Refused(answer.error) : new Error("没有送到"));
  }

  return { prepare, send, dayTaken, Refused, SignedOut, Trouble };
})();
