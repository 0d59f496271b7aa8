(() => {
  const known = JSON.parse(document.getElementById("data").textContent);
  const START = { run: known.begin, start: 0, steps: null, at: null };
  /* Where the walk stands, what the server said of it, and what was before and after. */
  let place = START;
  let shown = null;
  let wanted = "";
  let undone = [];
  let done = [];
  let queue = Promise.resolve();

  /* Asking. Requests go one after the other, so that keys may be pressed faster than answers come. */
  const post = async (path, body) => {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    }).catch(() => { throw new Error("The server is gone: start splitbrain explore again."); });
    if (!answer.ok) throw new Error((await answer.text()).trim());
    return answer;
  };

  const say = (text) => {
    find("notice").textContent = text;
    find("notice").hidden = !text;
  };

  const inTurn = (act) => {
    document.body.classList.add("busy");
    const turn = queue.then(act).catch((error) => say(error.message)).then(() => {
      if (queue === turn) document.body.classList.remove("busy");
    });
    queue = turn;
    return turn;
  };

  const show = async (next) => {
    const answer = await post("/view", { ...next, wanted });
    shown = await answer.json();
    place = { run: next.run, start: shown.start, steps: shown.steps, at: shown.at };
    drawn.draw(shown, runOf(place.run));
    history.replaceState(null, "", `${location.pathname}#walk=${encoded()}`);
    say(shown.halt ? `The walk stops at step ${shown.steps.length + 1}, ${shown.halt[0]}: ${shown.halt[1]}` : "");
  };

  const remember = () => {
    find("undo").disabled = !done.length;
    find("redo").disabled = !undone.length;
  };

  /* A change of the walk can be undone; moving along it need not be. */
  const change = (next) => inTurn(async () => {
    const before = place;
    const after = next();
    if (!after) return;
    await show(after);
    find("next").scrollTop = 0;
    done.push(before);
    undone = [];
    remember();
  });

  const move = (to) => inTurn(async () => {
    const at = Math.max(0, Math.min(place.steps.length, to(place.at)));
    if (at === place.at) return;
    await show({ ...place, at });
    find("next").scrollTop = 0;
  });

  const restore = (from, to) => inTurn(async () => {
    if (!from().length) return;
    const before = place;
    await show(from()[from().length - 1]);
    from().pop();
    to().push(before);
    remember();
  });

  const take = (choose) => change(() => {
    const step = choose();
    return step && { ...place, steps: [...place.steps.slice(0, place.at), step], at: null };
  });
  const restart = () => change(() => ({ ...place, steps: [], at: 0 }));
  const jump = (run) => change(() => ({ ...START, run }));
  const changeRun = (run) => change(() => ({ ...place, run, at: null }));
  const beginAt = (start) => change(() => ({ run: place.run, start, steps: [], at: 0 }));
  const undo = () => restore(() => done, () => undone);
  const redo = () => restore(() => undone, () => done);

  /* Any action alike, then any of its steps alike. */
  const anyStep = () => take(() => {
    const any = (items) => items[Math.floor(Math.random() * items.length)];
    return any(any(shown.actions.filter((action) => action.open.length))?.open ?? [])?.step;
  });

  const nthStep = (number) => take(() => shown.actions.flatMap((action) => action.open)[number - 1]?.step);

  const drawn = drawing({ runs: known.runs, take, move, changeRun });

  /* The walk as an address: all that is needed to take it again, and to say where it is from. */
  const runOf = (name) => known.runs.find((one) => one.run === name);

  const encoded = () => {
    const { spec, settings, scope } = runOf(place.run);
    const bytes = new TextEncoder().encode(JSON.stringify({ spec, settings, scope, ...place }));
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };

  const decoded = (text) => {
    const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(letters, (letter) => letter.charCodeAt(0))));
  };

  const read = (fragment) => {
    const found = /#walk=([\w-]+)$/.exec(fragment);
    if (!found) throw new Error("This address holds no walk.");
    let walk;
    try { walk = decoded(found[1]); } catch { throw new Error("This address holds no walk: it is damaged."); }
    const { run, start, steps, at } = walk ?? {};
    const here = runOf(run);
    if (!here) throw new Error("This address holds no walk that can be taken here.");
    if (walk.spec !== here.spec) throw new Error(`This is a walk of ${walk.spec}, and not of ${here.spec}.`);
    const same = ["settings", "scope"].every((one) => words(walk[one]) === words(here[one]));
    const other = same ? "" : "This walk was made with other settings or another scope: "
      + `${words(walk.settings)} ${words(walk.scope)}`;
    return { next: { run, start, steps, at }, other };
  };

  const showWalk = async (fragment) => {
    const { next, other } = read(fragment);
    await show(next);
    if (other) say([other, find("notice").textContent].filter(Boolean).join("\n"));
  };

  const open = (fragment) => inTurn(async () => {
    const before = place;
    await showWalk(fragment);
    done.push(before);
    undone = [];
    remember();
  });

  /* What cannot be shown is said, and the walk begins at the start. */
  const begin = () => inTurn(async () => {
    try {
      await (location.hash ? showWalk(location.hash) : show(START));
    } catch (error) {
      await show({ ...START, steps: [] });
      say(error.message);
    }
  });

  /* Files. */
  const keep = (path, named) => inTurn(async () => {
    const answer = await post(path, { ...place, wanted: "" });
    const link = make("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = named(runOf(place.run).spec.replace(/^.*[\\/]|\.py/g, "").replace(/\W+/g, "_"));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  /* What the user does. */
  const keys = {
    ArrowLeft: () => move((at) => at - 1), ArrowUp: () => move((at) => at - 1), k: () => move((at) => at - 1),
    ArrowRight: () => move((at) => at + 1), ArrowDown: () => move((at) => at + 1), j: () => move((at) => at + 1),
    Home: () => move(() => 0), End: () => move(() => Infinity),
    u: undo, r: redo, x: anyStep, "/": () => find("wanted").focus(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || find("sharing").open) return;
    if (event.target.closest("input, select")) {
      if (event.key === "Escape") event.target.blur();
      if (event.key === "Enter" && event.target === find("wanted")) nthStep(1);
      return;
    }
    const act = keys[event.key] ?? (/^[1-9]$/.test(event.key) ? () => nthStep(Number(event.key)) : null);
    if (!act) return;
    event.preventDefault();
    act();
  });

  const clicks = {
    first: () => move(() => 0), back: () => move((at) => at - 1),
    forward: () => move((at) => at + 1), end: () => move(() => Infinity),
    undo, redo, restart, random: anyStep, trace: () => keep("/trace", (spec) => `${spec}_walk.json`),
    test: () => keep("/test", (spec) => `test_${spec}_walk.py`),
  };
  for (const [id, act] of Object.entries(clicks)) find(id).addEventListener("click", act);

  find("picture").addEventListener("click", (event) => {
    const diagram = find("diagram");
    const box = diagram.getBoundingClientRect();
    const y = (event.clientY - box.top) * diagram.viewBox.baseVal.height / box.height;
    const tops = [...diagram.querySelectorAll(".row rect")].map((one) => one.y.baseVal.value);
    move(() => tops.filter((top) => top <= y).length - 1);
  });

  find("wanted").addEventListener("input", () => inTurn(async () => {
    wanted = find("wanted").value;
    await show(place);
  }));
  find("promises").addEventListener("toggle", () => shown && drawn.drawProperties());

  for (const one of known.runs.filter((run) => run.entry && !run.mended)) {
    const option = make("option", one.title);
    option.value = one.run;
    find("museum").append(option);
  }
  find("jump").hidden = find("museum").options.length === 1;
  find("museum").addEventListener("change", () => jump(find("museum").value));

  find("start").addEventListener("change", () => beginAt(Number(find("start").value)));

  find("share").addEventListener("click", () => {
    find("address").value = location.href;
    find("command").textContent = runOf(place.run).command;
    find("pasted").value = "";
    find("sharing").showModal();
    find("address").select();
  });
  find("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    find("copy").textContent = "Copied";
  });
  find("open-walk").addEventListener("submit", () => open(find("pasted").value));
  window.addEventListener("hashchange", () => open(location.hash));

  remember();
  begin();
})();
