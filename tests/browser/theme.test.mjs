// What the theme's scripts add to a page: parameters, copying, checklists, dates worked out when the page is read, and
// ways on from addresses where nothing is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { adoptedSite, host, names, open, openOn, serve } from "./support.mjs";

const RUNBOOK = "agents/contentgen/";

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

const plusDays = (iso, days) => new Date(Date.parse(iso) + days * 864e5).toISOString().slice(0, 10);

test("a value from the address fills every command, and says where it came from", async () => {
  const { page, close } = await open(host.address(`${RUNBOOK}?REGION=eu-west-3`));
  assert.equal(await page.inputValue("[name=region]"), "eu-west-3");
  assert.equal(await page.locator("label:has([name=region]) [data-from]").textContent(), "link");
  const filled = await page.locator("pre var[data-p=region]").allTextContents();
  assert.ok(filled.length > 1 && filled.every((text) => text === "eu-west-3"), filled.join());
  await close();
});

test("a value from the address that does not fit waits until it is accepted", async () => {
  const { page, close } = await open(host.address(`${RUNBOOK}?content_id=${encodeURIComponent("x; rm -rf /")}`));
  const field = page.locator("[name=content-id]");
  assert.equal(await field.inputValue(), "");
  assert.equal(await page.locator(".proposed code").textContent(), "x; rm -rf /");
  await page.locator(".proposed button", { hasText: "Accept" }).click();
  const filled = await page.locator("pre var[data-p=content-id][data-q=bare]").allTextContents();
  assert.ok(filled.every((text) => text === "'x; rm -rf /'"), `quoted for the shell: ${filled.join()}`);
  await close();
});

test("the first press of Copy goes to the empty field, the second copies as it is", async () => {
  const { page, close } = await open(host.address(RUNBOOK), clipboard);
  const block = page.locator("figure.code:has(var.unfilled)").first();
  const name = await block.locator("var.unfilled").first().getAttribute("data-p");
  const button = block.locator("[data-copy]");
  await button.click();
  assert.equal(await page.evaluate(() => document.activeElement.name), name);
  await page.keyboard.press("Enter");
  assert.ok(await button.evaluate((node) => node === document.activeElement), "Enter leads back to the button");
  await button.click();
  await page.waitForFunction((node) => /still empty/.test(node.textContent), await button.elementHandle());
  assert.match(await copied(page), new RegExp(`<${name}>`));
  await close();
});

test("each command of a block is copied alone, with its continuation lines", async () => {
  const { page, close } = await open(host.address(RUNBOOK), clipboard);
  const block = page.locator("pre.several").filter({ hasNot: page.locator(".unfilled") }).first();
  await block.locator(".copy-one").first().click();
  await page.waitForFunction(() => document.querySelector(".copy-one.done"));
  const expected = await block.locator(".cmd").first().evaluate((node) => {
    node.querySelectorAll(".prompt").forEach((prompt) => prompt.remove());
    return node.textContent.trim();
  });
  assert.equal(await copied(page), expected);
  await close();
});

test("a button that copies says of which command", async () => {
  const { page, close } = await open(host.address(RUNBOOK));
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const copies = nodes.filter((node) => node.role.value === "button" && node.name.value === "Copy");
  assert.ok(copies.some((node) => node.description.value === "Read-only Which version is live?"));
  await close();
});

