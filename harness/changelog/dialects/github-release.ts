/** The notes that GitHub writes for a release: `## What's Changed`, `* title by @who in URL`; titles are free text. */
import { type Dialect, markdownOfOneRelease } from './dialect.ts';

export const githubRelease: Dialect = {
  name: 'github-release',
  recognises: ({ text }) =>
    /^#{1,3} What['’]s Changed/im.test(text) || /^[-*] .{1,300} by @[\w[\]-]{1,50} in https:\/\//m.test(text),
  parse: markdownOfOneRelease,
};
