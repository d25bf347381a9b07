/**
 * The one script of the site. Every page works without it; it only adds comfort.
 */
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll,
} from "govuk-frontend";

import { slideDays } from "./days.js";
import { saveDrafts } from "./drafts.js";
import { foldFiltersOnSmallScreens } from "./filters.js";
import { guardUnsavedForms, submitOnce } from "./forms.js";
import { onFragment } from "./fragments.js";
import { offerPrint } from "./print.js";
import { addRows } from "./rows.js";
import { listenForShortcuts } from "./shortcuts.js";

const COMPONENTS = [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
];

/** Start every component inside `scope`; one that already runs is left alone. */
function start(scope) {
  for (const Component of COMPONENTS) {
    createAll(Component, undefined, {
      scope,
      onError: (error) => {
        if (error.name !== "InitError") console.error(error);
      },
    });
  }
}

start(document);
guardUnsavedForms();
submitOnce();
addRows();
saveDrafts();
foldFiltersOnSmallScreens();
offerPrint();
slideDays();
listenForShortcuts();
onFragment(start);

// Two minutes before the session would end, and only then, what asks about that is loaded.
const idle = Number(document.body.dataset.idle);
if (idle) setTimeout(() => import("./stay.js"), (idle - 120) * 1000);
