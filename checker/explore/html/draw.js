"use strict";

const find = (id) => document.getElementById(id);

const make = (name, text, look) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (look) made.className = look;
  return made;
};

/* Settings or a scope, as on the command line. */
const words = (choices) => Object.entries(choices ?? {}).map(([name, value]) => `${name}=${value}`).join(" ");

/* Shows a walk: what the server said of it, where it stands, and its run among all `runs`. `take`,
   `move` and `changeRun` are what its buttons do. */
const drawing = ({ runs, take, move, changeRun }) => {
  let shown = null;
  let at = 0;

  /* What stands in backticks is code. */
  const prose = (text) => {
    const parts = text.split("`");
    return parts.length % 2 ? parts.map((part, at) => (at % 2 ? make("code", part) : part)) : [text];
  };

  const button = (text, action, look) => {
    const made = make("button", text, look);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  };

  const line = (head, body, look) => {
    const made = make("tr", undefined, look);
    const name = make("th");
    name.scope = "row";
    name.append(make("code", head));
    made.append(name, make("td", body));
    return made;
  };

  const draw = (answer, run) => {
    shown = answer;
    at = shown.at;
    const last = shown.steps.length;
    find("where").textContent = `step ${at} of ${last}`;
    for (const id of ["first", "back"]) find(id).disabled = at === 0;
    for (const id of ["forward", "end"]) find(id).disabled = at === last;
    find("restart").disabled = last === 0;
    find("random").disabled = !shown.actions.some((action) => action.open.length);
    drawRun(run);
    drawStarts();
    drawPicture();
    drawStep();
    drawProperties();
    drawNext();
  };

  const drawRun = (run) => {
    const spec = run.spec === runs[0].spec ? "" : run.spec;
    const parts = [run.label, spec, words(run.settings), words(run.scope)].filter(Boolean);
    find("run").replaceChildren(...parts.flatMap((part, n) => [n ? "  ·  " : "", part]));
    find("museum").value = run.entry ?? "";
    find("exhibit").hidden = !run.entry;
    if (!run.entry) return;
    const others = [...runs.filter((one) => one !== run && one.entry === run.entry), runs[0]];
    find("exhibit").replaceChildren(make("div", run.story),
      ...others.map((one) => button(`The same steps ${one.as}`, () => changeRun(one.run))));
  };

  const drawStarts = () => {
    const option = (text, n) => {
      const made = make("option", text);
      made.value = n;
      return made;
    };
    find("starts").hidden = shown.starts.length === 1;
    find("start").replaceChildren(...shown.starts.map(option));
    find("start").value = shown.start;
  };

  const drawPicture = () => {
    find("heads").innerHTML = shown.heads;
    find("picture").innerHTML = shown.diagram;
    find("picture").className = shown.is_neutral ? "neutral" : "";
    find("legend").innerHTML = shown.legend;
    const diagram = find("diagram");
    for (const svg of document.querySelectorAll(".run > div > svg")) {
      svg.style.minWidth = `${diagram.viewBox.baseVal.width * 0.82}px`;
    }
    const rows = [...diagram.querySelectorAll(".row")];
    const contents = [...diagram.querySelectorAll(".content")];
    for (const [n, row] of rows.entries()) {
      row.classList.toggle("now", n === at);
      for (const one of [row, contents[n]]) one.classList.toggle("later", n > at);
    }
    for (const one of diagram.querySelectorAll("[data-since]")) {
      one.classList.toggle("later", Number(one.dataset.since) > at);
    }
    for (const spell of find("heads").querySelectorAll(".at")) {
      const isNow = Number(spell.dataset.first) <= at && at <= Number(spell.dataset.last);
      spell.classList.toggle("off", !isNow);
    }
    intoSight(rows[at]);
  };

  /* The row that is chosen, below the names of the lanes. */
  const intoSight = (row) => {
    const pane = document.querySelector(".run");
    const box = row.querySelector("rect").getBoundingClientRect();
    const frame = pane.getBoundingClientRect();
    const top = frame.top + find("heads").offsetHeight;
    if (box.top < top) pane.scrollTop -= top - box.top;
    else if (box.bottom > frame.bottom - 30) pane.scrollTop += box.bottom - frame.bottom + 30;
  };

  const drawStep = () => {
    const { step } = shown;
    find("title").textContent = at ? `${at}  ${step.title}` : "The initial state";
    find("doc").replaceChildren(...prose(step.doc));
    find("place").textContent = step.place;
    find("changes").tBodies[0].replaceChildren(...step.changes.map(([name, how]) => line(name, how)));
    find("flying").hidden = !step.flight.length;
    find("flight").replaceChildren(...step.flight.map((text) => make("p", text)));
    find("whole").querySelector("tbody").replaceChildren(
      ...shown.state.map(([name, value, isNew]) => line(name, value, isNew ? "changed" : "")));
  };

  const judged = (one) => {
    const isGoal = one.kind === "reachable";
    const isBad = one.now !== "" && one.now !== "reached";
    const mark = isBad ? "✗" : isGoal ? (one.now ? "●" : "○") : "✓";
    const made = make("li", undefined, isBad ? "bad" : one.now || !isGoal ? "good" : "");
    made.title = `${one.doc}\n${one.place}`;
    made.append(make("span", mark, "mark"), make("code", one.name));
    const here = isGoal ? (one.now ? " reached here" : " not here") : isBad ? ` ${one.now} here` : "";
    made.append(here + (one.message ? `: ${one.message}` : ""));
    if (one.first !== null && (one.first !== at)) {
      const link = button(`first at step ${one.first}`, () => move(() => one.first), "link");
      made.append(" ", link);
    }
    return made;
  };

  const drawProperties = () => {
    const promises = shown.properties.filter((one) => one.kind !== "reachable");
    const goals = shown.properties.filter((one) => one.kind === "reachable");
    const hold = promises.filter((one) => !one.now).length;
    const said = [promises.length ? `${hold} of ${promises.length} properties hold here` : "",
      goals.length ? `${goals.filter((one) => one.first !== null).length} of ${goals.length} goals reached` : ""];
    find("tally").textContent = said.filter(Boolean).join(" · ") || "No properties";
    find("properties").replaceChildren(...shown.properties.map(judged));
    const news = shown.properties.filter((one) => one.now);
    const [good, bad] = [true, false].map((isGood) => news.filter((one) => (one.now === "reached") === isGood));
    find("alarms").replaceChildren(...find("promises").open ? [] : [...bad, ...good].map(judged));
  };

  const drawNext = () => {
    const hadFocus = find("open").contains(document.activeElement);
    let number = 0;
    const numbered = (one) => stepLine(one, ++number);
    const can = shown.actions.filter((action) => action.open.length);
    find("open").replaceChildren(...can.map((action) => actionLines(action, [
      ...action.open.map(numbered),
      ...action.more ? [make("p", `and ${action.more} more: use the filter`)] : []])));
    const cannot = shown.actions.map((action) => [action, reasons(action)]).filter(([, found]) => found.length);
    const never = Object.entries(shown.never).map(([name, budget]) => neverLine(name, budget));
    find("blocked").replaceChildren(
      ...cannot.map(([action, found]) => actionLines(action, found, action.open.length > 0)), ...never);
    find("blocked-title").hidden = !cannot.length && !never.length;
    find("note").textContent = shown.note;
    find("note").hidden = !shown.note;
    const first = find("open").querySelector("button") ?? find("open").closest("aside");
    if (hadFocus) first.focus({ preventScroll: true });
  };

  const actionLines = (action, lines, isKnown) => {
    const made = make("li", undefined, "action");
    const head = make("p");
    head.append(make("code", action.name), " ", ...isKnown ? [] : prose(action.doc));
    head.title = action.place;
    made.append(head, ...lines);
    return made;
  };

  const stepLine = (one, number) => {
    const made = make("div");
    const row = make("div", undefined, "step-line");
    const go = button("", () => take(() => one.step));
    if (number < 10) go.append(make("kbd", String(number)));
    go.append(one.given === "()" ? `${one.step[0]}()` : one.given);
    const effect = one.undefined ? `undefined: ${one.undefined}`
      : one.changes.map(([name, how]) => `${name}: ${how}`).join("   ");
    row.append(go, make("span", effect, one.undefined ? "effect news bad" : "effect"));
    row.lastChild.title = effect;
    made.append(row, ...one.news.map(([name, ending]) =>
      make("div", `${ending === "reached" ? "●" : "✗"} ${name} ${ending}`, `news ${ending === "reached" ? "good" : "bad"}`)));
    return made;
  };

  const pairs = (reads) => reads.map(([name, value]) => `${name} is ${value}`).join(", ");

  const reasons = (action) => [
    ...action.blocked.map(guardLine),
    ...action.unexplained ? [make("p", `and ${action.unexplained} more: use the filter`, "guard")] : [],
    ...action.cut.map(([bound, given, count]) =>
      make("p", `cut by the scope, ${bound}${listed(given, count)}`, "guard")),
    ...action.same.length ? [make("p", `changes nothing${listed(action.same, action.same.length)}`, "guard")] : [],
  ];

  const listed = (given, count) =>
    (given[0] === "()" ? "" : `: ${given.slice(0, 20).join(" ")}${count > 20 ? " …" : ""}`);

  const guardLine = (one) => {
    const made = make("div", undefined, "guard");
    const needs = make("code", one.guard, "needs");
    needs.title = one.place;
    made.append("needs ", needs, " ");
    if (one.reads.length) made.append(make("span", pairs(one.reads), "reads"), " ");
    if (!one.steps.length || (one.steps[0][0] === "()" && !one.steps[0][1].length)) return made;
    const lines = one.steps.map(([given, reads]) => {
      const item = make("li");
      item.append(make("code", given), " ", make("span", pairs(reads), "reads"));
      return item;
    });
    if (one.more) lines.push(make("li", `and ${one.more} more`));
    const list = make("ul");
    list.append(...lines);
    if (lines.length < 3) {
      made.append(list);
      return made;
    }
    const folded = make("details");
    folded.append(make("summary", `${one.steps.length + one.more} of them`), list);
    made.append(folded);
    return made;
  };

  const neverLine = (name, budget) => {
    const made = make("li", undefined, "action");
    const head = make("p");
    head.append(make("code", name), ` may happen 0 times in this scope: ${budget}=0`);
    made.append(head);
    return made;
  };

  return { draw, drawProperties };
};
