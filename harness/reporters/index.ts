/** The formats of a report: an explicit list. */
import { github } from './github.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Reporter } from './reporter.ts';

export const reporters: readonly Reporter[] = [html, junit, markdown, json, github];
