/**
 * The keywords of `vrrp_sync_group`.
 */
import { keepNotify } from "../notify_lines.ts";
import type { GroupDraft } from "../draft.ts";
import { children, inEffect, keeping, plain, type Table, takes } from "../keyword.ts";

/** The keywords of `vrrp_sync_group`. */
export const groupKeywords: Table<GroupDraft> = {
  ...inEffect<GroupDraft>(
    "group | {…} | required | the instances that change their state together, by their names",
    {
      group: takes(children, (draft, lines) => {
        for (const line of lines) {
          for (const word of [line.keyword, ...line.args]) {
            draft.members.push({ value: word.text, place: word.place });
          }
        }
      }),
    },
  ),
  ...keeping(
    plain(`
track_interface | {…} | none | interfaces that matter to all members
track_script | {…} | none | scripts that matter to all members
track_file | {…} | none | files that matter to all members
track_process | {…} | none | processes that matter to all members
track_bfd | {…} | none | BFD sessions that matter to all members
track_probe | {…} | none | probes that matter to all members | standin
`),
    (draft, block) => void draft.tracks.push(block),
  ),
  ...keeping(
    plain("resources | {…} | none | what is started where all members are master | standin"),
    (draft, block) => void (draft.resources ??= []).push(block),
  ),
  ...keeping(
    plain(`
global_tracking | | off | older spelling of sync_group_tracking_weight | 2.2.7
  | sync_group_tracking_weight
sync_group_tracking_weight | | off | members may track with weights of their own
`),
    (draft) => {
      draft.trackingWeight = true;
    },
  ),
  ...keeping(
    plain(`
notify_backup | <script> | none | run when the group goes to BACKUP
notify_master | <script> | none | run when the group goes to MASTER
notify_fault | <script> | none | run when the group goes to FAULT
notify_stop | <script> | none | run at the end
notify | <script> | none | run on every change, with GROUP, name, state and 0 after it
notify_priority_changes | [on|off] | global value | changes of priority on the FIFOs
smtp_alert | [on|off] | smtp_alert_vrrp, else smtp_alert, else off | mail on changes
`),
    keepNotify,
  ),
};
