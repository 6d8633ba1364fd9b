/**
 * The daemon from start to end: checks what it may do, reads its file, takes the lock, clears away
 * what a crash left, starts the guard, opens the sockets, and then turns until it is told to end.
 * Everything that can be refused is tried before anything is changed, so it never half starts.
 */
import { hostname } from "node:os";
import { type Libc, openLibc, renderOsError } from "../../../ffi/mod.ts";
import { between, inMilliseconds, type Instant } from "../../base/mod.ts";
import type { Model, Received } from "../../config/mod.ts";
import type { Level, Snapshot, Tell } from "../../engine/mod.ts";
import type { Apps, CreateApps, DaemonOptions, Signals } from "../port.ts";
import { missingCapabilities } from "./capability.ts";
import { CrashGuard, endStaleGuard } from "./crash_guard.ts";
import { EventLog } from "./event_log.ts";
import { removeHeldRouting, removeLeftovers, restoreOverrides } from "./earlier_run.ts";
import { balancerPaths, HeldFile, readHeldFile } from "./held_file.ts";
import { clearBalance, clearLeftovers } from "./leftover.ts";
import { controlOf } from "./daemon_control.ts";
import { DumpSignals } from "./dump_signals.ts";
import { MaintenanceFile } from "./maintenance_file.ts";
import { LinuxHost } from "./linux_host.ts";
import { Log } from "./log.ts";
import { eventLogPath, PidFile, runPaths } from "./run_directory.ts";
import {
  ExtraPidFiles,
  leaveTerminal,
  optionsInside,
  prepareProcess,
  usualMask,
} from "./process.ts";
import { readConfig } from "./config_reader.ts";
import type { ProcessSettings } from "./process_settings.ts";
import type { Recording } from "./recording.ts";
import { Reloader } from "./reloader.ts";
import { openRequests } from "./route_netlink.ts";
import { Servers } from "./servers.ts";
import { settleIn } from "./settling.ts";
import { notifySupervisor, reportReady } from "./supervisor.ts";

/** Exit codes of a daemon that could not start; keepalived's (behaviour 1.33). */
const exit = { ok: 0, fatal: 1, config: 2, permission: 4, noConfig: 6 } as const;

/** What a daemon gets from the command line besides its options. */
export interface DaemonParts {
  readonly createApps: CreateApps;
  readonly signals: Signals;
}

/** Runs a daemon in the foreground until it ends; resolves with the exit code. */
export async function runDaemon(options: DaemonOptions, parts: DaemonParts): Promise<number> {
  const libc = await openLibc();
  const log = new Log(libc, options);
  const missing = missingCapabilities();
  if (missing.length > 0) {
    log.write("error", `Cannot start without ${missing.join(" and ")}; run as root or grant it`);
    return exit.permission;
  }
  let prepared = await prepareProcess(libc, options);
  // It is read before the lock is taken: it may say in which namespace everything else happens.
  const config = prepared.ok ? readConfig(options) : undefined;
  const netNamespace = options.netNamespace ?? config?.model?.global.process?.netNamespace;
  if (prepared.ok) prepared = await prepareProcess(libc, { netNamespace });
  if (!prepared.ok || config === undefined) {
    log.write("error", prepared.ok ? "" : prepared.error);
    return exit.fatal;
  }
  // A file that is not there is told also where another daemon has the lock.
  if (config.model === undefined && config.daemonScripts?.startup === undefined) {
    return unusable(log, config);
  }
  const inside = netNamespace === undefined ? options : optionsInside(options, netNamespace);
  const pidFile = PidFile.take(libc, inside.runDir);
  if (!pidFile.ok) {
    log.write("error", pidFile.error);
    return exit.fatal;
  }
  using lock = pidFile.value;
  try {
    return await new Daemon(libc, log, inside).run(config, parts);
  } catch (error) {
    log.write("error", error instanceof Error ? error.message : String(error));
    return exit.fatal;
  } finally {
    void lock;
  }
}

/** Says why a file can not be used; answers the exit code. */
function unusable(log: Log, { diagnostics }: Pick<Received, "diagnostics">): number {
  log.diagnose(diagnostics);
  return diagnostics.some(({ code }) => code === "no-file") ? exit.noConfig : exit.config;
}

class Daemon {
  readonly #libc: Libc;
  readonly #log: Log;
  readonly #options: DaemonOptions;
  readonly #events: EventLog;
  #stopping = false;
  /** What runs before and after everything else. */
  #scripts: Received["daemonScripts"];
  /** There when the file says anything of the process. */
  #settings: ProcessSettings | undefined;
  #reloader: Reloader | undefined;
  /** There when somebody asked for it. */
  #recording: Recording | undefined;

  constructor(libc: Libc, log: Log, options: DaemonOptions) {
    this.#libc = libc;
    this.#log = log;
    this.#options = options;
    const complain = (level: Level, sentence: string): void => log.write(level, sentence);
    const { deathNote } = runPaths(options.runDir);
    this.#events = new EventLog({ path: eventLogPath(options), deathNote, complain });
  }