test("ticks outlive a reload, and the log holds them with their time", async () => {
  const { page, close } = await open(host.address(RUNBOOK), clipboard);
  const list = page.locator(".checks").first();
  await list.locator("input").first().check();
  await page.reload();
  assert.match(await list.locator("output").textContent(), /^1 of \d+ done$/);
  await list.locator("[data-log]").click();
  await page.waitForFunction(() => /Copied/.test(document.querySelector("[data-log]").textContent));
  assert.match(await copied(page), /^## .*\n\nhttp.*\n\n- \[x\] .* \(\d{4}-\d\d-\d\d \d\d:\d\d UTC\)\n- \[ \] /);
  await list.locator("[data-reset]").click();
  assert.match(await list.locator("output").textContent(), /^0 of/);
  await close();
});

test("a page turns overdue on the day after its due day, though nobody builds the site again", async () => {
  const { page: reader, close: leave } = await open(host.address(RUNBOOK));
  const due = await reader.locator("html").getAttribute("data-due");
  await leave();
  const onTime = await openOn(due, RUNBOOK);
  assert.ok(!(await onTime.page.locator(".stale").isVisible()));
  assert.match(await onTime.page.locator("[data-fresh]").textContent(), /review due today/);
  await onTime.close();
  const late = await openOn(plusDays(due, 1), RUNBOOK);
  assert.ok(await late.page.locator(".stale").isVisible());
  assert.match(await late.page.locator("[data-fresh]").textContent(), /^Overdue by 1 day,/);
  const marked = late.page.locator(".side").getByRole("link", { name: /Overdue$/ }).and(late.page.locator("[aria-current]"));
  assert.equal(await marked.count(), 1, "the mark has a name");
  assert.ok((await names(late.page, "link")).includes("ContentGen Overdue"), "which the browser tells");
  await late.close();
});

test("a page that was reviewed on the day on which it is read says so", async () => {
  const { page: reader, close: leave } = await open(host.address(RUNBOOK));
  const reviewed = await reader.locator("[data-fresh]").getAttribute("data-reviewed");
  await leave();
  const { page, close } = await openOn(reviewed, RUNBOOK);
  assert.match(await page.locator("[data-fresh]").textContent(), /^Reviewed today, next review in/);
  await close();
});

test("an alert's address leads to its section and keeps query and fragment", async () => {
  const { page, close } = await open(host.address("alerts/ContentGenErrorsAlarm/?region=eu-west-3"));
  await page.waitForURL(/agents\/contentgen\/\?region=eu-west-3#/);
  assert.equal(await page.inputValue("[name=region]"), "eu-west-3");
  await close();
});

test("an alert's name in the wrong case still leads to its section", async () => {
  const { page, close } = await open(host.address("alerts/contentgenerrorsalarm/?region=eu-west-3"));
  await page.waitForURL(/agents\/contentgen\/\?region=eu-west-3#/);
  await close();
});

test("the words of an unknown address stand in the search field", async () => {
  const { page, close } = await open(host.address("alerts/No-Such_Alarm/"));
  await page.waitForFunction(() => document.querySelector("[data-asked-words]").value);
  assert.equal(await page.inputValue("[data-asked-words]"), "No Such Alarm");
  await close();
});

test("below a path of a host the 404 page finds the site though nobody said where it is", async () => {
  const below = await serve(adoptedSite, "/teams/ops/");
  for (const lost of ["alerts/KubeApiErorBudgetBurn/", "KubeApiErorBudgetBurn"]) {
    const { page, close } = await open(below.address(`teams/ops/${lost}`));
    await page.locator("[data-near-list] a", { hasText: "KubeAPIErrorBudgetBurn" }).click();
    await page.waitForURL(below.address("teams/ops/general/KubeAPIErrorBudgetBurn/**"));
    await close();
  }
  await below.close();
});

test("the alert index is filtered by words and by severity", async () => {
  const { page, close } = await open(host.address("alerts/?q=contentgen"));
  const shown = page.locator("tr[data-row]:visible");
  const found = await shown.count();
  assert.ok(found > 0 && found < (await page.locator("tr[data-row]").count()));
  await page.locator(".chip", { hasText: "P1" }).click();
  assert.ok((await shown.count()) < found);
  await close();
});

test("the theme chosen is kept, and is there before the next page is drawn", async () => {
  const { page, close } = await open(host.address(RUNBOOK), { colorScheme: "dark" });
  await page.locator("[data-theme-next]").click();
  await page.goto(host.address("agents/"));
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light");
  await close();
});

test("a theme chosen in one tab shows in all", async () => {
  const { page, close } = await open(host.address(RUNBOOK), { colorScheme: "dark" });
  const other = await page.context().newPage();
  await other.goto(host.address("agents/"));
  await page.locator("[data-theme-next]").click();
  await other.waitForFunction(() => document.documentElement.dataset.theme === "light");
  assert.ok((await names(other, "button")).includes("Color theme: light"));
  await close();
});

test("without https there is no clipboard to ask, and the command is copied all the same", async () => {
  const { page, close } = await open(host.address(RUNBOOK), clipboard);
  await page.addInitScript(() => { Object.defineProperty(navigator, "clipboard", { value: undefined }); });
  await page.reload();
  const block = page.locator("figure.code:has([data-copy])").filter({ hasNot: page.locator(".unfilled") }).first();
  await block.locator("[data-copy]").click();
  await page.waitForFunction((node) => node.textContent === "Copied", await block.locator("[data-copy]").elementHandle());
  await page.keyboard.press("/");
  await page.locator("dialog [role=combobox]").waitFor();
  await page.keyboard.press("Control+V");
  const command = await block.locator("pre").evaluate((node) => node.textContent.trim().slice(0, 20));
  assert.ok((await page.inputValue("dialog [role=combobox]")).startsWith(command));
  await close();
});

test("a pattern that is none leaves its value to be accepted, and the rest of the page to work", async () => {
  const { page, complaints, close } = await open(host.address(RUNBOOK));
  await page.route("**/*content_id=*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/data-pattern="[^"]*"/g, 'data-pattern="["') });
  });
  await page.goto(host.address(`${RUNBOOK}?content_id=abc`));
  assert.equal(await page.locator(".proposed code").textContent(), "abc");
  assert.ok(await page.locator(".checks input").first().isEnabled());
  assert.deepEqual(complaints.filter((complaint) => complaint.startsWith("exception")), []);
  await close();
});

