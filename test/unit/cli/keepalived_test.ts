/** What keepalived's options mean for the daemon. */
import assert from "node:assert/strict";
import { readOptions } from "../../../lib/cli/getopt.ts";
import { renderLines } from "../../../lib/cli/keepalived_check.ts";
import { type DaemonAnswer, daemonOptions, gather } from "../../../lib/cli/keepalived_daemon.ts";
import { keepalivedHelp, keepalivedOptions } from "../../../lib/cli/keepalived_options.ts";
import type { Diagnostic } from "../../../lib/config/mod.ts";
import type { DaemonOptions } from "../../../lib/host/port.ts";
import { test } from "../../support/test.ts";

function answer(calledAs: string, args: readonly string[]): DaemonAnswer {
  const options = readOptions(keepalivedOptions, args);
  assert.ok(options.kind === "options", args.join(" "));
  return daemonOptions(gather(options), calledAs);
}

function daemon(...args: readonly string[]): DaemonOptions {
  const { kind, ...rest } = answer("standin", args);
  assert.ok(kind === "daemon" && "options" in rest, args.join(" "));
  return rest.options;
}

test("the usual bundle runs in the foreground and logs to standard error", () => {
  const options = daemon("-nlD", "-f", "/etc/a.conf");
  assert.equal(options.background, false);
  assert.equal(options.logTo, "stderr");
  assert.equal(options.logLevel, "info");
  assert.equal(options.configFile, "/etc/a.conf");
  assert.equal(options.configExplicit, true);
});

test("without -n it goes to the background and logs where -l and -G say", () => {
  assert.equal(daemon("-D").background, true);
  assert.equal(daemon("-D").logTo, "syslog");
  assert.equal(daemon("-l").logTo, "both");
  assert.equal(daemon("-lG").logTo, "stderr");
  assert.equal(daemon("-G").logTo, "none");
  assert.equal(daemon("-n").logTo, "stderr");
});

test("-DD logs everything", () => {
  assert.equal(daemon("-DD").logLevel, "debug");
  assert.equal(daemon("-D", "-n", "-D").logLevel, "debug");
});

test("-P, -C and -B choose what runs", () => {
  assert.deepEqual(daemon("-n").subsystems, ["vrrp", "check", "bfd"]);
  assert.deepEqual(daemon("-P").subsystems, ["vrrp", "bfd"]);
  assert.deepEqual(daemon("-C").subsystems, ["check", "bfd"]);
  assert.deepEqual(daemon("-PCB").subsystems, ["vrrp", "check"]);
});

test("-e asks for every file that is included", () => {
  assert.equal(daemon("-e").allConfig, true);
  assert.equal(daemon("-n").allConfig, undefined);
});

test("pid files are written where they are asked for", () => {
  assert.deepEqual(
    daemon("-p", "/run/a", "-r", "/run/b", "-c/run/c", "-b", "/run/d").extraPidFiles,
    [
      "/run/a",
      "/run/b",
      "/run/c",
      "/run/d",
    ],
  );
});

test("only a program called keepalived writes keepalived's own pid file", () => {
  assert.deepEqual(daemon("-n").extraPidFiles, []);
  const called = answer("keepalived", ["-n"]);
  assert.ok(called.kind === "daemon");
  assert.equal(called.options.usualPidFile, "/run/keepalived.pid");
  const named = answer("keepalived", ["-n", "-p", "/run/a"]);
  assert.ok(named.kind === "daemon");
  assert.deepEqual(named.options.extraPidFiles, ["/run/a"]);
});

test("what is left behind at the end is chosen by -V and -I; -X changes nothing", () => {
  const options = daemon("-XVI");
  assert.ok(options.dontReleaseVrrp && options.dontReleaseIpvs);
});

test("-d asks for the configuration in the log, -a for a line for each address", () => {
  assert.equal(daemon("-nd").logsConfig, true);
  assert.equal(daemon("-n").logsConfig, undefined);
  assert.equal(daemon("-na").reportsAddresses, true);
  assert.equal(daemon("-n").reportsAddresses, undefined);
});

test("facilities and masks are read as keepalived reads them", () => {
  assert.equal(daemon("-S", "3").syslogFacility, "local3");
  assert.equal(daemon("-S", "local7").syslogFacility, "local7");
  assert.equal(daemon("-S", "user").syslogFacility, "user");
  assert.equal(daemon("-u", "022").umask, 0o022);
  assert.equal(daemon("-u", "0x12").umask, 0x12);
  assert.equal(daemon("-u", "0").umask, 0);
});

test("wrong values are mistakes, not guesses", () => {
  for (
    const args of [["-S", "9"], ["-S", "mail"], ["-u", "089"], ["-u", "-1"], ["--log-format=x"]]
  ) {
    assert.equal(answer("standin", args).kind, "mistake", args.join(" "));
  }
});

test("the help names every option once and fits a terminal", () => {
  const help = keepalivedHelp();
  for (const { name, letter, standing } of keepalivedOptions) {
    const shown = letter === undefined ? `--${name}` : `-${letter}`;
    assert.equal(
      new RegExp(`(?<![\\w-])${shown}(?![\\w-])`).test(help),
      standing !== "hidden",
      name,
    );
  }
  const letters = keepalivedOptions.flatMap(({ letter }) => letter ?? []);
  assert.equal(new Set(letters).size, letters.length);
});

const unknown: Diagnostic = {
  code: "unknown-keyword",
  severity: "error",
  message: 'Unknown keyword "prioritty"',
  span: { file: "/etc/a.conf", line: 12, column: 5, length: 9 },
  hint: 'did you mean "priority"?',
};

test("-t puts the line number in front, and the file when there are several", () => {
  assert.deepEqual(renderLines([unknown], "/etc/a.conf"), [
    '(Line 12) Unknown keyword "prioritty" (did you mean "priority"?)',
  ]);
  const included: Diagnostic = {
    ...unknown,
    span: { file: "/etc/b", line: 1, column: 1, length: 1 },
  };
  const [first, second] = renderLines([unknown, included], "/etc/a.conf");
  assert.match(first ?? "", /^\(\/etc\/a\.conf: Line 12\) /);
  assert.match(second ?? "", /^\(\/etc\/b: Line 1\) /);
});
