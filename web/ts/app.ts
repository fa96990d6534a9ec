// Every screen works without this file; each module makes one thing nicer.
import { addRows } from "./rows";
import { autosave } from "./autosave";
import { counters } from "./counter";
import { datesRead } from "./dates";
import { filters } from "./filter";
import { focusErrors, picks, printButton, shortcuts } from "./keys";
import { leaveWarning } from "./leave";
import { liveViews } from "./live";
import { screenLock } from "./lock";
import { sendOnce } from "./once";
import { outcomes } from "./outcome";
import { longWork } from "./progress";

addRows();
filters();
datesRead();
outcomes();
counters();
autosave();
liveViews();
leaveWarning();
sendOnce();
shortcuts();
picks();
printButton();
focusErrors();
screenLock();
longWork();
