// Progress of the work that runs, files dropped on the page, answers that are kept while the page's
// server does not answer, and the present step in sight on a narrow screen. Without this script the
// page reloads itself, the file is chosen by its button, and an answer is sent as a form.
const job = document.querySelector("[data-job]");
if (job) {
  const bar = job.querySelector("progress");
  const done = job.querySelector("[data-done]");
  const ask = async () => {
    let answer;
    try { answer = await (await fetch(job.dataset.job || "/job")).json(); }
    catch { setTimeout(ask, 3000); return; }
    if (answer.state !== "running") { location.reload(); return; }
    for (const [name, text] of Object.entries(answer.said || {})) {
      job.querySelector(`[data-said=${name}]`).textContent = text;
    }
    if (answer.total) { bar.max = answer.total; bar.value = answer.done; }
    done.textContent = answer.done.toLocaleString(document.documentElement.lang);
    setTimeout(ask, 500);
  };
  setTimeout(ask, 300);
}
// A page that is open asks for news, so that a witness cosigns. One that shows whose turn it is
// reloads itself once there is something new to see, unless its person is about to answer, or has
// just gone to another page: reloading would take them back.
let went = 0;
const goes = () => { went = Date.now(); };
addEventListener("submit", goes);
// A folded section opens if an answer in it is missing, so that the browser can show which.
addEventListener("invalid", (event) => {
  const folded = event.target.closest("details");
  if (folded) folded.open = true;
}, true);
addEventListener("click", (event) => { if (event.target.closest("a[href]")) goes(); });
for (const watch of document.querySelectorAll("[data-watch]")) {
  const answers = (field) => field.type === "checkbox" || field.type === "radio"
    ? field.checked : field.value !== field.defaultValue;
  const fields = "main input, main textarea";
  const busy = () => Date.now() - went < 10_000
    || Array.from(document.querySelectorAll(fields)).some(answers);
  const look = async () => {
    try {
      const answer = await (await fetch(watch.dataset.watch)).json();
      const isNew = watch.dataset.seen !== undefined && answer.state !== watch.dataset.seen;
      if (isNew && !busy()) { location.reload(); return; }
    } catch { /* the page's server is busy, or closed */ }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
// A browser's own button to choose a file speaks the browser's language, which may be another one.
const chooses = document.documentElement.lang === "id"
  ? ["Pilih berkas", "belum ada yang dipilih"] : ["Choose a file", "none chosen yet"];
for (const input of document.querySelectorAll("input[type=file]")) {
  const [around, button, told] = ["span", "span", "span"].map((each) => document.createElement(each));
  around.className = "file";
  button.className = "button quiet";
  button.textContent = chooses[0];
  const tell = () => { told.textContent = [...input.files].map((each) => each.name).join(", ") || chooses[1]; };
  for (const each of [button, told]) { each.setAttribute("aria-hidden", "true"); }
  input.before(around);
  around.append(input, button, told);
  input.addEventListener("change", tell);
  tell();
}
for (const drop of document.querySelectorAll(".drop")) {
  const input = drop.querySelector("input");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
    input.focus();
  });
}
const here = document.querySelector(".steps [aria-current]");
if (here) {
  const row = here.closest(".steps");
  row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
// Answers wait in this tab alone, and end with it.
const answering = document.querySelectorAll("form[data-answers]");
if (answering.length) {
  const kept = () => JSON.parse(sessionStorage.getItem("waiting") || "{}");
  const keep = (waiting) => {
    sessionStorage.setItem("waiting", JSON.stringify(waiting));
    const count = Object.keys(waiting).length;
    const told = document.querySelector("[data-waiting]");
    told.hidden = count === 0;
    told.querySelector("[data-count]").textContent = count;
  };
  const send = async (action, body) => {
    const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
    return (await fetch(action, { method: "POST", headers, body })).ok;
  };
  const flush = async () => {
    for (const [reference, [action, body]] of Object.entries(kept())) {
      try { if (!await send(action, body)) { location.reload(); return; } } catch { break; }
      const now = kept();
      if (now[reference][1] === body) { delete now[reference]; keep(now); }
    }
    if (Object.keys(kept()).length) { setTimeout(flush, 3000); }
  };
  for (const form of answering) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const pressed = event.submitter;
      const said = new FormData(form);
      said.append(pressed.name, pressed.value);
      for (const each of form.querySelectorAll("button")) {
        each.setAttribute("aria-pressed", each === pressed);
        each.classList.toggle("quiet", each !== pressed);
      }
      const body = new URLSearchParams(said).toString();
      keep({ ...kept(), [said.get("reference")]: [form.getAttribute("action"), body] });
      flush();
    });
  }
  keep(kept());
  flush();
}