  /** From the script before everything to the script after everything. */
  async run(read: Received, parts: DaemonParts): Promise<number> {
    this.#scripts = read.daemonScripts;
    const config = await this.#beginning(read);
    const code = typeof config === "number" ? config : await this.#serve(config, parts);
    if (code === exit.ok) {
      await this.#runScript("shutdown");
      this.#say("stopped", "standin has stopped");
    }
    await this.#recording?.close();
    await this.#events.close();
    return code;
  }

  /** Scripts may make interfaces, so the file is read again when its script has run. */
  async #beginning(read: Received): Promise<Model | number> {
    // A file that can not be run must not cost the list of what an earlier crash left.
    if (read.daemonScripts?.startup === undefined) return this.#usable(read);
    const { promise: enough, resolve: stop } = Promise.withResolvers<void>();
    const ends = (): void => {
      this.#stopping = true;
      stop();
    };
    const signals = ["SIGTERM", "SIGINT"] as const;
    for (const signal of signals) process.on(signal, ends);
    await this.#runScript("startup", enough);
    for (const signal of signals) process.removeListener(signal, ends);
    return this.#stopping ? exit.ok : this.#usable(readConfig(this.#options));
  }

  async #runScript(
    which: "startup" | "shutdown",
    enough: Promise<void> = new Promise(() => {}),
  ): Promise<void> {
    const plan = this.#scripts?.[which];
    if (plan === undefined) return;
    const { runDaemonScript } = await import("./daemon_script.ts");
    this.#tell(await runDaemonScript(this.#libc, which, plan, { enough }));
  }

  async #serve(config: Model, { createApps, signals }: DaemonParts): Promise<number> {
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    this.#scripts = config.global.daemonScripts;
    await this.#applySettings(config);
    const paths = runPaths(this.#options.runDir);
    using dumps = new DumpSignals(this.#libc);
    endStaleGuard(paths.guardPid);
    const leftovers = readHeldFile(paths.held);
    using requests = openRequests(this.#libc);
    clearLeftovers(this.#libc, paths.held, requests);
    removeHeldRouting(this.#log, paths.held);
    const held = HeldFile.open(this.#libc, paths.held, (sentence) => {
      this.#log.write("warning", sentence);
    });
    if (!held.ok) throw new Error(renderOsError(held.error));
    using heldFile = held.value;
    const host = await this.#open(heldFile, resolve);
    await this.#reportAddresses(host);
    host.readTables();
    const { extraPidFiles, usualPidFile } = this.#options;
    const usual = usualPidFile === undefined ? [] : [usualPidFile];
    using pidFiles = new ExtraPidFiles([...extraPidFiles, ...usual]);
    void pidFiles;
    const guard = new CrashGuard(paths.held, paths.guardPid, heldFile.files);
    const maintenance = new MaintenanceFile(paths.maintenance);
    const until = maintenance.until(host.now());
    if (until !== undefined) host.feed({ kind: "maintenance", until });
    restoreOverrides(host, paths.held);
    host.feed({ kind: "configure", model: config, file: this.#options.configFile, changes: [] });
    removeLeftovers(host, leftovers);
    // With virtual servers the engine says what becomes of it.
    if (config.virtualServers.length === 0) clearBalance(this.#libc, balancerPaths(paths.held));
    host.turn();
    await this.#logConfig(host, config);
    const snapshot = (): Snapshot => this.#snapshot(host);
    const around = { host, log: this.#log, options: this.#options, snapshot };
    const reloader = this.#reloader = new Reloader(around, config);
    const gather = (): Promise<void> => host.gather();
    const stop = (): void => this.#stop(host);
    const control = controlOf({ host, reloader, maintenance, snapshot, stop });
    const source = { gather, snapshot, stopping: () => this.#stopping, events: this.#events };
    const servers = this.#servers(createApps(source, control), host);
    await servers.open(paths.controlSocket, config.global);
    // What people look for, pid files among it, is there by now.
    const { umask = config.global.process?.umask ?? usualMask } = this.#options;
    process.umask(umask);
    this.#watchLateness(host);
    this.#followReloads(reloader, host, servers, config);
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
    signals.answer("SIGHUP", () => void reloader.reload());
    dumps.answer(host, signals, {
      log: this.#log,
      gather,
      view: () => ({ model: reloader.model, snapshot: snapshot() }),
    });
    this.#say("started", `standin ${this.#options.version} is running, pid ${process.pid}`);
    this.#options.onReady?.();
    if (this.#options.background) leaveTerminal(this.#libc, this.#options);
    using watchdog = reportReady(this.#libc);
    void watchdog;
    settleIn(this.#libc, host, () => this.#settings);
    await stopped;
    reloader.close();
    guard.disarm();
    heldFile.remove();
    await servers.close();
    host.close();
    return exit.ok;
  }

  #servers(apps: Apps, host: LinuxHost): Servers {
    return new Servers(this.#libc, this.#log, {
      apps,
      turn: () => host.turn(),
      complain: (sentence) => this.#say("status-off", sentence, "warning"),
    });
  }

  #followReloads(reloader: Reloader, host: LinuxHost, servers: Servers, first: Model): void {
    reloader.onRefused = (sentence) => this.#say("reload-refused", sentence, "error");
    reloader.onModel = (model) => {
      this.#scripts = model.global.daemonScripts;
      void servers.follow(model.global);
      this.#tellOtherNamespace(first, model);
      void this.#applySettings(model).then(() => this.#watchLateness(host));
      void this.#logConfig(host, model);
    };
  }

  #tell(told: Tell): void {
    this.#log.tell(told);
    this.#events.tell(told);
  }

  #say(event: string, message: string, level: Level = "notice"): void {
    this.#log.write(level, message);
    this.#events.note(event, level, message);
  }

  /** The model, or the exit code when the file can not be used. */
  #usable({ model, diagnostics }: Received): Model | number {
    if (model === undefined) return unusable(this.#log, { diagnostics });
    this.#log.diagnose(diagnostics);
    return model;
  }

  /** The mask of the command line wins; most files say nothing of all this, and load nothing. */
  async #applySettings({ global: { process: plan } }: Model): Promise<void> {
    if (plan === undefined && this.#settings === undefined) return;
    if (this.#settings === undefined) {
      const { ProcessSettings } = await import("./process_settings.ts");
      this.#settings = new ProcessSettings(this.#libc, this.#log);
    }
    const { umask } = this.#options;
    this.#settings.apply(umask === undefined ? plan : { ...plan, umask });
  }

  #tellOtherNamespace({ global: before }: Model, { global: after }: Model): void {
    const { netNamespace } = after.process ?? {};
    if (before.process?.netNamespace === netNamespace) return;
    if (this.#options.netNamespace !== undefined) return;
    const where = netNamespace === undefined ? "" : ` ${netNamespace}`;
    const message = `net_namespace${where} counts at the next start; this daemon stays where it is`;
    this.#log.write("warning", message);
  }

  /** `-d`: what is configured stands in the log, in the words of the dump files. */
  async #logConfig(host: LinuxHost, model: Model): Promise<void> {
    if (this.#options.logsConfig !== true) return;
    const { bfdDataPieces, checkDataPieces, dataPieces } = await import("../../dump/mod.ts");
    const view = { model, snapshot: this.#snapshot(host) };
    const all = [dataPieces, checkDataPieces, bfdDataPieces];
    const text = all.flatMap((pieces) => [...pieces(view)]).join("");
    for (const line of text.trimEnd().split("\n")) this.#log.write("info", line);
  }

  async #open(held: HeldFile, onStopped: () => void): Promise<LinuxHost> {
    const { record, version } = this.#options;
    if (record !== undefined) {
      const { beginRecording } = await import("./recording.ts");
      const complain = (level: Level, sentence: string): void => this.#log.write(level, sentence);
      this.#recording = await beginRecording(this.#libc, version, { ...record, complain });
    }
    const decider = this.#recording === undefined ? {} : { decider: this.#recording.decider };
    return new LinuxHost(this.#libc, {
      held,
      tell: (told) => this.#tell(told),
      onStopped,
      ...decider,
    });
  }

  /** `-a`: most daemons are not asked to. */
  async #reportAddresses(host: LinuxHost): Promise<void> {
    if (this.#options.reportsAddresses !== true) return;
    const { reportAddresses } = await import("./address_report.ts");
    host.onKernel = (event) => {
      const lines = reportAddresses(event, (ifIndex) => host.nameOf(ifIndex));
      for (const line of lines) this.#log.write("info", line);
    };
  }

  #watchLateness(host: LinuxHost): void {
    const settings = this.#settings;
    if (settings !== undefined) host.onLate = (by) => settings.late(by);
  }

  #stop(host: LinuxHost): void {
    if (this.#stopping) return;
    this.#stopping = true;
    notifySupervisor(this.#libc, "STOPPING=1");
    if (this.#options.dontReleaseVrrp) host.abandon();
    else host.feed({ kind: "stop", ...(this.#options.dontReleaseIpvs ? { keepIpvs: true } : {}) });
  }

  #snapshot(host: LinuxHost): Snapshot {
    const now = host.now();
    const wall = Date.now();
    const isoTime = (at: Instant): string =>
      new Date(wall - inMilliseconds(between(at, now))).toISOString();
    const { version } = this.#options;
    const refused = this.#reloader?.refused;
    const snapshot = host.engine.snapshot({ version, pid: process.pid, isoTime, refused });
    return snapshot.node === "" ? { ...snapshot, node: hostname() } : snapshot;
  }
}
