/**
 * `standin install` and `standin uninstall`, on roots that stand for boxes of different kinds. The
 * scripts for OpenWrt and OpenRC are also run, with the words of their service manager replaced by
 * ones that print what they were called with.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type InstallOptions, runInstall } from "../../lib/cli/install.ts";
import { serviceManagers } from "../../lib/cli/install/service.ts";
import { controlSocket, defaultRunDir } from "../../lib/cli/paths.ts";
import { isEnabled, startCommand } from "../../lib/cli/start_hint.ts";
import { runUninstall } from "../../lib/cli/uninstall.ts";
import { fencesOf } from "../support/docs/page.ts";
import { repository } from "../support/lab/program.ts";
import { test } from "../support/test.ts";

const unit = "etc/systemd/system/standin.service";
const initScript = "etc/init.d/standin";
const configuration = "etc/standin/standin.conf";

/** A box that holds only the given files, and what was said on it. */
class Box {
  readonly root: string = mkdtempSync(join(tmpdir(), "standin-service-"));
  readonly said: string[] = [];
  readonly objections: string[] = [];

  constructor(...signs: string[]) {
    for (const sign of signs) this.write(sign, "");
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  install(options: InstallOptions = {}): Promise<number> {
    return runInstall({ program: ["/usr/bin/standin"], ...this.#voices(), ...options });
  }

  uninstall(): Promise<number> {
    return runUninstall(this.#voices());
  }

  #voices(): Required<Pick<InstallOptions, "root" | "print" | "complain">> {
    return {
      root: this.root,
      print: (line) => void this.said.push(line),
      complain: (line) => void this.objections.push(line),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}

test("install asks the box which service manager is in charge", async () => {
  for (
    const [sign, path, mode, command] of [
      ["usr/lib/systemd/systemd", unit, 0o644, "systemctl enable --now standin"],
      ["etc/openwrt_release", initScript, 0o755, "/etc/init.d/standin enable"],
      ["sbin/openrc-run", initScript, 0o755, "rc-update add standin default"],
    ] as const
  ) {
    using box = new Box(sign);
    assert.equal(await box.install(), 0, box.objections.join("\n"));
    assert.match(box.read(path), /\/usr\/bin\/standin/);
    assert.equal(statSync(join(box.root, path)).mode & 0o777, mode);
    assert.ok(box.said.includes(`  ${command}`), box.said.join("\n"));
    assert.deepEqual(readdirSync(dirname(join(box.root, path))), [path.split("/").at(-1)]);
  }
});

test("install on an unknown box says which options there are, and writes nothing", async () => {
  using box = new Box();
  assert.equal(await box.install(), 1);
  assert.match(box.objections.join(" "), /--systemd, --openwrt or --openrc/);
  assert.deepEqual(readdirSync(box.root), []);
});

test("install --openrc does not ask the box", async () => {
  using box = new Box("usr/lib/systemd/systemd");
  assert.equal(await box.install({ system: "openrc" }), 0);
  assert.match(box.read(initScript), /^#!\/sbin\/openrc-run\n/);
  assert.equal(box.has(unit), false);
});

test("install --print writes nothing", async () => {
  using box = new Box();
  assert.equal(await box.install({ system: "systemd", printOnly: true }), 0);
  assert.match(box.said.join("\n"), /^ExecStart=\/usr\/bin\/standin run$/m);
  assert.deepEqual(readdirSync(box.root), []);
});

test("install leaves out what the systemd of this box does not know", async () => {
  using box = new Box();
  const kept: string[] = [];
  for (const version of [252, 254]) {
    await box.install({ system: "systemd", version });
    kept.push(box.read(unit).split("\n").filter((line) => /^Restart[SM]/.test(line)).join(" "));
  }
  const steps = "RestartSec=20ms RestartSteps=10 RestartMaxDelaySec=5s";
  assert.deepEqual(kept, ["RestartSec=20ms", steps]);
});

test("install warns of a program that may go away", async () => {
  using box = new Box();
  const searched = "/usr/local/bin:/home/me/bin";
  for (const program of ["/usr/bin/standin", "/home/me/bin/standin", "/opt/standin/standin"]) {
    await box.install({ system: "systemd", program: [program], searched });
  }
  assert.deepEqual(box.objections, []);
  await box.install({ system: "systemd", program: ["/root/dl/standin"], searched });
  assert.match(box.objections.join(), /install -m 755 \/root\/dl\/standin \/usr\/local\/bin\//);
});

test("whoever asks where nobody answers is told how the service is started", () => {
  using box = new Box(unit, "etc/systemd/system/multi-user.target.wants/standin.service");
  const socket = controlSocket(defaultRunDir);
  assert.equal(startCommand(socket, box.root), "systemctl enable --now standin");
  assert.equal(startCommand("/run/other/control.sock", box.root), "standin run");
  assert.equal(isEnabled(box.root), true);
});

test("install leaves the configuration that is there alone", async () => {
  using box = new Box("etc/openwrt_release");
  box.write(configuration, "mine");
  assert.equal(await box.install(), 0);
  assert.equal(box.read(configuration), "mine");
});

test("install puts no sample before the keepalived.conf that standin would read", async () => {
  using box = new Box("etc/openwrt_release");
  box.write("etc/keepalived/keepalived.conf", "vrrp_instance VI_1 {}");
  assert.equal(await box.install(), 0);
  assert.equal(box.has(configuration), false);
  assert.match(box.said.join("\n"), /stop keepalived/);
});

test("the sample is one comment, readable by root only", async () => {
  using box = new Box("etc/openwrt_release");
  await box.install();
  assert.match(box.read(configuration), /^(#.*\n)+$/);
  assert.equal(statSync(join(box.root, configuration)).mode & 0o777, 0o600);
});

test("install writes over its own service file, and over nobody else's", async () => {
  using box = new Box("usr/lib/systemd/systemd");
  await box.install({ program: ["/old/standin"] });
  assert.equal(await box.install(), 0);
  assert.match(box.read(unit), /^ExecStart=\/usr\/bin\/standin run$/m);
  assert.ok(box.said.some((line) => line.startsWith("Updated ")));
  box.write(unit, "[Service]\n");
  assert.equal(await box.install(), 1);
  assert.equal(box.read(unit), "[Service]\n");
  assert.match(box.objections.join(" "), /not from standin/);
});

test("uninstall takes back what install wrote, and leaves what the user wrote", async () => {
  for (const sign of ["usr/lib/systemd/systemd", "etc/openwrt_release", "sbin/openrc-run"]) {
    using box = new Box(sign);
    await box.install();
    assert.equal(await box.uninstall(), 0, box.objections.join("\n"));
    const left = readdirSync(box.root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    assert.deepEqual(left, [sign.split("/").at(-1)]);

    await box.install();
    box.write(configuration, "mine");
    box.write("usr/local/bin/standin", "");
    assert.equal(await box.uninstall(), 0);
    assert.equal(box.read(configuration), "mine");
    const said = box.said.filter((line) => line.startsWith("Left "));
    assert.match(said[0] ?? "", /standin\.conf: it is yours$/);
    assert.match(said[1] ?? "", /usr\/local\/bin\/standin: the program itself$/);
  }
});

test("install writes the manual and completions where man and the shells look", async () => {
  using box = new Box("usr/lib/systemd/systemd");
  await box.install();
  const page = box.read("usr/local/share/man/man8/standin.8");
  assert.match(page, /^\.TH STANDIN 8 /);
  assert.match(box.read("usr/local/share/bash-completion/completions/standin"), /complete -F/);
  assert.match(box.read("usr/local/share/zsh/site-functions/_standin"), /^#compdef standin\n/);
  const fish = "usr/local/share/fish/vendor_completions.d/standin.fish";
  box.write(fish, "mine");
  assert.equal(await box.install(), 0);
  assert.ok(box.said.some((line) => line.startsWith("Left ") && line.includes(fish)));
  assert.equal(await box.uninstall(), 0);
  assert.equal(box.read(fish), "mine");
  assert.equal(box.has("usr/local/share/man/man8/standin.8"), false);
  using router = new Box("etc/openwrt_release");
  await router.install();
  assert.equal(router.has("usr"), false);
});

test("install and uninstall say the same to programs", async () => {
  using box = new Box("sbin/openrc-run");
  await box.install({ json: true });
  const installed = JSON.parse(box.said.join("\n"));
  assert.equal(installed.system, "openrc");
  assert.deepEqual(installed.program, ["/usr/bin/standin"]);
  for (const { path, outcome } of installed.files) {
    assert.deepEqual([existsSync(path), outcome], [true, "wrote"]);
  }
  assert.ok(installed.next.includes("rc-update add standin default"));
  box.said.length = 0;
  await box.install({ json: true, printOnly: true });
  assert.match(JSON.parse(box.said.join("\n")).text, /^#!\/sbin\/openrc-run\n/);
  box.said.length = 0;
  await runUninstall({ root: box.root, json: true, print: (line) => void box.said.push(line) });
  const { removed, left } = JSON.parse(box.said.join("\n"));
  const paths = installed.files.map(({ path }: { path: string }) => path);
  assert.deepEqual([removed.toSorted(), left], [paths.toSorted(), []]);
});

test("uninstall leaves a service file that is not ours", async () => {
  using box = new Box();
  box.write(unit, "[Service]\n");
  assert.equal(await box.uninstall(), 0);
  assert.equal(box.read(unit), "[Service]\n");
});

test("uninstall below another root removes the links of an enabled service, too", async () => {
  using box = new Box("usr/lib/systemd/systemd");
  await box.install();
  const wants = "etc/systemd/system/multi-user.target.wants";
  mkdirSync(join(box.root, wants));
  symlinkSync("/etc/systemd/system/standin.service", join(box.root, wants, "standin.service"));
  assert.equal(await box.uninstall(), 0);
  assert.deepEqual(readdirSync(join(box.root, wants)), []);
});

const oddProgram = ["/opt/my box/it's $HOME/standin", "--", "50%"];

test("a program's path reaches the service as it is, whatever stands in it", () => {
  const shell = "procd_open_instance() { :; }\nprocd_close_instance() { :; }\nmkdir() { :; }\n" +
    'procd_set_param() { [ "$1" != command ] || { shift; printf "%s\\n" "$@"; }; }\n';
  for (
    const [kind, before, after] of [
      ["openwrt", shell, "start_service"],
      ["openrc", "", 'eval "set -- $command_args"; printf "%s\\n" "$command" "$@"'],
    ] as const
  ) {
    const script = serviceManagers.find((manager) => manager.kind === kind)?.render(oddProgram);
    const { stdout, stderr } = spawnSync("sh", ["-euc", `${before}${script}${after}`], {
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.deepEqual(stdout.trimEnd().split("\n"), [...oddProgram, "run"], kind);
  }
  const systemd = serviceManagers.find(({ kind }) => kind === "systemd")?.render(oddProgram) ?? "";
  for (const [line, verb] of [["ExecStart", "run"], ["ExecReload", "reload"]]) {
    const path = String.raw`"/opt/my box/it's $$HOME/standin"`;
    assert.ok(systemd.split("\n").includes(`${line}=${path} -- 50%% ${verb}`), systemd);
  }
});

test("a reload of the service is that of the command, which says what is wrong", () => {
  const words = "ebegin() { :; }\neend() { return $1; }\n";
  for (const [kind, after] of [["openwrt", "reload_service"], ["openrc", "reload"]]) {
    const manager = serviceManagers.find((one) => one.kind === kind);
    const script = manager?.render(["printf", "%s|", "it's $HOME"]);
    const { stdout, stderr } = spawnSync("sh", ["-euc", `${words}${script}${after}`], {
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.equal(stdout, "it's $HOME|reload|", kind);
  }
});

const analyze = "systemd-analyze";
const whyNoAnalysis = spawnSync(analyze, ["--version"]).status === 0
  ? undefined
  : `${analyze} is not installed`;

test("systemd finds nothing wrong with the unit, and the drop-ins of its page", () => {
  using box = new Box();
  const manager = serviceManagers.find(({ kind }) => kind === "systemd");
  const version = manager?.version?.();
  box.write("standin.service", manager?.render([process.execPath], version) ?? "");
  const page = readFileSync(join(repository, "docs/howto/systemd.md"), "utf8");
  const dropIns = fencesOf(page).filter(({ language }) => language === "ini");
  for (const { words: [path = ""], lines } of dropIns) {
    const text = lines.join("\n").replaceAll("/usr/local/bin/standin", process.execPath);
    box.write(`standin.service.d/${basename(path)}`, text);
  }
  assert.ok(dropIns.length > 0);
  // The manual page may not be installed here.
  const words = ["--man=no", "verify", join(box.root, "standin.service")];
  const { status, stderr } = spawnSync(analyze, words, { encoding: "utf8" });
  const said = stderr.split("\n").filter((line) => line.includes("standin.service"));
  assert.deepEqual([said, status], [[], 0]);
}, { skip: whyNoAnalysis });

test("a killed daemon's crash guard outlives it under systemd", async () => {
  using box = new Box();
  await box.install({ system: "systemd", printOnly: true });
  const lines = box.said.join("\n").split("\n");
  assert.ok(lines.includes("KillMode=process"));
  assert.ok(lines.includes("RuntimeDirectoryPreserve=yes"));
});
