"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const last = data.steps.length - 1;
  const find = (id) => document.getElementById(id);
  const diagram = find("diagram");
  const rows = [...diagram.querySelectorAll(".row")];
  const contents = [...diagram.querySelectorAll(".content")];
  const lines = [...diagram.querySelectorAll("[data-since]")];
  const fates = [...document.querySelectorAll(".fate .at")];
  const spells = [...document.querySelectorAll(".heads .at")];
  for (const row of [...rows, ...contents]) {
    const number = Number(row.dataset.row);
    row.classList.toggle("needless", data.needless.includes(number));
    if (data.cited.includes(number) && row.classList.contains("row")) {
      row.classList.add("cited");
      row.querySelector(".number").prepend("▸ ");
    }
  }
  const slider = find("slider");
  let current = -1;

  const make = (name, text, look) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (look) made.className = look;
    return made;
  };

  /* What stands in backticks is code. */
  const prose = (text) => {
    const parts = text.split("`");
    return parts.length % 2 ? parts.map((part, at) => (at % 2 ? make("code", part) : part)) : [text];
  };

  const line = (head, body, look) => {
    const made = make("tr", undefined, look);
    const place = make("th");
    place.scope = "row";
    place.append(make("code", head));
    made.append(place, make("td", body));
    return made;
  };

  const stateAt = (number) => data.states[Math.min(number, data.states.length - 1)];

  const showDetail = (number) => {
    const step = data.steps[number];
    find("title").textContent = number ? `${number}  ${step.title}` : step.title;
    find("doc").replaceChildren(...prose(step.doc));
    find("place").textContent = step.place;
    find("remarks").replaceChildren(...step.remarks.map((said) => make("p", said)));
    const changes = step.changes.map(([place, how]) => line(place, how));
    find("changes").tBodies[0].replaceChildren(...changes);
    find("changes").hidden = changes.length === 0;
    const flying = data.messages.filter((one) =>
      one.sent <= number && (one.fate === "under_way" || number < one.ended));
    find("flight").replaceChildren(...flying.length ? [make("h3", "Under way")] : [],
      ...flying.map((one) => make("p", one.text)));
    showState(number);
  };

  const showState = (number) => {
    const now = stateAt(number);
    const before = number ? stateAt(number - 1) : now;
    const lines = data.places.map((place, at) =>
      line(place, data.values[now[at]], now[at] === before[at] ? "" : "changed"));
    find("whole").querySelector("tbody").replaceChildren(...lines);
  };

  const go = (wanted, follow) => {
    const number = Math.max(0, Math.min(last, wanted));
    if (number === current) return;
    current = number;
    slider.value = String(number);
    slider.setAttribute("aria-valuetext", `step ${number}: ${data.steps[number].title}`);
    find("where").textContent = `step ${number} of ${last}`;
    find("now").textContent = number === last ? "in the end" : number ? `after ${number}` : "start";
    for (const [at, row] of rows.entries()) {
      row.classList.toggle("now", at === number);
      contents[at].classList.toggle("later", at > number);
      row.classList.toggle("later", at > number);
    }
    for (const one of lines) one.classList.toggle("later", Number(one.dataset.since) > number);
    for (const spell of spells) {
      const shown = Number(spell.dataset.first) <= number && number <= Number(spell.dataset.last);
      spell.classList.toggle("off", !shown);
    }
    for (const one of fates) one.classList.toggle("now", Number(one.dataset.step) === number);
    for (const id of ["first", "back"]) find(id).disabled = number === 0;
    for (const id of ["forward", "end"]) find(id).disabled = number === last;
    showDetail(number);
    history.replaceState(null, "", `#step=${number}`);
    if (follow) rows[number].querySelector("rect").scrollIntoView({ block: follow });
  };

  const fromFragment = () => {
    const found = /^#step=(\d{1,6})$/.exec(location.hash);
    return found ? Number(found[1]) : null;
  };

  const keys = {
    ArrowLeft: () => current - 1, ArrowUp: () => current - 1,
    ArrowRight: () => current + 1, ArrowDown: () => current + 1,
    Home: () => 0, End: () => last,
  };

  document.addEventListener("keydown", (event) => {
    const wanted = keys[event.key];
    if (!wanted || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(wanted(), "nearest");
  });
  slider.addEventListener("input", () => go(Number(slider.value), "nearest"));
  find("first").addEventListener("click", () => go(0, "nearest"));
  find("back").addEventListener("click", () => go(current - 1, "nearest"));
  find("forward").addEventListener("click", () => go(current + 1, "nearest"));
  find("end").addEventListener("click", () => go(last, "nearest"));
  diagram.addEventListener("click", (event) => {
    const box = diagram.getBoundingClientRect();
    const y = (event.clientY - box.top) * diagram.viewBox.baseVal.height / box.height;
    const tops = rows.map((row) => row.querySelector("rect").y.baseVal.value);
    go(Math.max(0, tops.filter((top) => top <= y).length - 1), "");
  });
  window.addEventListener("hashchange", () => {
    const wanted = fromFragment();
    if (wanted !== null) go(wanted, "center");
  });

  const narrow = () => {
    const room = document.documentElement.clientWidth;
    document.body.classList.toggle("docked", room < diagram.viewBox.baseVal.width * 0.9 + 350);
  };
  window.addEventListener("resize", narrow);
  const folded = [...document.querySelectorAll(".words details, .key")];
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = folded.filter((one) => !one.open);
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
  document.body.classList.add("live");
  narrow();
  const asked = fromFragment();
  go(asked === null ? last : asked, asked === null ? "" : "center");
})();
