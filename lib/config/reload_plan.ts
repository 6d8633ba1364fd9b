/**
 * What a file says of reloads, and of the files that the daemon writes for those who read
 * keepalived's dumps. A setting is absent when nobody said it.
 */
import type { Words } from "./words.ts";

/** What happens around a reload. */
export interface ReloadPlan {
  /** `reload_check_config`: the file for what is said of a configuration before it is applied. */
  readonly checkLog?: string;
  /** `reload_time_file`: the file whose first line is the time of a reload to come. */
  readonly timeFile?: string;
  /** `reload_repeat`: that file stays after the reload. */
  readonly repeats?: true;
  /** `reload_file`: there while a configuration is read; empty for the usual place. */
  readonly marker?: string;
  /** `config_save_dir`: the directory for copies of the configuration and the state. */
  readonly saveDirectory?: string;
}

/** The same while it is being read. */
export type ReloadDraft = { -readonly [Key in keyof ReloadPlan]?: ReloadPlan[Key] };

/** How dump files are called and laid out. */
export interface DumpPlan {
  /** `state_dump_file`: a template; the process and the instance go before its last dot. */
  readonly template?: string;
  /** `data_use_instance`: the network namespace and the instance are in the names. */
  readonly usesInstance?: boolean;
  /** `instance`: the name of this daemon among several. */
  readonly instance?: string;
  /** `json_version`; absent is 1. */
  readonly jsonVersion?: 2;
}

/** The same while it is being read. */
export type DumpDraft = { -readonly [Key in keyof DumpPlan]?: DumpPlan[Key] };

/** Both in the words of the configuration. */
export function reloadWords(reload: ReloadPlan = {}, dump: DumpPlan = {}): Words {
  const marker = reload.marker === "" ? "keepalived.reload" : reload.marker;
  return [
    ["reload_check_config", reload.checkLog ?? "no file"],
    ["reload_time_file", reload.timeFile ?? "none"],
    ["reload_repeat", reload.repeats === true ? "on" : "off"],
    ["reload_file", marker ?? "off"],
    ["config_save_dir", reload.saveDirectory ?? "none"],
    ["state_dump_file", dump.template ?? "keepalived.data"],
    ["instance", dump.instance ?? "none"],
    ["data_use_instance", dump.usesInstance === true ? "on" : "off"],
    ["json_version", String(dump.jsonVersion ?? 1)],
  ];
}