test("a phone shows the most urgent alerts and who is on call right below the field", async () => {
  const { page, close } = await open(host.address(""), { viewport: { width: 390, height: 844 } });
  for (const place of [".urgent a", ".call a"]) {
    const box = await page.locator(place).first().boundingBox();
    assert.ok(box && box.y + box.height < 844, `${place} is on the first screen`);
  }
  assert.ok(await page.locator(".early .graph").isVisible(), "the pipeline is there, below the lists");
  await close();
});

test("on paper what says that a page is overdue stands in one box", async () => {
  const { page, close } = await openOn("2026-12-30", "agents/afflink/", { viewport: { width: 700, height: 900 } });
  await page.emulateMedia({ media: "print" });
  const [above, below] = await Promise.all([".stale", ".stale-more"].map((part) => page.locator(part).boundingBox()));
  assert.deepEqual([above.x, above.width], [below.x, below.width]);
  await close();
});

test("on small paper the conditions of alerts keep a column", async () => {
  const { page, close } = await open(host.address(RUNBOOK), { viewport: { width: 446, height: 630 } });
  await page.emulateMedia({ media: "print" });
  const width = await page.locator(".alarms .muted").first().evaluate((node) => node.getBoundingClientRect().width);
  assert.ok(width > 100, `${width} pixels wide`);
  await close();
});

test("at twice the text size no page is wider than its window", async () => {
  for (const path of ["", RUNBOOK, "agents/afflink/", "policies/monitoring-and-alerting/", "owners/content-team/", "alerts/", "freshness/"]) {
    const { page, close } = await open(host.address(path), { viewport: { width: 320, height: 700 } });
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    for (const width of [320, 390, 640, 1440]) {
      await page.setViewportSize({ width, height: 700 });
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
      assert.ok(wide <= width + 1, `${path || "home"}: ${wide} of ${width} pixels`);
    }
    await close();
  }
});

test("the name of the site is read whole on a phone, at twice the text size too", async () => {
  for (const width of [320, 390, 640]) {
    const { page, close } = await open(host.address("alerts/"), { viewport: { width, height: 700 } });
    for (const size of ["", "200%"]) {
      const cut = await page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
        const name = document.querySelector(".brand .post");
        name.textContent = "Prometheus runbooks";
        const { bottom } = document.querySelector(".topbar").getBoundingClientRect();
        return [name.scrollWidth - name.clientWidth, name.scrollHeight - name.clientHeight > 4, name.getBoundingClientRect().bottom > bottom];
      }, size);
      assert.deepEqual(cut, [0, false, false], `${width} ${size}`);
    }
    await close();
  }
});

test("a word as long as a line of a phone does not widen the contents of a printed document", async () => {
  const { page, close } = await open(host.address("print/"), { viewport: { width: 320, height: 700 } });
  const wide = await page.evaluate(() => {
    document.documentElement.style.fontSize = "200%";
    document.querySelector(".contents a").textContent = "Troubleshooting;";
    return document.scrollingElement.scrollWidth;
  });
  assert.equal(wide, 320);
  await close();
});

test("slashes too many in an address lead to the page without them", async () => {
  const { page, close } = await open(host.address("alerts//?q=a"));
  await page.waitForURL(/[^/]\/alerts\/\?q=a$/);
  await close();
});

test("at twice the text size the dock, the banner and titles of a phone are read whole", async () => {
  const { page, close } = await open(host.address("agents/afflink/"), { viewport: { width: 390, height: 844 } });
  const cut = await page.evaluate(() => {
    document.documentElement.style.fontSize = "200%";
    const inked = (node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return range.getBoundingClientRect();
    };
    const labels = [...document.querySelectorAll(".dock > *")].map((node) => [inked(node), node.getBoundingClientRect()]);
    const beyond = labels.filter(([text, box]) => text.left < box.left || text.right > box.right).length;
    const late = document.querySelector(".stale b");
    return [labels.length, beyond, late.scrollWidth - late.clientWidth];
  });
  assert.deepEqual(cut.slice(1), [0, 0], `${cut}`);
  assert.ok(cut[0] > 2);
  await close();
});

