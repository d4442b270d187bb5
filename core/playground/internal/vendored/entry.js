// What the playground takes from its libraries. Everything else is left out of the file.
import htm from "htm";
import { h } from "preact";
import {
  CODE_FENCE, EQUATION_BLOCK, EQUATION_INLINE, HREF, IMAGE, LANG, LINK, RAW_URL, SRC, TABLE,
  default_add_text, default_add_token, default_end_token, default_renderer, default_set_attr,
  parser, parser_end, parser_write,
} from "streaming-markdown";

export { Component, h, render } from "preact";
export { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

export const html = htm.bind(h);
export const smd = {
  CODE_FENCE, EQUATION_BLOCK, EQUATION_INLINE, HREF, IMAGE, LANG, LINK, RAW_URL, SRC, TABLE,
  default_add_text, default_add_token, default_end_token, default_renderer, default_set_attr,
  parser, parser_end, parser_write,
};
