/**
 * The options of keepalived as standin takes them: every one that keepalived 2.2 to 2.4 knows, so
 * that no unit file or script has to change. `standing` says what becomes of an option here; an
 * option that can have no effect in one process is taken without a word, one whose feature is
 * still to come is named in a warning.
 */
import type { OptionSpec } from "./getopt.ts";

/** What becomes of an option. */
export type Standing =
  | "works"
  /** It is about keepalived's way to be several processes, or about debugging its code. */
  | "needless"
  /** The feature behind it is not built yet. */
  | "unbuilt"
  /** Ours, not keepalived's. */
  | "own"
  /** Ours, and not for people. */
  | "hidden";

/** An option with its line of help. */
export interface KeepalivedOption extends OptionSpec {
  readonly standing: Standing;
  /** As it stands in the help. */
  readonly synopsis: string;
  readonly help: string;
}

/** The long option with which a daemon in the background is started by its parent. */
export const backgroundChildOption = "standin-background-child";

/** All options, in the order of the help. */
export const keepalivedOptions: readonly KeepalivedOption[] = [
  option("works", "-f, --use-file=FILE", "Configuration to use"),
  option("works", "-n, --dont-fork", "Stay in the foreground"),
  option("works", "-l, --log-console", "Log to standard error as well"),
  option("works", "-D, --log-detail", "Log more; twice for everything"),
  option("works", "-S, --log-facility=FACILITY", "0 to 7, local0 to local7, user or daemon"),
  option("works", "-G, --no-syslog", "Do not log to syslog"),
  option("works", "-g, --log-file[=FILE]", "Log to this file as well"),
  option("works", "-t, --config-test[=LOG]", "Check the configuration and end"),
  option("works", "-i, --config-id=ID", "What lines that begin with @ are compared with"),
  option("works", "-e, --all-config", "A file to include that is missing is an error"),
  option("works", "-p, --pid=FILE", "Write a pid file here"),
  option("works", "-r, --vrrp_pid=FILE", "Write one here too"),
  option("works", "-c, --checkers_pid=FILE", "Write one here too"),
  option("works", "-b, --bfd_pid=FILE", "Write one here too"),
  option("works", "-P, --vrrp", "Only run VRRP"),
  option("works", "-C, --check", "Only run the health checkers"),
  option("works", "-B, --no_bfd", "Do not run BFD"),
  option("works", "-V, --dont-release-vrrp", "Leave addresses and routes behind at the end"),
  option("works", "-I, --dont-release-ipvs", "Leave virtual servers behind at the end"),
  option("works", "-s, --namespace=NAME", "Run in this network namespace"),
  option("works", "-u, --umask=MASK", "Mask for the files that are created"),
  option("works", "-d, --dump-conf", "Log what is configured"),
  option("works", "-a, --address-monitoring", "Log all addresses that come and go"),
  option("works", "-T, --genhash", "First of all: print the digest of a web page; -T -h"),
  option("works", "--signum=NAME", "Print the number of a signal: STOP, RELOAD, DATA, STATS…"),
  option("works", "-v, --version", "Print the version and end"),
  option("works", "-h, --help", "Print this and end"),
  option("own", "--run-dir=DIR", "Directory of the pid file and the control socket"),
  option("own", "--log-format=FORMAT", "How log lines look: text or json"),
  option("unbuilt", "-x, --snmp", "SNMP"),
  option("unbuilt", "-A, --snmp-agent-socket=FILE", "Socket of the SNMP master agent"),
  option("needless", "-X, --release-vips", "Addresses are deleted, whoever set them"),
  option("needless", "-R, --dont-respawn", "There are no children to start again"),
  option("needless", "--all", "There are no children to start"),
  option("needless", "-m, --core-dump", "No core files"),
  option("needless", "-M, --core-dump-pattern[=PATTERN]", "No core files"),
  option("needless", "--flush-log-file", "The log is not buffered"),
  option("needless", "--ignore-sigint", "For debuggers of keepalived"),
  option("needless", "--mem-check", "For debuggers of keepalived"),
  option("needless", "--no-mem-check", "For debuggers of keepalived"),
  option("needless", "-L, --mem-check-log", "For debuggers of keepalived"),
  option("needless", "--debug[=WHAT]", "For debuggers of keepalived"),
  option("needless", "--perf[=WHAT]", "For debuggers of keepalived"),
  option("needless", "--config-fd=FD", "How keepalived starts itself again"),
  option("hidden", `--${backgroundChildOption}`, "Tell the parent when ready"),
];

/** The number that `--signum` prints (Linux on every processor of ours). */
export const signalNumbers: Readonly<Record<string, number>> = {
  RELOAD: 1,
  DATA: 10,
  STATS: 12,
  STOP: 15,
  // SIGRTMIN + 2, SIGRTMAX - 1 and SIGRTMAX of the GNU C library.
  JSON: 36,
  STATS_CLEAR: 63,
  TDUMP: 64,
};

/** Help about keepalived's options. */
export function keepalivedHelp(): string {
  const lines = keepalivedOptions
    .filter(({ standing }) => standing === "works" || standing === "own")
    .map(({ synopsis, letter, help }) => {
      const aligned = letter === undefined ? `    ${synopsis}` : synopsis;
      return `  ${aligned.padEnd(30)} ${help}`;
    });
  return [
    "Usage: standin [OPTION...]",
    "The options of keepalived. For everything else: standin --help",
    "",
    ...lines,
    "",
    `Taken, without effect in one process: ${shortest("needless")}`,
    `Taken, not built yet: ${shortest("unbuilt")}`,
  ].join("\n");
}

function shortest(standing: Standing): string {
  return keepalivedOptions.filter((option) => option.standing === standing)
    .map(({ name, letter }) => letter === undefined ? `--${name}` : `-${letter}`).join(" ");
}

/**
 * An option from the way it is written in help texts: `-g, --log-file[=FILE]`. Without a pattern,
 * because every start of keepalived's kind comes through here and none has compiled anything yet.
 */
function option(standing: Standing, synopsis: string, help: string): KeepalivedOption {
  const start = synopsis.indexOf("--") + 2;
  const bracket = synopsis.indexOf("[");
  const equals = synopsis.indexOf("=");
  const end = bracket < 0 ? equals : bracket;
  const name = synopsis.slice(start, end < 0 ? undefined : end);
  const value = equals < 0 ? "none" : bracket < 0 ? "required" : "optional";
  const spec: KeepalivedOption = { name, value, standing, synopsis, help };
  return start === 2 ? spec : { ...spec, letter: synopsis.charAt(1) };
}
