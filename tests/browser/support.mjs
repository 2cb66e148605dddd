// A file server for a built site, a browser, and pages that note everything that goes wrong in them. `run.mjs` starts
// both once for all tests.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize, resolve } from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

/** The built site: the folder named on the command line. */
export const site = resolve(process.argv[2] ?? "public");

/** The built site of a folder adopted as it is: the second folder named, or where `guidepost build` puts it. */
export const adoptedSite = resolve(process.argv[3] ?? "tests/sites/adopted/public");

/**
 * Serves the site as a static host does, below a path: index documents, and 404.html for what is not there, which on
 * hosts of objects is an address with a slash too many.
 */
export async function serve(site, below = "/") {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://host").pathname));
    const isSpelled = path.startsWith(below) && !request.url.split("?")[0].includes("//");
    let file = isSpelled ? join(site, path.slice(below.length), path.endsWith("/") ? "index.html" : "") : "";
    let status = 200;
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      file = join(site, "404.html");
      status = 404;
    }
    response.writeHead(status, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    address: (path) => `http://127.0.0.1:${server.address().port}/${path}`,
    close: () => new Promise((closed) => {
      server.closeAllConnections();
      server.close(closed);
    }),
  };
}

/** The address of a page of the site opened as a file. */
export function fileAddress(path) {
  return pathToFileURL(join(site, path.endsWith("/") || path === "" ? `${path}index.html` : path)).href;
}

/** The browser, and the host of the site, from before the first test until after the last. */
export let browser;
export let host;
let adoptedHost;

/** The address of a page of the adopted site. */
export const adopted = (path) => adoptedHost.address(path);

before(async () => {
  browser = await launch();
  host = await serve(site);
  adoptedHost = await serve(adoptedSite);
});
after(async () => {
  await browser.close();
  await host.close();
  await adoptedHost.close();
});

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong with a page, or with one part of it, a line each. */
export async function violations(page, part) {
  // The policy of the page admits no inline script, so axe comes in past it.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const found = await page.evaluate((part) => {
    const options = { rules: { "target-size": { enabled: true } } };
    return part ? window.axe.run(part, options) : window.axe.run(options);
  }, part);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** The names that the browser itself tells assistive technology, of all elements of a role. */
export async function names(page, role) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  return nodes.filter((node) => !node.ignored && node.role.value === role).map((node) => node.name.value);
}

/** Opens a page of the site with the clock set to a moment, or to noon of a day. */
export async function openOn(day, path, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.clock.setFixedTime(new Date(day.includes("T") ? day : `${day}T12:00:00Z`));
  await page.goto(host.address(path));
  return { page, close: () => context.close() };
}

function launch() {
  return chromium.launch({
    executablePath: process.env.GUIDEPOST_BROWSER ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/**
 * Opens an address in a fresh context and notes what a reader should never cause: errors in the console,
 * exceptions, violations of the page's content security policy, requests that fail or leave the site.
 */
export async function open(address, options = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints = [];
  // The dead end itself is what was asked for; and a 404 page asks for its site in the folders above it.
  const isDeadEnd = (url) => url === address || /\/lost\.\w+\.js$/.test(url);
  page.on("console", (message) => {
    const { url } = message.location();
    if (message.type() === "error" && !isDeadEnd(url)) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const own = url.protocol === "file:" || url.origin === new URL(address).origin;
    if (!own && !["data:", "blob:"].includes(url.protocol)) complaints.push(`request to ${url.href}`);
  });
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400 && !isDeadEnd(response.url())) complaints.push(`${response.status()}: ${response.url()}`);
  });
  await page.exposeFunction("noteViolation", (violation) => complaints.push(`policy: ${violation}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.noteViolation(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(address, { waitUntil: "load" });
  return { page, complaints, close: () => context.close() };
}
