/**
 * Comfort for the picture of a network: pan, zoom, choose, hide, move, undo.
 *
 * The picture and all tables are there without this script. Whatever a drag does, a
 * button and a key do too.
 */
import { Board } from "./network/board.js";
import { followKeys } from "./network/keys.js";
import { followPointer } from "./network/pointer.js";
import { savePng, sendPlaces } from "./network/saving.js";
import { followTime } from "./network/time.js";
import { followTools } from "./network/tools.js";

const view = document.querySelector("[data-net-view]");
if (view) {
  const board = new Board(view);
  followTools(board, document.querySelector("[data-net-tools]"));
  followPointer(board);
  followKeys(board);
  followTime(document.querySelector("[data-net-time]"));
  sendPlaces(board, document.querySelectorAll("form[data-net-places]"));
  savePng(document.querySelector("[data-net-png]"));
}
