
"use strict";

const gallery = document.getElementById("gallery");
const viewer = document.getElementById("viewer");
const classes = document.getElementById("class");
const order = document.getElementById("sort");
const cards = [...gallery.querySelectorAll(".card")];
let shown = cards;
let current = cards[0];

// ---- Which pictures, in which order ----

const comparisons = {
  file: (a, b) => a.dataset.number - b.dataset.number,
  most: (a, b) => b.dataset.probability - a.dataset.probability,
  least: (a, b) => a.dataset.probability - b.dataset.probability,
};

function arrange() {
  shown = cards.filter((card) => !classes.value || card.dataset.class === classes.value);
  shown.sort((a, b) => comparisons[order.value](a, b) || comparisons.file(a, b));
  gallery.replaceChildren(...shown.map((card) => card.parentElement));
  document.getElementById("count").textContent =
    shown.length === 1 ? "1 picture" : `${shown.length} pictures`;
  choose(shown[0]);
}

// Of all cards only the current one is reached by Tab; the arrow keys lead to the others.
function choose(card) {
  if (current) current.tabIndex = -1;
  current = card;
  if (current) current.tabIndex = 0;
}

// ---- How strong the map is ----

function setOpacity(value) {
  document.documentElement.style.setProperty("--map", value / 100);
  for (const label of document.querySelectorAll(".opacity")) {
    label.querySelector("input").value = value;
    label.querySelector("output").textContent = `${value} %`;
  }
}

// ---- One picture ----

function show(card) {
  choose(card);
  const line = (name) => card.querySelector(name).cloneNode(true);
  const facts = [line(".line"), line("progress"), line(".file")];
  if (card.dataset.boxes) {
    const boxes = document.createElement("div");
    boxes.className = "file";
    boxes.textContent = `Boxes in its pixels: ${card.dataset.boxes}`;
    facts.push(boxes);
  }
  viewer.querySelector(".view").replaceChildren(...line(".view").childNodes);
  viewer.querySelector(".facts").replaceChildren(...facts);
  if (!viewer.open) viewer.showModal();
}

function step(by) {
  const card = shown[shown.indexOf(current) + by];
  if (card) show(card);
}

// ---- Keys ----

function columns() {
  const top = shown[0].parentElement.offsetTop;
  const below = shown.findIndex((card) => card.parentElement.offsetTop !== top);
  return below < 0 ? shown.length : below;
}

const moves = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: () => -columns(),
  ArrowDown: () => columns(),
};

gallery.addEventListener("keydown", (event) => {
  const move = moves[event.key];
  if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const card = shown[shown.indexOf(current) + move()];
  if (!card) return;
  choose(card);
  card.focus();
  card.scrollIntoView({ block: "nearest" });
});

viewer.addEventListener("keydown", (event) => {
  if (event.target.type === "range") return;
  if (event.key === "ArrowLeft") step(-1);
  if (event.key === "ArrowRight") step(1);
});

// ---- Everything else ----

gallery.addEventListener("click", (event) => {
  const card = event.target.closest(".card");
  if (card) show(card);
});
gallery.addEventListener("focusin", (event) => choose(event.target.closest(".card")));
viewer.addEventListener("close", () => current?.focus());
viewer.addEventListener("click", (event) => {
  if (event.target === viewer) viewer.close(); // the ground around it
});
document.getElementById("previous").addEventListener("click", () => step(-1));
document.getElementById("next").addEventListener("click", () => step(1));
document.getElementById("close").addEventListener("click", () => viewer.close());
document.addEventListener("input", (event) => {
  if (event.target.type === "range") setOpacity(event.target.value);
});
classes.addEventListener("change", arrange);
order.addEventListener("change", arrange);
for (const card of cards) card.tabIndex = -1;
arrange();
