/**
 * A command line that was understood: one variant for each command, with what was said about it.
 */
import type { CheckArguments } from "./check.ts";
import type { ConvertArguments } from "./convert.ts";
import type { DigestArguments } from "./digest.ts";
import type { SimulateArguments } from "./simulate.ts";
import type { DoctorArguments } from "./doctor.ts";
import type { InitArguments } from "./init.ts";
import type { SniffArguments } from "./sniff.ts";
import type { EventsArguments } from "./events.ts";
import type { FailoverArguments } from "./failover.ts";
import type { FmtArguments } from "./fmt.ts";
import type { ServiceKind } from "./install/service.ts";
import type { MaintenanceArguments } from "./maintenance.ts";
import type { CompletedShell } from "./names.ts";
import type { ReplayArguments } from "./replay.ts";
import type { RunArguments } from "./run_arguments.ts";
import type { ServerArguments } from "./server.ts";

/** A command with its options. */
export type CommandLine =
  | ({ readonly kind: "run" } & RunArguments)
  | ({ readonly kind: "check" } & CheckArguments)
  | {
    readonly kind: "plan";
    readonly file: string | undefined;
    readonly runDir: string | undefined;
    readonly json: boolean;
  }
  | { readonly kind: "reload"; readonly runDir: string | undefined; readonly json: boolean }
  | ({ readonly kind: "failover" } & FailoverArguments)
  | ({ readonly kind: "maintenance" } & MaintenanceArguments)
  | ({ readonly kind: "server" } & ServerArguments)
  | { readonly kind: "stop"; readonly runDir: string | undefined; readonly json: boolean }
  | {
    readonly kind: "status";
    readonly name: string | undefined;
    readonly watch: boolean;
    readonly runDir: string | undefined;
    readonly json: boolean;
  }
  | ({ readonly kind: "events" } & EventsArguments)
  | ({ readonly kind: "fmt" } & FmtArguments)
  | ({ readonly kind: "convert" } & ConvertArguments)
  | { readonly kind: "schema"; readonly json: boolean }
  | ({ readonly kind: "digest" } & DigestArguments)
  | ({ readonly kind: "simulate" } & SimulateArguments)
  | ({ readonly kind: "replay" } & ReplayArguments)
  | ({ readonly kind: "sniff" } & SniffArguments)
  | ({ readonly kind: "init" } & InitArguments)
  | ({ readonly kind: "doctor" } & DoctorArguments)
  | {
    readonly kind: "explain";
    /** An instance, or the word keyword before a name. */
    readonly what: string;
    readonly name: string | undefined;
    readonly runDir: string | undefined;
    readonly json: boolean;
  }
  | { readonly kind: "demo"; readonly stay: boolean; readonly json: boolean }
  | {
    readonly kind: "install";
    readonly system: ServiceKind | undefined;
    readonly root: string | undefined;
    readonly printOnly: boolean;
    readonly json: boolean;
  }
  | { readonly kind: "uninstall"; readonly root: string | undefined; readonly json: boolean }
  | { readonly kind: "completion"; readonly shell: CompletedShell }
  | { readonly kind: "man" };
