// Progress of the work that runs, files dropped on the page, and the present step in sight on a
// narrow screen. Without this script the page reloads itself, the file is chosen by its button.
const job = document.querySelector("[data-job]");
if (job) {
  const bar = job.querySelector("progress");
  const done = job.querySelector("[data-done]");
  const ask = async () => {
    const answer = await (await fetch("/job")).json();
    if (answer.state !== "running") { location.reload(); return; }
    if (answer.total) { bar.max = answer.total; bar.value = answer.done; }
    done.textContent = answer.done.toLocaleString(document.documentElement.lang);
    setTimeout(ask, 500);
  };
  setTimeout(ask, 300);
}
const drop = document.querySelector(".drop");
if (drop) {
  const input = drop.querySelector("input");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    input.files = event.dataTransfer.files;
    input.focus();
  });
}
const here = document.querySelector(".steps [aria-current]");
if (here) {
  const row = here.closest(".steps");
  row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
