/**
 * Debian's Chromium inside a node of a lab, steered over its debugging pipe: what a page says, what
 * it asks for, what it complains about, how it looks, and what axe has to say about it.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Node } from "./lab.ts";
import { repository } from "./program.ts";

const chromiumPath = "/usr/bin/chromium";
const require = createRequire(import.meta.url);

/** Why nothing can be looked at here; `undefined` when it can. */
export function whyNoBrowser(): string | undefined {
  return existsSync(chromiumPath) ? undefined : "needs chromium";
}

/** A way to look at a page. */
export interface Look {
  readonly colorScheme: "light" | "dark";
  readonly width: number;
}

/** A page that somebody looks at. */
export class Watched implements AsyncDisposable {
  readonly page: Page;
  /** What it complained about on the console, and errors of its script. */
  readonly complaints: string[] = [];
  /** The hosts that it asked. */
  readonly hosts: Set<string> = new Set();
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("request", (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== "data:") this.hosts.add(host);
    });
  }

  /** Opens a browser in a node. */
  static async open({ namespace, directory }: Node): Promise<Watched> {
    const command = join(directory, "chromium");
    writeFileSync(command, `#!/bin/sh\nexec ${namespace.inside.join(" ")} ${chromiumPath} "$@"\n`);
    chmodSync(command, 0o755);
    // It takes a second to load, and most stories have no use for it.
    const { chromium } = await import("playwright-core");
    const browser = await chromium.launch({ executablePath: command });
    return new Watched(browser, await browser.newPage());
  }

  /** Looks in another way, and answers what axe finds wrong with it. */
  async look({ colorScheme, width }: Look): Promise<string[]> {
    await this.page.emulateMedia({ colorScheme });
    await this.page.setViewportSize({ width, height: 800 });
    // The page forbids itself scripts from elsewhere; what the debugger says is not from elsewhere.
    await this.page.evaluate(`${readFileSync(require.resolve("axe-core/axe.min.js"), "utf8")};0`);
    const violations: readonly Violation[] = await this.page.evaluate(
      "axe.run().then(({ violations }) => violations)",
    );
    return violations.map(({ id, help, nodes }) => {
      return `${colorScheme} ${width}: ${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`;
    });
  }

  /** Keeps a picture of the whole page with the outputs of the run. */
  async picture(name: string): Promise<void> {
    const folder = join(repository, "dist/test");
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  /** Ends the browser. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}
