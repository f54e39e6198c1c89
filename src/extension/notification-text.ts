// What a notification says of what came from elsewhere. VS Code makes links of "[text](target)" in notifications, of commands
// too: the message of an error, or a name in a trace, must make none.

import { visibleLines } from "../base/visible.ts";

export function notificationText(text: string): string {
  return visibleLines(text).replaceAll("](", "] (");
}
