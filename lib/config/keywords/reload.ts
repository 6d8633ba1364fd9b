/**
 * The keywords of `global_defs` about reloads and about keepalived's dump files.
 */
import type { GlobalDraft } from "../draft.ts";
import {
  inEffect,
  nothing,
  one,
  optional,
  type Table,
  takes,
  truth,
  withoutEffect,
} from "../keyword.ts";
import { oneOf, text } from "../value.ts";

/** Where what nobody wants to read goes. */
const nowhere = "/dev/null";

const built: Table<GlobalDraft> = inEffect(
  `
reload_check_config | [<path>] | no file; /dev/null when bare
  | file for what is said of a configuration before it is applied
reload_time_file | <path> | none | file with the time of a reload to come
reload_repeat | | off | keep that file after the reload
reload_file | [<path>] | off; keepalived.reload beside the pid file when bare
  | file that is there while the configuration is read
config_save_dir | <directory> | none | copies of configuration and state around reloads
state_dump_file | <path> | keepalived.data in the directory for temporary files
  | template for the names of dump files | 2.3.3
data_use_instance | [on|off] | off | instance in the names of dump files
json_version | 1|2 | 1 | layout of the JSON dump | 2.2.8
`,
  {
    reload_check_config: takes(optional(text, nowhere), (draft, value) => {
      (draft.reload ??= {}).checkLog = value;
    }),
    reload_time_file: takes(one(text), (draft, value) => {
      (draft.reload ??= {}).timeFile = value;
    }),
    reload_repeat: takes(nothing, (draft) => {
      (draft.reload ??= {}).repeats = true;
    }),
    reload_file: takes(optional(text, ""), (draft, value) => {
      (draft.reload ??= {}).marker = value;
    }),
    config_save_dir: takes(one(text), (draft, value) => {
      (draft.reload ??= {}).saveDirectory = value;
    }),
    state_dump_file: takes(one(text), (draft, value) => {
      (draft.dump ??= {}).template = value;
    }),
    data_use_instance: takes(truth, (draft, value) => {
      (draft.dump ??= {}).usesInstance = value;
    }),
    json_version: takes(one(oneOf("1", "2")), (draft, value) => {
      const dump = draft.dump ??= {};
      if (value === "2") dump.jsonVersion = 2;
      else delete dump.jsonVersion;
    }),
  },
);

/** All of them. */
export const reloadKeywords: Table<GlobalDraft> = {
  ...built,
  ...withoutEffect(
    "keepalived reads it and goes on to write to the usual place, where its readers look",
    `
stats_dump_file | <path> | in the directory for temporary files | file of statistics | 2.3.3
json_dump_file | <path> | in the directory for temporary files | file of the JSON dump | 2.3.3
`,
  ),
};
