/**
 * The keywords of `vrrp_sync_group`.
 */
import type { GroupDraft } from "../draft.ts";
import { blockOf, inEffect, notYetTable, type Table } from "../keyword.ts";

const later: Table<unknown> = notYetTable(`
track_interface | {…} | interfaces that matter to all members
track_script | {…} | scripts that matter to all members
track_file | {…} | files that matter to all members
track_process | {…} | processes that matter to all members
track_bfd | {…} | BFD sessions that matter to all members
notify_backup | <script> [<user> [[:]<group>]] | run when the group goes to BACKUP
notify_master | <script> [<user> [[:]<group>]] | run when the group goes to MASTER
notify_fault | <script> [<user> [[:]<group>]] | run when the group goes to FAULT
notify_stop | <script> [<user> [[:]<group>]] | run at the end
notify | <script> [<user> [[:]<group>]] | run on every change
smtp_alert | [<bool>] | mail on changes
global_tracking | | older spelling of sync_group_tracking_weight
sync_group_tracking_weight | | members may track with weights of their own
notify_priority_changes | [<bool>] | changes of priority on the FIFOs
`);

/** The keywords of `vrrp_sync_group`. */
export const groupKeywords: Table<GroupDraft> = {
  group: inEffect(
    blockOf("{ <instance> … }"),
    "the instances that change their state together",
    (draft, lines) => {
      for (const line of lines) {
        for (const word of [line.keyword, ...line.args]) {
          draft.members.push({ value: word.text, place: word.place });
        }
      }
    },
  ),
  ...later,
};