test("on paper each step has a box to tick, and an address that is shown is not written twice", async () => {
  const { page, close } = await open(host.address(RUNBOOK));
  await page.emulateMedia({ media: "print" });
  const boxes = await page.locator(".steps > li").evaluateAll((steps) => steps.map((step) => {
    const box = getComputedStyle(step, "::after");
    return [parseFloat(box.width) > 8, parseFloat(box.height) > 8, parseFloat(box.borderTopWidth) > 0].join();
  }));
  assert.ok(boxes.length > 4 && boxes.every((box) => box === "true,true,true"), boxes.join(" "));
  const written = await page.evaluate(() => ["", "bare"].map((name) => {
    const link = Object.assign(document.createElement("a"), { href: "https://x.example/", className: name });
    document.querySelector(".prose p").append(link);
    return getComputedStyle(link, "::after").content;
  }));
  assert.match(written[0], /https:\/\/x\.example\//);
  assert.equal(written[1], "none");
  await close();
});

test("in forced colors the buttons beside commands can be seen", async () => {
  const { page, close } = await open(host.address("handbook/alerts/"), { forcedColors: "active" });
  const [icon, ground] = await page.locator(".copy-one").first().evaluate((node) => [getComputedStyle(node, "::before").backgroundColor, getComputedStyle(document.body).backgroundColor]);
  assert.notEqual(icon, ground);
  await close();
});

test("columns are named by their words, not by the arrow that sorts them", async () => {
  const { page, close } = await open(host.address("freshness/"));
  assert.ok((await names(page, "button")).includes("Due"));
  await close();
});

test("a wrong step is reported with the page and the section that the reader is in", async () => {
  const { page, close } = await open(host.address(RUNBOOK));
  const link = page.locator("[data-wrong]");
  const heading = page.locator(".prose h3[id]").nth(2);
  const title = await heading.evaluate((node) => { node.scrollIntoView(); const copy = node.cloneNode(true); copy.querySelector(".anchor").remove(); return copy.textContent.trim().replace(/\s+/g, " "); });
  await link.evaluate((node) => { node.addEventListener("click", (event) => event.preventDefault()); node.click(); node.click(); });
  const body = new URL(await link.getAttribute("href")).searchParams.get("body");
  assert.equal(body, `Page: content/agents/contentgen.md\nSection: ${title}\nWhat happened: \n`);
  await close();
});

for (const width of [1280, 390]) {
  test(`a title that is one long name stays within its column, ${width} pixels wide`, async () => {
    const { page, close } = await open(host.address(RUNBOOK), { viewport: { width, height: 800 } });
    const beyond = await page.locator("main h1").evaluate((title) => {
      title.textContent = "etcdHighNumberOfFailedGRPCRequestsAcrossAllMembersOfTheCluster";
      const text = document.createRange();
      text.selectNodeContents(title);
      return text.getBoundingClientRect().right - title.closest("article, main").getBoundingClientRect().right;
    });
    assert.ok(beyond <= 0, `${beyond} pixels beyond it`);
    await close();
  });
}

for (const [width, height] of [[1440, 900], [1280, 720]]) {
  test(`below the banner of an overdue page its map still has two fifths of ${height} pixels`, async () => {
    const { page, close } = await open(host.address("agents/afflink/"), { viewport: { width, height } });
    assert.ok(await page.locator("html.is-overdue .rail .help").isVisible());
    const shown = (await page.locator(".toc").boundingBox()).height;
    assert.ok(shown >= height * 0.4, `${shown} of ${height}`);
    const field = await page.locator("form.params input").first().boundingBox();
    assert.ok(field.y + field.height < height, `a value is typed at ${field.y}`);
    await close();
  });
}

test("a phone shows the days around today of the plot of reviews", async () => {
  const { page, close } = await open(host.address("freshness/"), { viewport: { width: 390, height: 800 } });
  const shown = await page.evaluate(() => {
    const strip = document.querySelector(".strip").getBoundingClientRect();
    const today = document.querySelector("[data-now]").getBoundingClientRect();
    return [today.left - strip.left, strip.right - today.right];
  });
  assert.ok(shown.every((margin) => margin > 0), `${shown}`);
  await close();
});
