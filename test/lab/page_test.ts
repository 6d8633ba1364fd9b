/**
 * The page in a real browser, through a failover and through the loss of its daemon. Pictures of it
 * stay in dist/test.
 */
import assert from "node:assert/strict";
import { objector } from "../support/openapi.ts";
import { poll } from "../support/lab/bell.ts";
import { Watched, whyNoBrowser } from "../support/lab/browser.ts";
import type { Lab } from "../support/lab/lab.ts";
import { logEntry, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, type RouterPlan } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { fetchInside } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const skip = whyNoLab() ?? whyNoBrowser();
const stories = new Stories(1);

const place = "http://127.0.0.1:9568";
/** A name that would be a picture if anything of it became markup. */
const mean = "<img/src=x/onerror=alert(1)>";
const plan: RouterPlan = {
  protocol: overIpv4,
  priority: 100,
  roots: [
    "@standin status_listen 127.0.0.1:9568",
    `vrrp_script ${mean} {\n  script /bin/true\n  interval 60\n  weight 10\n}`,
    "virtual_server 10.77.0.100 80 {\n  protocol TCP\n  lvs_method NAT\n  lvs_sched rr\n" +
    "  real_server 10.77.0.1 9 {\n    TCP_CHECK {\n    }\n  }\n}",
  ],
  lines: [`track_script {\n${mean}\n}`],
};

/** When the router became master by its log, in milliseconds since 1970. */
async function toldAt(lab: Lab, { program }: Router): Promise<number> {
  const told = await lab.bell.until("the log tells of it", () => {
    return program.lines.map(logEntry).findLast(({ to }) => to === "MASTER");
  });
  return Date.parse(String(told["time"]));
}

stories.tell("a browser shows a failover, and says when it lost the daemon", async (lab) => {
  const { a, b } = await lab.pair();
  const router = new Router(lab, b, standin, plan);
  const other = new Router(lab, a, standin, { protocol: overIpv4, priority: 200 });
  await other.start();
  await other.untilItRules();
  await router.start();
  await using watched = await Watched.open(b);
  const { page, complaints, hosts } = watched;
  await page.goto(`${place}/`);
  const article = page.locator("#routers article");
  await article.getByText("master is 10.77.0.1, priority 200").waitFor();
  await article.getByText(`script ${mean}`).waitFor();
  assert.equal(await page.locator("img").count(), 0, "names are no markup");

  // Without a mouse: the skip link first, then what can be opened.
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate("document.activeElement.className"), "skip");
  for (const key of ["Enter", "Tab", "Enter"]) await page.keyboard.press(key);
  await article.getByText("VRRPv3, VRID 51, an advert every 200 ms").waitFor();

  await page.evaluate(`new MutationObserver(() => {
    const mark = document.querySelector("#routers article .mark");
    if (mark.textContent === "MASTER") window.shownAt ??= Date.now();
  }).observe(document.body, { subtree: true, childList: true, characterData: true });`);
  await other.crash();
  await poll("the title", () => page.title(), (title) => title.includes("1 of 1 master"));
  await article.locator(".head").getByText("MASTER").waitFor();
  await page.locator("#events").getByText("BACKUP → MASTER").first().waitFor();
  const told = await toldAt(lab, router);
  const shownAt = Number(await page.evaluate("window.shownAt"));
  console.log(`page: it shows a failover ${shownAt - told} ms later`);
  assert.match(await page.locator("#announced").innerText(), /VI_1: BACKUP → MASTER/);
  assert.equal(await page.evaluate("document.activeElement.tagName"), "SUMMARY", "it keeps focus");
  assert.equal(await article.locator("details[open]").count(), 1, "what was opened stays open");

  const objections: string[] = [];
  for (
    const [name, look] of [
      ["light", { colorScheme: "light", width: 1000 }],
      ["dark", { colorScheme: "dark", width: 1000 }],
      ["narrow", { colorScheme: "light", width: 300 }],
    ] as const
  ) {
    objections.push(...await watched.look(look));
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), look.width, name);
    await watched.picture(`page-${name}`);
  }
  assert.deepEqual(objections, []);
  assert.deepEqual([complaints, [...hosts]], [[], ["127.0.0.1:9568"]]);

  const ask = async (path: string) => JSON.parse((await fetchInside(b, `${place}${path}`)).body);
  const object = objector(await ask("/openapi.json"));
  const [whole, part] = [await ask("/status"), await ask("/virtual-servers")];
  assert.deepEqual(object({ path: "/status", status: 200, body: whole }), []);
  assert.deepEqual(object({ path: "/virtual-servers", status: 200, body: part }), []);

  await router.crash();
  const link = page.getByRole("status");
  await link.getByText("Lost the daemon at").waitFor();
  assert.match(await page.title(), /^Lost: /);
  await watched.picture("page-lost");
  await router.start();
  await link.getByText("Connected").waitFor();
  // What was before the crash is there again, and so is the time in which no daemon ran.
  await article.getByRole("img", { name: /master .*no daemon ran/ }).waitFor();
  await page.locator("#events").getByText("crashed or was killed").waitFor();
  await page.locator("#events").getByText("BACKUP → MASTER").first().waitFor();
  assert.deepEqual(object({ path: "/timeline", status: 200, body: await ask("/timeline") }), []);
}, skip === undefined ? {} : { skip });
