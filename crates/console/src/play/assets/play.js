// Where everything begins: clocks, actions, opened messages, and the stream of what happens.
import { listen } from "/play/actions.js";
import { localize, tick } from "/play/clocks.js";
import { openMessages } from "/play/opened.js";
import { choosePictures } from "/play/picture.js";
import { follow } from "/play/stream.js";

localize(document);
tick();
listen();
choosePictures();
openMessages();
follow();
document.documentElement.dataset.ready = "";
